"""The form on which a patient requests a consultation, and the advice page before a request with warning signs."""

from django.http import QueryDict
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.views.decorators.debug import sensitive_post_parameters

from consultations.actions import ChangedSinceSent, submit_inquiry
from consultations.forms.inquiry import InquiryForm
from consultations.forms.photos import PhotoAnswer
from consultations.forms.status import CodeForm, MessageForm
from consultations.forms.topics import topics_for
from consultations.photos.upload import draft_answer, takes_photos
from consultations.queue import reply_times
from consultations.red_flags import (
    CHOICES,
    TEXTS,
    acknowledgement,
    advice_for,
    find_red_flags,
    find_red_flags_in_search,
    is_acknowledged,
)
from consultations.status.answers import decrypted_or_none
from consultations.views.received import browser_secret, redirect_to_receipt
from gutskin.cross_site import is_cross_site
from gutskin.form_recovery import recover_form
from gutskin.http_methods import require_http_methods
from gutskin.large_forms import shortened
from gutskin.proxy import client_address
from gutskin.rate_limits import TooManyRequests


def _unavailable(request):
    """The database is not available: nothing here may query it."""
    is_ours = request.method == "POST" and not is_cross_site(request)
    form = InquiryForm(request.POST if is_ours else None, topics=None)
    form.show_photos(PhotoAnswer(photos=None))
    return _form_page(request, form, problem="unavailable", status=503)


def _csrf_failed(request):
    if is_cross_site(request):
        # An empty form with a new key: the other website may know the posted one, and the key opens the photos.
        return _form_page(request, InquiryForm(topics=topics_for()), status=403)
    form = InquiryForm(request.POST, topics=_topics(request))
    # An expired token stops no photo: the form's key is the permission, and no cookie adds to it.
    form.show_photos(draft_answer(request, form.key_sent))
    return _form_page(request, form, problem="stale", status=403)


def _too_large(request):
    if is_cross_site(request):
        return _form_page(request, InquiryForm(topics=topics_for()))
    form = InquiryForm(shortened(request.POST), topics=_topics(request))
    form.show_photos(draft_answer(request, form.key_sent))
    return _form_page(request, form, problem="too_large")


@recover_form(unavailable=_unavailable, csrf_failed=_csrf_failed, too_large=_too_large)
@takes_photos
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def inquiry_create(request):
    if request.method != "POST":
        topic = request.GET.get("topic", "")
        form = InquiryForm(topics=topics_for(topic), topic=topic)
        return _form_page(request, form, usual=reply_times.kept_reply_times())
    # Lazy: a form that is stored at once shows no list of topics.
    form = InquiryForm(request.POST, topics=SimpleLazyObject(lambda: _topics(request)))
    # Photos first: whatever is wrong with the other answers, a photo that was sent is not lost.
    photos = draft_answer(request, form.key_sent)
    form.show_photos(photos)
    if form.is_bot:
        return _form_page(request, form, problem="is_bot")
    if photos.is_step or form.is_finding or "change" in request.POST or not form.is_valid():
        return _form_page(request, form)
    signs = find_red_flags(form.answers)
    if not is_acknowledged(signs, form.cleaned_data["advice_read"]):
        return _advice_page(request, form, signs)
    # Before storing, so that a failing query cannot leave a stored request without its receipt.
    usual = reply_times.kept_reply_times()
    try:
        inquiry = submit_inquiry(
            key=form.key_sent,
            condition=form.cleaned_data["topic"],
            answers=form.answers,
            address=client_address(request),
            browser=browser_secret(request),
            signs=signs,
            pin=form.cleaned_data["pin"],
            stores_changed="second" in request.POST,
        )
    except ChangedSinceSent as error:
        return _second_page(request, form, error.earlier)
    except TooManyRequests as error:
        return error.apply_to(_form_page(request, form, problem="too_many", again_at=error.again_at))
    return redirect_to_receipt(request, inquiry, usual, photos_left_out=inquiry.photos_left_out)


def _topics(request):
    """What the form that was sent offers: also what was chosen, and what was found."""
    return topics_for(request.POST.get("topic", ""), request.POST.get("topic_words", "").strip())


def _form_page(request, form, *, problem="", status=200, **context):
    has_errors = bool(problem) or (form.is_bound and bool(form.errors))
    signs = _red_flags_typed(form) if problem and form.is_bound else find_red_flags_in_search(form.topic_words)
    advice = advice_for(signs)
    context |= {"form": form, "problem": problem, "has_errors": has_errors, "advice": advice}
    return render(request, "consultations/inquiry_form.html", context, status=status)


def _red_flags_typed(form):
    """In what was typed, valid or not: whatever keeps it from being stored, no one at the clinic reads it."""
    typed = shortened(form.data)
    answers = {name: ",".join(typed.getlist(name)) for name in [*TEXTS, *CHOICES]}
    # The words of the search for a topic are no answer, but may be a cry for help as well.
    answers["question"] += f"\n{typed.get('topic_words', '')}"
    return find_red_flags(answers)


def _second_page(request, form, earlier):
    """The patient went back after sending and changed something: is it a new request, or words for the first one?"""
    texts = [name for name in TEXTS if form.answers[name] and form.answers[name] != decrypted_or_none(earlier, name)]
    message = QueryDict(mutable=True)
    message["text"] = "\n\n".join(form.answers[name] for name in texts)
    context = {
        "form": form,
        "earlier": earlier,
        "code_form": CodeForm(auto_id="code_%s"),
        "unsent": MessageForm(message) if message["text"] else None,
        "stops_mail": earlier.takes_mail and not form.answers["email"],
    }
    return render(request, "consultations/second_request.html", context)


def _advice_page(request, form, signs):
    """Advice about the warning signs. The patient reads it, and then can send the request all the same."""
    context = {"form": form, "advice": advice_for(signs), "acknowledgement": acknowledgement(signs)}
    return render(request, "consultations/advice.html", context)
