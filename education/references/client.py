"""One polite question to a register: who we are, how long we wait, and how much of an answer we take.

Manners: Crossref asks for a mailto in the User-Agent and to back off at 429 and 503
(crossref.org/documentation/retrieve-metadata/rest-api/access-and-authentication), NCBI for at most three requests a
second without a key (NBK25497). One request at a time keeps both.
"""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from urllib.parse import urljoin, urlsplit

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from education.references.exceptions import NotFound, Unreachable

LARGEST_ANSWER = 5_000_000
REDIRECTS = 2
BUSY = {429, 503}


@dataclass
class RegisterClient:
    """A connection for several questions. `patience` is how many seconds, in all, it waits for a busy register."""

    max_wait: float = 0
    pause: float = 0
    client: httpx.Client = field(init=False)
    waited: float = field(default=0, init=False)
    asked: bool = field(default=False, init=False)

    def __enter__(self):
        self.client = httpx.Client(headers=headers(), follow_redirects=False, verify=_tls())
        return self

    def __exit__(self, *exception):
        self.client.close()

    def get(self, url: str, *, params: dict | None = None, register: str) -> bytes:
        """The body of the answer, at most 5 MB. Raises NotFound for 404, else Unreachable with a sentence."""
        if self.asked and self.pause:
            time.sleep(self.pause)
        self.asked = True
        left = REDIRECTS
        while True:
            status, answer_headers, body = self._once(url, params, register)
            if status == 200:
                return body
            if status in {404, 410}:
                raise NotFound(_("%(register)s does not know this number.") % {"register": register})
            if status in BUSY and self._has_waited(answer_headers):
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
        """Status, headers and body. The deadline holds for the whole answer: httpx limits only each step of it."""
        deadline = time.monotonic() + settings.REGISTER_TIMEOUT
        body = bytearray()
        try:
            with self.client.stream("GET", url, params=params, timeout=settings.REGISTER_TIMEOUT) as response:
                # Unpacked, a small answer could fill the memory. We asked for none to be packed.
                packed = response.headers.get("content-encoding", "identity") != "identity"
                for chunk in response.iter_raw():
                    body += chunk
                    if packed or len(body) > LARGEST_ANSWER:
                        raise Unreachable(_("%(register)s sent more than we can read.") % {"register": register})
                    if time.monotonic() > deadline:
                        raise Unreachable(_("%(register)s is too slow. Try again later.") % {"register": register})
                return response.status_code, response.headers, bytes(body)
        except httpx.TimeoutException as error:
            raise Unreachable(_("%(register)s is too slow. Try again later.") % {"register": register}) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unreachable(_("%(register)s cannot be reached from here.") % {"register": register}) from error

    def _has_waited(self, answer_headers):
        """Waits as long as the register asks, if our patience reaches that far."""
        seconds = retry_after(answer_headers.get("retry-after", ""))
        # A register that says “at once” for ever must not keep us for ever.
        counted = max(seconds, 1)
        if self.waited + counted > self.max_wait:
            return False
        self.waited += counted
        time.sleep(seconds)
        return True


def _on_the_same_host(url, location):
    """A DOI that was merged into another one is redirected; no answer sends us to another host."""
    try:
        target = urljoin(url, location)
        return target if urlsplit(target)[:2] == urlsplit(url)[:2] else ""
    except ValueError:  # “http://[” is the address of nothing
        return ""


@cache
def _tls():
    """Reading all the certificates takes longer than most answers do; they are read once."""
    return httpx.create_ssl_context()


def headers() -> dict:
    """Who asks, and how to reach them."""
    contact = f"; mailto:{settings.REGISTER_CONTACT}" if settings.REGISTER_CONTACT else ""
    return {
        "User-Agent": f"GutSkin/1.0 ({settings.SITE_URL}{contact})",
        "Accept-Encoding": "identity",
    }


def retry_after(value: str) -> float:
    """Seconds from now, from a number or a date (RFC 9110, section 10.2.3); 5 where it says nothing we understand."""
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError, OverflowError):
        return 5.0
    if moment.tzinfo is None:
        return 5.0
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
