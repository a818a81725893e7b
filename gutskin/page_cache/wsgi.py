"""Answers from the page cache, ahead of Django and of all of its middleware (PEP 3333)."""

import re
import threading
from collections.abc import Callable, Iterable
from functools import lru_cache
from urllib.parse import parse_qsl

from django.conf import settings
from django.core.handlers.wsgi import get_path_info
from django.urls import Resolver404, resolve

from gutskin.compression import negotiated
from gutskin.not_modified import headers_of_304
from gutskin.page_cache.content_version import ContentVersion, UnknownVersion
from gutskin.page_cache.store import Answer, Memory, SharedCache

# With one of these, Django may answer something else, so it is Django that answers.
ASIDE = ("HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_TRANSFER_ENCODING")
# What an answer depends on beside its encoding. The first two say whether the visitor uses HTTPS.
KEY = ("wsgi.url_scheme", "HTTP_X_FORWARDED_PROTO", "HTTP_HOST", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING")
LONGEST_KEY = 600
# Seconds and thousandths, as nginx writes them.
PROXY_TIME = re.compile(r"\d{1,12}\.\d{3}")
# How many seconds a request waits for another one that renders the same page.
MAX_WAIT = 10


class PageCache:
    """A WSGI application around Django's. What it answers is, byte for byte, what Django answered to that request."""

    def __init__(self, application: Callable):
        self._application = application
        self._version = ContentVersion()
        self._memory, self._shared = Memory(), SharedCache()
        self._lock = threading.Lock()
        self._renderings: dict[tuple, Rendering] = {}

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        key = _key(environ)
        if key is None:
            return self._application(environ, start_response)
        made_for, answer = self._memory.get(key)
        # Before the version, so that /healthz and static files never wait for the database.
        if answer is None and not _may_keep(environ, key):
            return self._application(environ, start_response)
        try:
            version = self._version.current()
        except UnknownVersion:
            return self._application(environ, start_response)
        if made_for != version.number:
            answer = self._kept_or_rendered(environ, version, key)
        for_proxy = self._for_proxy(environ, answer) if "HTTP_X_PROXY_TIME" in environ else []
        return _send(answer, environ, start_response, for_proxy)

    def _for_proxy(self, environ, answer) -> list[tuple[str, str]]:
        """Lets the proxy keep the answer until the end of the second, by its own clock (docs/deploy/nginx.conf).

        Only if the content version was read within that second, so that no reader gets a page that was changed longer
        than a second ago.
        """
        if not settings.BEHIND_PROXY:
            return []
        second, _dot, thousandths = environ["HTTP_X_PROXY_TIME"].partition(".")
        if not PROXY_TIME.fullmatch(environ["HTTP_X_PROXY_TIME"]) or not _may_be_kept(answer):
            return []
        return [("X-Accel-Expires", f"@{second}")] if self._version.age() <= int(thousandths) / 1000 else []

    def _kept_or_rendered(self, environ, version, key) -> Answer:
        """Of several requests for the same page at once, one asks Django and the others wait for its answer."""
        place = (version.number, key)
        with self._lock:
            rendering = self._renderings.get(place)
            if mine := rendering is None:
                rendering = self._renderings[place] = Rendering()
        if not mine:
            rendering.done.wait(MAX_WAIT)
            return rendering.answer or _ask(self._application, environ)
        try:
            rendering.answer = self._shared.get(version, key) or _ask(self._application, environ)
            if _may_be_kept(rendering.answer):
                self._memory.put(version, key, rendering.answer)
                self._shared.put(version, key, rendering.answer)
            return rendering.answer
        finally:
            with self._lock:
                del self._renderings[place]
            rendering.done.set()


class Rendering:
    """An answer that is being made. A refusal or an error is one too: who waited for it need not ask again."""

    def __init__(self):
        self.done = threading.Event()
        self.answer: Answer | None = None


def _key(environ) -> tuple | None:
    """None for a request that only Django may answer."""
    if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or not environ.keys().isdisjoint(ASIDE):
        return None
    if environ.get("CONTENT_LENGTH") not in {None, "", "0"}:
        return None
    return (negotiated(environ.get("HTTP_ACCEPT_ENCODING", "")), *map(environ.get, KEY))


def _may_keep(environ, key) -> bool:
    is_short = sum(map(len, filter(None, key))) <= LONGEST_KEY
    return is_short and _is_kept(environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", ""))


@lru_cache(maxsize=2_000)
def _is_kept(path_info: str, query: str) -> bool:
    """Whether the view says that its answer is the same for everybody, and knows each name in the query.

    `path_info` is as in PEP 3333, where each character is a byte.
    """
    try:
        view = resolve(get_path_info({"PATH_INFO": path_info})).func
    except Resolver404:
        return False
    names = getattr(view, "page_cache_query", None)
    return names is not None and all(name in names for name, _value in parse_qsl(query, keep_blank_values=True))


def _may_be_kept(answer: Answer) -> bool:
    headers = {name.lower(): value.lower() for name, value in answer.headers}
    return (
        answer.status.startswith("200 ")
        and bool(answer.etag)
        and "public" in headers.get("cache-control", "")
        and "set-cookie" not in headers
        and headers.get("vary", "accept-encoding") == "accept-encoding"
    )


def _ask(application, environ) -> Answer:
    """Django's answer to a GET without conditions, whole."""
    environ = environ | {"REQUEST_METHOD": "GET"}
    for name in ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE"):
        environ.pop(name, None)
    started = []

    def start_response(status, headers, exc_info=None):
        started[:] = [status, headers]

    chunks = application(environ, start_response)
    try:
        body = b"".join(chunks)
    finally:
        getattr(chunks, "close", bool)()
    status, headers = started
    etag = next((value for name, value in headers if name.lower() == "etag"), "")
    return Answer(status, headers, body, etag, headers_of_304(headers))


def _send(answer, environ, start_response, for_proxy):
    # A new list each time: what serves it may add to the list (PEP 3333).
    if "HTTP_IF_NONE_MATCH" in environ and _is_known(answer, environ["HTTP_IF_NONE_MATCH"]):
        start_response("304 Not Modified", answer.headers_of_304 + for_proxy)
        return []
    start_response(answer.status, answer.headers + for_proxy)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]


def _is_known(answer, if_none_match: str) -> bool:
    """Weak comparison (RFC 9110, 13.1.2): a proxy that compresses may have made the tag weak."""
    # “Not modified” instead of an error would say that an old page is still good (13.2.1).
    if not answer.etag or not answer.status.startswith("200 "):
        return False
    if if_none_match == answer.etag:
        return True
    tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return answer.etag in tags or tags == {"*"}
