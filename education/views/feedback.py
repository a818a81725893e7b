"""“Was this page helpful?”, asked below every article and answered without a cookie, account or script."""

from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

from education.actions import explain_feedback, give_feedback
from education.feedback_form import AnswerForm, WhyForm
from education.models import Revision
from gutskin.cross_site import is_cross_site
from gutskin.form_recovery import recover_form
from gutskin.http_methods import require_http_methods, require_safe
from gutskin.proxy import client_address
from gutskin.rate_limits import TooManyRequests
from gutskin.red_flags import advice_on

# These pages show what one reader typed, so no cache may keep them for another.
kept_nowhere = cache_control(no_store=True, private=True)


def _give_unavailable(request):
    """The database does not answer, so this must not query it."""
    return _question_page(request, None, trouble="unavailable")


def _why_unavailable(request):
    was_typed_here = request.method == "POST" and not is_cross_site(request)
    return _why_page(request, WhyForm(request.POST if was_typed_here else None), None, trouble="unavailable")


# CSRF-exempt: articles are cached and the same for everybody, so they cannot contain a visitor's token. An answer
# belongs to no account and changes nothing for its sender; requests from other sites are refused all the same.
@recover_form(unavailable=_give_unavailable)
@csrf_exempt
@kept_nowhere
@require_http_methods(["GET", "HEAD", "POST"])
def feedback_give(request, pk):
    """The answer from below an article. “Yes” is enough; “no” leads to the question why."""
    revision = _public_revision(pk)
    if request.method != "POST":
        return _question_page(request, revision)
    if is_cross_site(request):
        return _question_page(request, revision, trouble="elsewhere", status=403)
    form = AnswerForm(request.POST)
    if form.is_bot:
        return _question_page(request, revision, trouble="program")
    if not form.is_valid():
        return _question_page(request, revision, trouble="unclear", status=400)
    is_helpful = form.cleaned_data["helpful"] == "yes"
    try:
        give_feedback(revision, is_helpful=is_helpful, address=client_address(request))
    except TooManyRequests as error:
        return error.apply_to(_question_page(request, revision, trouble="too_many", again_at=error.again_at))
    return _redirect("feedback-thanks" if is_helpful else "feedback-why", pk)


@recover_form(unavailable=_why_unavailable, accepts_nul=True)
@csrf_exempt  # for the same reasons as above
@sensitive_post_parameters()
@kept_nowhere
@require_http_methods(["GET", "HEAD", "POST"])
def feedback_why(request, pk):
    """What was wrong: a reason and the reader's own words. The “no” itself has already been counted."""
    revision = _public_revision(pk)
    if request.method != "POST":
        return _why_page(request, WhyForm(), revision)
    if is_cross_site(request):
        # An empty form: the reader did not type what another site sent.
        return _why_page(request, WhyForm(), revision, trouble="elsewhere", status=403)
    form = WhyForm(request.POST)
    if form.is_bot:
        return _why_page(request, form, revision, trouble="program")
    if not form.is_valid():
        return _why_page(request, form, revision, status=400)
    advice = advice_on(form.cleaned_data["words"])
    if advice and not advice.was_read(form.cleaned_data["advice_read"]):
        return _why_page(request, form, revision, advice=advice)
    try:
        explain_feedback(revision, address=client_address(request), **form.answer)
    except TooManyRequests as error:
        limited = {"trouble": "too_many", "again_at": error.again_at, "advice": advice}
        return error.apply_to(_why_page(request, form, revision, **limited))
    return _redirect("feedback-thanks", pk)


@kept_nowhere
@require_safe
def feedback_thanks(request, pk):
    return render(request, "education/feedback_thanks.html", {"page": _public_page(_public_revision(pk))})


def _public_revision(pk):
    """A revision that is or has been public: a reader may have had the page open when the next one was published."""
    seen = Revision.objects.filter(published_at__isnull=False).select_related("article__live")
    return get_object_or_404(seen, pk=pk)


def _public_page(revision):
    """The article, or None if it has been taken down."""
    return revision.article if revision is not None and revision.article.is_published else None


def _question_page(request, revision, *, trouble="", status=200, **context):
    context |= {"revision": revision, "page": _public_page(revision), "trouble": trouble, "action": request.path}
    return render(request, "education/feedback_question.html", context, status=status)


def _why_page(request, form, revision, *, trouble="", status=200, **context):
    has_errors = bool(trouble) or (form.is_bound and bool(form.errors))
    context |= {"form": form, "page": _public_page(revision), "trouble": trouble, "has_errors": has_errors}
    return render(request, "education/feedback_why.html", context, status=status)


def _redirect(name, pk):
    """Redirect with 303, so that the next page is fetched with GET and a reload sends nothing twice."""
    return HttpResponseRedirect(reverse(f"education:{name}", args=[pk]), status=303)
