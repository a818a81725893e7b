"""Encryption keys, read from the environment."""

import base64
import binascii
import re

from django.core.exceptions import ImproperlyConfigured

# A key's id appears between colons at the start of everything that the key encrypts.
KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


def parse_key_ring(value: str, *, name: str) -> dict[str, bytes]:
    """AES-256 keys by id, newest first, from `id:base64,id:base64`.

    `name` is the variable that `value` comes from. Raises ImproperlyConfigured, with a sentence that does not
    repeat any key.
    """
    keys = {}
    for number, entry in enumerate(value.split(","), start=1):
        key_id, _, encoded = entry.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            key = b""
        # Named by its position: if the id is missing, the key itself would be shown.
        if not KEY_ID.fullmatch(key_id) or len(key) != 32:
            raise ImproperlyConfigured(
                f"{name} must look like `id:key,id:key`, newest first: the id of 1 to 32 letters, digits, - or _, the "
                f"key of 32 random bytes in base64. Entry {number} does not."
            )
        if key_id in keys:
            raise ImproperlyConfigured(
                f"{name} has two keys with the id {key_id!r}, so there is no telling which of them encrypted a text. "
                f"Give each new key an id that was never used before."
            )
        keys[key_id] = key
    return keys
