"""Did another website make the browser send this? A page that hands a posted form back must not hand back theirs."""

from urllib.parse import urlsplit

from django.http import HttpRequest


def sent_by_another_site(request: HttpRequest) -> bool:
    """By what the browser says of it. One that says nothing is taken for our own: all of today's do say it."""
    if site := request.headers.get("Sec-Fetch-Site"):
        # none: typed, or from a bookmark. Another sub-domain (same-site) is another site.
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is not None and not _is_here(origin, request)


def _is_here(origin, request):
    try:
        return urlsplit(origin).netloc == request.get_host()
    except ValueError:
        return False
