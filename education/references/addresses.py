"""Which addresses may be stored: those that every reader can open, and that show nothing about who was logged in."""

import re
from urllib.parse import parse_qsl, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

is_web_address = URLValidator(schemes=["http", "https"])
# Proxies of libraries: ezproxy.example.edu, ezp.example.edu, example.idm.oclc.org; some put another host before
# their own: 0-www.nature.com.library.example.edu, www-nature-com.library.example.edu.
PROXY = re.compile(
    r"proxy|(?:^|\.)ez(?:p|access|login)?\d*\.|\.oclc\.org$|remotexs|webvpn|openathens|shibboleth"
    r"|^\d+-|^[\w-]+-(?:com|org|net|edu|gov|info|io|eu|uk|de|fr|nl|ch)\.[^.]+\.",
)
# Databases whose addresses work only within a session or for subscribers of one library.
SESSION_HOST = re.compile(r"(?:^|\.)(?:ebscohost\.com|research\.ebsco\.com|ovid\.com|gateway\.proquest\.com)$")
LOGIN_HOST = re.compile(r"^(?:login|signin|auth|sso|idp|accounts?|cas|wayf)\d*\.")
LOGIN_PATH = re.compile(r"/(?:log-?in|log-?on|sign-?in|wayf|saml2?|sso|openathens|shibboleth)(?:[./;]|$)|jsessionid=")
LOGIN_KEYS = {
    "token", "access_token", "id_token", "sid", "session", "sessionid", "session_id", "jsessionid", "phpsessid",
    "authtype", "auth", "user", "username", "userid", "password", "pwd", "ticket", "accountid", "signature",
    "x-amz-signature", "x-amz-credential", "shib", "sso", "custid", "groupid",
}  # fmt: skip
INTERNAL = re.compile(
    r"^[^.]*$|\.(?:local|localhost|internal|intranet|lan|home|corp)$|^(?:10|127|192\.168|169\.254)\.|^172\.(?:1[6-9]|2\d|3[01])\.|^\["
)


def public_address(addresses: list[str], remarks: list[str]) -> str:
    """The first of these addresses that readers can open, or "". Adds to `remarks` what was left out of them."""
    found = ""
    for address in filter(None, addresses):
        if is_private(address):
            remarks.append(_("A link that only works in a network, through a proxy or after a log-in was left out."))
        elif not _is_valid(address):
            remarks.append(_("“%(value)s” is not an address of the web, and was left out.") % {"value": address[:80]})
        elif not found:
            found = address
    return found


def is_private(address: str) -> bool:
    """Whether an address leads through a proxy or a log-in, shows who was logged in, or is inside a network."""
    try:
        parts = urlsplit(address.strip())
        host, keys = (parts.hostname or ""), {name.casefold() for name, _value in parse_qsl(parts.query, True)}
    except ValueError:
        return False
    if parts.scheme not in {"http", "https"}:
        return False
    return bool(
        parts.username
        or PROXY.search(host)
        or SESSION_HOST.search(host)
        or LOGIN_HOST.search(host)
        or INTERNAL.search(host)
        or LOGIN_PATH.search(parts.path.casefold())
        or keys & LOGIN_KEYS
    )


def _is_valid(address):
    try:
        is_web_address(address)
    except (ValidationError, ValueError):
        return False
    return True
