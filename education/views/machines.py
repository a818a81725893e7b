"""Files that machines look for at addresses of their own."""

from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone

from education.addresses import absolute
from education.feeds import ArticleFeed
from education.views.public import public_page

# RFC 9116 wants less than a year. Whole days, so that the file stays the same all day.
SECURITY_TXT_DAYS = 180

feed = public_page(ArticleFeed())


@public_page
def robots(request):
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /consult/received/",
        "Disallow: /search/",
        f"Sitemap: {absolute(reverse('education:sitemap'))}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain")


@public_page
def security_txt(request):
    """Whom to tell of a hole (RFC 9116). Without a contact there is no such file: a wrong one is worse than none."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    day = timezone.now().astimezone(UTC).date() + timedelta(days=SECURITY_TXT_DAYS)
    expires = datetime.combine(day, time(tzinfo=UTC))
    lines = [
        *(f"Contact: {_as_uri(contact)}" for contact in settings.SECURITY_CONTACT),
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Canonical: {absolute(request.path)}",
        "Preferred-Languages: en",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def _as_uri(contact):
    """The file wants addresses with a scheme; operators write e-mail addresses without, and spaces after commas."""
    contact = contact.strip()
    is_mail = "@" in contact and not contact.startswith(("mailto:", "https:"))
    return f"mailto:{contact}" if is_mail else contact
