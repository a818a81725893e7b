import uuid

from django.conf import settings
from django.db.models import Q
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from consultations.actions import submit_inquiry
from consultations.forms import SLUG, InquiryForm
from education.models import Article, Kind
from gutskin.rate_limits import TooManyRequests, client_address

RECEIPT_COOKIE = "receipt"
RECEIPT_SECONDS = 60 * 60


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def inquiry_create(request):
    if request.method != "POST":
        topic = request.GET.get("topic", "")
        return _form_page(request, InquiryForm(topics=_topics(topic), topic=topic))
    form = InquiryForm(request.POST, topics=_topics(request.POST.get("topic", "")))
    if form.caught_a_program:
        return _form_page(request, form, trouble="program")
    if not form.is_valid():
        return _form_page(request, form)
    try:
        inquiry = submit_inquiry(
            key=uuid.UUID(form.cleaned_data["key"]),
            condition=form.cleaned_data["topic"],
            answers=form.answers,
            address=client_address(request),
        )
    except TooManyRequests as error:
        response = _form_page(request, form, trouble="too_many", again_at=error.again_at, status=429)
        response.headers["Retry-After"] = str(int((error.again_at - timezone.now()).total_seconds()) + 1)
        return response
    return _thank(inquiry)


def _when_unavailable(request):
    """The database does not answer: nothing here may ask it."""
    form = InquiryForm(request.POST if request.method == "POST" else None, topics=None)
    return _form_page(request, form, trouble="unavailable", status=503)


def _when_csrf_fails(request):
    form = InquiryForm(request.POST, topics=_topics(request.POST.get("topic", "")))
    return _form_page(request, form, trouble="stale", status=403)


inquiry_create.when_unavailable = _when_unavailable
inquiry_create.when_csrf_fails = _when_csrf_fails
inquiry_create.refuses_nul_itself = True


@require_safe
def inquiry_received(request):
    """The reference comes in a signed cookie: no session, nothing in the address, no question to the database."""
    receipt = request.get_signed_cookie(RECEIPT_COOKIE, default="", salt=RECEIPT_COOKIE, max_age=RECEIPT_SECONDS)
    reference, _, reply_by = receipt.partition("~")
    context = {"reference": reference, "reply_by": parse_date(reply_by) if reply_by else None}
    return render(request, "consultations/received.html", context)


def _topics(also):
    """The published conditions, and whatever article somebody came from."""
    asked = Q(kind=Kind.CONDITION)
    if SLUG.fullmatch(also):
        asked |= Q(slug=also)
    articles = Article.objects.published().in_language(get_language()).filter(asked).select_related("live")
    articles = articles.only("slug", "live__title")
    return {article.slug: article for article in sorted(articles, key=lambda article: article.live.title)}


def _form_page(request, form, *, trouble="", status=200, **context):
    has_errors = bool(trouble) or (form.is_bound and bool(form.errors))
    context |= {"form": form, "trouble": trouble, "has_errors": has_errors}
    return render(request, "consultations/inquiry_form.html", context, status=status)


def _thank(inquiry):
    response = redirect("consultations:inquiry-received")
    response.set_signed_cookie(
        RECEIPT_COOKIE,
        f"{inquiry.reference}~{timezone.localdate(inquiry.due_at)}",
        salt=RECEIPT_COOKIE,
        max_age=RECEIPT_SECONDS,
        path="/consult/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
