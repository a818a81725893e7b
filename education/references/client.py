"""An HTTP client for registers of papers: time-outs, size limit, backoff, and a User-Agent that names a contact.

Crossref asks clients to give a mailto in the User-Agent and to back off on 429 and 503
(crossref.org/documentation/retrieve-metadata/rest-api/access-and-authentication); NCBI allows three requests a second
without an API key (NBK25497). Making one request at a time respects both.
"""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from education.references.exceptions import NotFound, Unreachable

if TYPE_CHECKING:
    # Imported where a register is asked: few web processes ever do that, and each would keep its megabyte.
    import httpx

LARGEST_ANSWER = 5_000_000
# Crossref redirects a DOI that was merged into another one; longer chains are loops.
REDIRECTS = 2
BUSY = {429, 503}
# Seconds before the second try, if the register does not say how long.
UNASKED_WAIT = 5.0


@dataclass
class RegisterClient:
    """A connection for several requests, used as a context manager.

    `max_wait` is how many seconds in total it may wait for a busy register; `pause` is the time in seconds between two
    requests. With the default of 0 it never waits: a person is waiting for the page. After a status of `busy` it
    asks again.
    """

    max_wait: float = 0
    pause: float = 0
    busy: frozenset[int] = frozenset(BUSY)
    first_wait: float = UNASKED_WAIT
    http: "httpx.Client" = field(init=False)
    waited: float = field(default=0, init=False)
    has_made_request: bool = field(default=False, init=False)

    def __enter__(self):
        import httpx

        # follow_redirects is off, because each target has to be checked first.
        self.http = httpx.Client(headers=headers(), follow_redirects=False, verify=_tls())
        return self

    def __exit__(self, *exception):
        self.http.close()

    def get(self, url: str, *, params: dict | None = None, register: str) -> bytes:
        """The body of the response, at most 5 MB. Follows two redirects on the same host.

        Raises NotFound for 404 and 410, and Unreachable for everything else, each with a sentence for the user.
        """
        if self.has_made_request and self.pause:
            time.sleep(self.pause)
        self.has_made_request = True
        left, tries = REDIRECTS, 0
        while True:
            status, answer_headers, body = self._once(url, params, register)
            if status == 200:
                return body
            if status in {404, 410}:
                raise NotFound(_("%(register)s does not know this number.") % {"register": register})
            if status in self.busy and self._backed_off(answer_headers, tries):
                tries += 1
                continue
            target = _on_the_same_host(url, answer_headers.get("location", ""))
            if 300 <= status < 400 and left and target:
                url, params, left = target, None, left - 1
                continue
            raise Unreachable(
                _("%(register)s is busy. Try again later.") % {"register": register}
                if status in BUSY
                else _("%(register)s answered with an error (%(status)s).") % {"register": register, "status": status}
            )

    def _once(self, url, params, register):
        """Status, headers and body of one request. The deadline covers all of it, httpx's time-out each read."""
        import httpx

        deadline = time.monotonic() + settings.REGISTER_TIMEOUT
        body = bytearray()
        try:
            with self.http.stream("GET", url, params=params, timeout=settings.REGISTER_TIMEOUT) as response:
                # We ask for no compression: a small compressed response could fill the memory when unpacked.
                is_compressed = response.headers.get("content-encoding", "identity") != "identity"
                for chunk in response.iter_raw():
                    body += chunk
                    if is_compressed or len(body) > LARGEST_ANSWER:
                        raise Unreachable(_("%(register)s sent more than we can read.") % {"register": register})
                    if time.monotonic() > deadline:
                        raise Unreachable(_("%(register)s is too slow. Try again later.") % {"register": register})
                return response.status_code, response.headers, bytes(body)
        except httpx.TimeoutException as error:
            raise Unreachable(_("%(register)s is too slow. Try again later.") % {"register": register}) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unreachable(_("%(register)s cannot be reached from here.") % {"register": register}) from error

    def _backed_off(self, answer_headers, tries):
        """Wait as long as Retry-After asks for, else twice as long each time; False if it would exceed `max_wait`."""
        asked = answer_headers.get("retry-after", "")
        seconds = retry_after(asked) if asked else self.first_wait * 2**tries
        # Counted as a second at least, so that a register that keeps answering “retry at once” cannot keep us for ever.
        counted = max(seconds, 1)
        if self.waited + counted > self.max_wait:
            return False
        self.waited += counted
        time.sleep(seconds)
        return True


def _on_the_same_host(url, location):
    """The target of a redirect, as for a DOI merged into another one; "" if it leads to another host (SSRF)."""
    try:
        target = urljoin(url, location)
        return target if urlsplit(target)[:2] == urlsplit(url)[:2] else ""
    except ValueError:  # “http://[” cannot be parsed
        return ""


@cache
def _tls():
    """The TLS context, created once: loading all certificates takes longer than most requests."""
    import httpx

    return httpx.create_ssl_context()


def headers() -> dict:
    """Request headers that say who is asking and how to reach them."""
    contact = f"; mailto:{settings.REGISTER_CONTACT}" if settings.REGISTER_CONTACT else ""
    return {
        "User-Agent": f"GutSkin/1.0 ({settings.SITE_URL}{contact})",
        "Accept-Encoding": "identity",
    }


def retry_after(value: str) -> float:
    """Seconds to wait, from a number or a date (Retry-After, RFC 9110, section 10.2.3); 5 if it cannot be parsed."""
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError, OverflowError):
        return UNASKED_WAIT
    # “-0000” gives a naive datetime, which cannot be compared with now().
    if moment.tzinfo is None:
        return UNASKED_WAIT
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
