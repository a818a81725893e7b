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
    return f"{VERSION}:{key_id}:{base64.b64encode(_seal(key, text.encode(), place)).decode()}"


def decrypt(ciphertext: str, *, place: str) -> str:
    version, _, rest = ciphertext.partition(":")
    key_id, _, encoded = rest.partition(":")
    if version != VERSION or not key_id:
        raise NotCiphertext(place)
    key = _key(key_id)
    try:
        return _open(key, base64.b64decode(encoded, validate=True), place).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise SealBroken(place) from None


def encrypt_bytes(content: bytes, *, place: str) -> bytes:
    """The same seal around bytes, without base64: `version:key id:` and then nonce and sealed content."""
    key_id, key = next(iter(settings.FIELD_ENCRYPTION_KEYS.items()))
    return f"{VERSION}:{key_id}:".encode() + _seal(key, content, place)


def decrypt_bytes(ciphertext: bytes, *, place: str) -> bytes:
    version, _, rest = bytes(ciphertext).partition(b":")
    key_id, _, raw = rest.partition(b":")
    if version != VERSION.encode() or not key_id.isascii() or not key_id:
        raise NotCiphertext(place)
    return _open(_key(key_id.decode()), raw, place)


def key_id_of(ciphertext: str | bytes) -> str:
    """With which key something was sealed."""
    head = bytes(ciphertext[:100]) if not isinstance(ciphertext, str) else ciphertext[:100].encode()
    return head.split(b":", 2)[1].decode(errors="replace") if head.count(b":") >= 2 else ""


def _seal(key, content, place):
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, place.encode())


def _open(key, raw, place):
    nonce, sealed = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
    try:
        return AESGCM(key).decrypt(nonce, sealed, place.encode())
    except (InvalidTag, ValueError):
        # ValueError: the nonce is too short, because the end was cut off.
        raise SealBroken(place) from None


def _key(key_id):
    try:
        return settings.FIELD_ENCRYPTION_KEYS[key_id]
    except KeyError:
        raise UnknownKey(key_id) from None
