"""Request numbers and receipt codes, and the keyed digests by which codes and addresses are found again."""

import json
import re
import secrets
import unicodedata

from gutskin.encryption.digests import keyed_digest

# Without I, O, 0 and 1, which sound or look alike: references and codes are read out on the phone.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
REFERENCE_LETTERS = 8
CODE_LETTERS = 16  # of 32 each: 80 bits


def new_reference() -> str:
    """GS-XXXX-XXXX, random. It names a request in mails and on the phone, and opens nothing by itself."""
    letters = "".join(secrets.choice(ALPHABET) for _place in range(REFERENCE_LETTERS))
    return f"GS-{letters[:4]}-{letters[4:]}"


def parse_reference(text: str) -> str:
    """The reference that was typed, as `new_reference` writes it; empty if it is none.

    Case, spaces, dashes and a missing GS make no difference.
    """
    typed = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()
    # By its length: the eight letters may themselves begin with GS.
    letters = typed.removeprefix("GS") if len(typed) == REFERENCE_LETTERS + 2 else typed
    is_reference = len(letters) == REFERENCE_LETTERS and set(letters) <= set(ALPHABET)
    return f"GS-{letters[:4]}-{letters[4:]}" if is_reference else ""


def receipt_code(idempotency_key) -> str:
    """XXXX-XXXX-XXXX-XXXX, 80 bits derived from the request's key, so that a form sent twice gives the same code.

    The code itself is not stored; the request is found again by its `receipt_digest`.
    """
    # Five bits for each letter: an alphabet of 32 makes every code equally likely.
    number = int(keyed_digest("receipt-code", str(idempotency_key)), 16)
    letters = "".join(ALPHABET[(number >> 5 * place) & 31] for place in range(CODE_LETTERS))
    return "-".join(letters[start : start + 4] for start in range(0, CODE_LETTERS, 4))


def receipt_digest(code: str) -> str:
    """The keyed digest of a code as it was typed: case, spaces and dashes make no difference."""
    # NFKC, because some phones type full-width letters or special dashes.
    typed = unicodedata.normalize("NFKC", code).upper()
    return keyed_digest("receipt", "".join(letter for letter in typed if letter in ALPHABET))


def normalised_pin(pin: str) -> str:
    """A PIN as it is compared and counted: case, white space and the width of its letters make no difference."""
    return "".join(unicodedata.normalize("NFKC", pin).casefold().split())


def pin_digest(idempotency_key, pin: str) -> str:
    """The keyed digest of a PIN, which belongs to one request: the same PIN has another digest elsewhere."""
    return keyed_digest("pin", f"{idempotency_key} {normalised_pin(pin)}")


def sender_digest(idempotency_key, browser: str) -> str:
    """The keyed digest of a secret in the sender's browser: only that browser is shown the code again.

    With the request's key in it, so that two requests from one browser have nothing in common.
    """
    return keyed_digest("sender", f"{idempotency_key} {browser}")


def email_index(address: str) -> str:
    """A blind index: finds the requests of one e-mail address without revealing the address. Empty for no address."""
    normal = unicodedata.normalize("NFKC", address).strip().casefold()
    return keyed_digest("email", normal) if normal else ""


def row_seal(inquiry) -> str:
    """Binds a request to those who may open it: a keyed digest (MAC) of what finds it, and of the id of its texts.

    Without the id, someone who writes to the database could move all of the others from one row to another.
    """
    parts = [str(inquiry.public_id), inquiry.reference, inquiry.receipt_digest, inquiry.email_index]
    return keyed_digest("row-seal", json.dumps(parts))
