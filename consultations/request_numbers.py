"""How a request is named, and how it is found again: reference, receipt code, and digests of codes and addresses."""

import secrets
import unicodedata

from gutskin.encryption.digests import keyed_digest

# Without I, O, 0 and 1: references and codes are read out on the phone.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LETTERS = 16  # of 32 each: 80 bits


def new_reference() -> str:
    """GS-XXXX-XXXX. It names a request in mail and on the phone, and opens nothing by itself."""
    letters = "".join(secrets.choice(ALPHABET) for _place in range(8))
    return f"GS-{letters[:4]}-{letters[4:]}"


def receipt_code(idempotency_key) -> str:
    """XXXX-XXXX-XXXX-XXXX, 80 bits derived from the request's key: a form sent twice gives the same code.

    The code itself is not stored; `receipt_digest` finds the request again.
    """
    number = int(keyed_digest("receipt-code", str(idempotency_key)), 16)
    letters = "".join(ALPHABET[(number >> 5 * place) & 31] for place in range(CODE_LETTERS))
    return "-".join(letters[start : start + 4] for start in range(0, CODE_LETTERS, 4))


def receipt_digest(code: str) -> str:
    """The digest of a code as typed: case, spaces and dashes make no difference."""
    typed = unicodedata.normalize("NFKC", code).upper()
    return keyed_digest("receipt", "".join(letter for letter in typed if letter in ALPHABET))


def email_index(address: str) -> str:
    """A blind index: finds one person's requests by address, and does not reveal the address."""
    return keyed_digest("email", unicodedata.normalize("NFKC", address).strip().casefold())
