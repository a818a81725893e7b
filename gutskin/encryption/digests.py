"""Keyed digests (HMAC), for what must be found again without being stored.

Without DIGEST_KEY no one can test guesses, such as all e-mail addresses of a list, against a stolen database.
"""

from django.conf import settings
from django.utils.crypto import salted_hmac


def keyed_digest(purpose: str, text: str) -> str:
    """HMAC-SHA-256 (RFC 2104) of `text` under DIGEST_KEY, as 64 hexadecimal digits.

    `purpose` separates the kinds of digest, so that one of a code never equals one of an address.
    """
    return salted_hmac(f"gutskin.{purpose}", text, secret=settings.DIGEST_KEY, algorithm="sha256").hexdigest()
