"""Files for machines: the feed, robots.txt and security.txt. The sitemap is in sitemaps.py."""

from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone

from education.addresses import absolute
from education.feeds import ArticleFeed
from education.views.public import public_page
from gutskin.open_data import open_data

# RFC 9116 recommends less than a year. Whole days, so that caches see the same file all day.
SECURITY_TXT_DAYS = 180

feed = open_data(public_page(ArticleFeed()))


@public_page
def robots(request):
    # Pages of one visitor and endless pages of results are not for crawlers; what is private is protected by itself.
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
    """Whom to tell about a vulnerability (RFC 9116). Not found without a contact: a wrong one is worse than none."""
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
    """RFC 9116 requires a URI; operators write plain e-mail addresses, and spaces after commas."""
    contact = contact.strip()
    is_mail = "@" in contact and not contact.startswith(("mailto:", "https:"))
    return f"mailto:{contact}" if is_mail else contact
