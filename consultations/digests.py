"""Keyed digests: what must be found again without being stored. Without DIGEST_KEY nobody can try out candidates."""

import unicodedata

from django.conf import settings
from django.utils.crypto import salted_hmac

from consultations.references import ALPHABET

CODE_LETTERS = 16  # of 32 each: 80 bits


def keyed_digest(purpose: str, text: str) -> str:
    """HMAC-SHA-256 in hex. The purpose keeps digests of one kind from being taken for those of another."""
    return salted_hmac(f"consultations.{purpose}", text, secret=settings.DIGEST_KEY, algorithm="sha256").hexdigest()


def receipt_code(idempotency_key) -> str:
    """XXXX-XXXX-XXXX-XXXX, 80 bits that follow from the request's key: a form sent twice gives the same code.

    The code itself is stored nowhere; `receipt_digest` finds the request again.
    """
    number = int(keyed_digest("receipt-code", str(idempotency_key)), 16)
    letters = "".join(ALPHABET[(number >> 5 * place) & 31] for place in range(CODE_LETTERS))
    return "-".join(letters[start : start + 4] for start in range(0, CODE_LETTERS, 4))


def receipt_digest(code: str) -> str:
    """However it was typed: small letters, spaces and dashes make no difference."""
    typed = unicodedata.normalize("NFKC", code).upper()
    return keyed_digest("receipt", "".join(letter for letter in typed if letter in ALPHABET))


def email_index(address: str) -> str:
    """A blind index: the same person's requests are found by address, and the index tells no address."""
    return keyed_digest("email", unicodedata.normalize("NFKC", address).strip().casefold())
