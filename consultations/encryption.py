"""AES-256-GCM for everything that says something about a patient.

A ciphertext describes itself: `version:key id:base64(nonce + sealed text)`. It is tied to its place by the associated
data `model.field.public_id`, so that one moved to another row or field does not open. That is also why renaming a
model or an encrypted field takes a data migration that seals its rows again.
"""

import base64
import binascii
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

VERSION = "1"
NONCE_BYTES = 12


class EncryptionError(Exception):
    """A stored text does not open."""


class UnknownKey(EncryptionError):
    def __init__(self, key_id):
        super().__init__(
            f"This text was sealed with the key {key_id!r}, which is not in FIELD_ENCRYPTION_KEYS. "
            f"Put the key back behind the newest one."
        )


class NotCiphertext(EncryptionError):
    def __init__(self, place):
        super().__init__(f"What is stored at {place} is not a sealed text of a version this program knows.")


class SealBroken(EncryptionError):
    def __init__(self, place):
        super().__init__(
            f"The sealed text at {place} does not open: it was altered, moved here from another row or field, "
            f"or sealed with a different key of the same id."
        )


def encrypt(text: str, *, place: str) -> str:
    """Seals with the newest key and a fresh nonce, for this place only."""
    key_id, key = next(iter(settings.FIELD_ENCRYPTION_KEYS.items()))
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), place.encode())
    return f"{VERSION}:{key_id}:{base64.b64encode(nonce + sealed).decode()}"


def decrypt(ciphertext: str, *, place: str) -> str:
    version, _, rest = ciphertext.partition(":")
    key_id, _, encoded = rest.partition(":")
    if version != VERSION or not key_id:
        raise NotCiphertext(place)
    try:
        key = settings.FIELD_ENCRYPTION_KEYS[key_id]
    except KeyError:
        raise UnknownKey(key_id) from None
    try:
        raw = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise SealBroken(place) from None
    nonce, sealed = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
    try:
        return AESGCM(key).decrypt(nonce, sealed, place.encode()).decode()
    except (InvalidTag, ValueError):
        # ValueError: the nonce is too short, because the end was cut off.
        raise SealBroken(place) from None
