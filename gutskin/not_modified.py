"""Answers of 304: what they say, and what a browser already has of the page that it stored."""

from collections.abc import Iterable

from django.conf import settings

from gutskin.middleware import PERMISSIONS_POLICY

# What a 304 has to repeat (RFC 9110, 15.4.5). A browser shows the page with the other headers that it stored, among
# them our policies (RFC 9111, 4.3.4).
REPEATED = {"cache-control", "content-location", "date", "etag", "expires", "vary"}
# Said with every answer over https (RFC 6797, 7.2): the browser counts the days anew each time.
OF_HOST = {"strict-transport-security"}
# A script that asks with an If-None-Match of its own is shown the 304 itself, and only if that allows it.
OF_OPEN_DATA = {"access-control-allow-origin", "access-control-expose-headers"}
SENT_WITH_304 = REPEATED | OF_HOST | OF_OPEN_DATA
# Of the headers that are the same for every page and that a 304 leaves out, what they are made of.
POLICIES = (
    *("CONTENT_SECURITY_POLICY", "SECURE_REFERRER_POLICY", "SECURE_CROSS_ORIGIN_OPENER_POLICY"),
    "SECURE_CONTENT_TYPE_NOSNIFF",
)


def headers_of_304(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Of the headers of a page, those that “not modified” repeats."""
    return [(name, value) for name, value in headers if name.lower() in SENT_WITH_304]


def stored_with(headers: Iterable[tuple[str, str]]) -> str:
    """What a browser keeps of a page beside its bytes. It is part of the ETag, so that new policies reach everyone."""
    own = sorted((name, value) for name, value in headers if name.lower() not in SENT_WITH_304)
    return repr((own, PERMISSIONS_POLICY, [getattr(settings, name) for name in POLICIES]))


class NotModifiedMiddleware:
    """Goes before every middleware that adds headers."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == 304:
            for name in [name for name in response.headers if name.lower() not in SENT_WITH_304]:
                del response.headers[name]
        return response
