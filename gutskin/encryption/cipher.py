"""AES-256-GCM for everything that says something about a patient.

A stored ciphertext describes itself: `version:key id:base64(nonce + ciphertext)`. It is tied to its place by the
associated data (NIST SP 800-38D) `model.field.public_id`, so that one moved to another row or field cannot be
decrypted. That is also why renaming a model or an encrypted field takes a data migration that encrypts its rows again.
"""

import base64
import binascii
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

# The version of the ciphertext format, stored with each text, so that a later format can be told apart.
VERSION = "1"
NONCE_BYTES = 12


class EncryptionError(Exception):
    """A stored value cannot be decrypted."""


class UnknownKey(EncryptionError):
    def __init__(self, key_id):
        super().__init__(
            f"This text was encrypted with the key {key_id!r}, which is not in FIELD_ENCRYPTION_KEYS. "
            f"Put the key back behind the newest one."
        )


class NotCiphertext(EncryptionError):
    def __init__(self, place):
        super().__init__(f"What is stored at {place} is not encrypted text of a version that this program knows.")


class DecryptionFailed(EncryptionError):
    def __init__(self, place):
        super().__init__(
            f"The text at {place} cannot be decrypted: it was altered, moved here from another row or field, "
            f"or encrypted with a different key of the same id."
        )


def encrypt(text: str, *, place: str) -> str:
    """The ciphertext of `text`, made with the newest key and a fresh nonce of 96 bits, for this place only.

    `place` is the associated data: `decrypt` needs the same.
    """
    key_id, key = next(iter(settings.FIELD_ENCRYPTION_KEYS.items()))
    return f"{VERSION}:{key_id}:{base64.b64encode(_encrypt(key, text.encode(), place)).decode()}"


def decrypt(ciphertext: str, *, place: str) -> str:
    """The text that was encrypted for this place. Raises UnknownKey, NotCiphertext or DecryptionFailed."""
    version, _, rest = ciphertext.partition(":")
    key_id, _, encoded = rest.partition(":")
    if version != VERSION or not key_id:
        raise NotCiphertext(place)
    key = _key(key_id)
    try:
        return _decrypt(key, base64.b64decode(encoded, validate=True), place).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise DecryptionFailed(place) from None


def encrypt_bytes(content: bytes, *, place: str) -> bytes:
    """The same for bytes, without base64: `version:key id:`, then nonce and ciphertext."""
    key_id, key = next(iter(settings.FIELD_ENCRYPTION_KEYS.items()))
    return f"{VERSION}:{key_id}:".encode() + _encrypt(key, content, place)


def decrypt_bytes(ciphertext: bytes, *, place: str) -> bytes:
    version, _, rest = bytes(ciphertext).partition(b":")
    key_id, _, raw = rest.partition(b":")
    if version != VERSION.encode() or not key_id.isascii() or not key_id:
        raise NotCiphertext(place)
    return _decrypt(_key(key_id.decode()), raw, place)


def is_readable(ciphertext: str | bytes, *, place: str) -> bool:
    """Do the keys of this site decrypt it?"""
    try:
        (decrypt if isinstance(ciphertext, str) else decrypt_bytes)(ciphertext, place=place)
    except EncryptionError:
        return False
    return True


def key_id_of(ciphertext: str | bytes) -> str:
    """The id of the key that something was encrypted with; empty for what is not a ciphertext."""
    # Only the head: a photo is megabytes long.
    head = bytes(ciphertext[:100]) if not isinstance(ciphertext, str) else ciphertext[:100].encode()
    return head.split(b":", 2)[1].decode(errors="replace") if head.count(b":") >= 2 else ""


def _encrypt(key, content, place):
    # Random nonces of 96 bits are safe for 2**32 texts under one key (NIST SP 800-38D, section 8.3). Rotate keys
    # long before that: docs/operators.md.
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, place.encode())


def _decrypt(key, raw, place):
    nonce, ciphertext = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, place.encode())
    except (InvalidTag, ValueError):
        # ValueError: the nonce is too short, because the end was cut off.
        raise DecryptionFailed(place) from None


def _key(key_id):
    try:
        return settings.FIELD_ENCRYPTION_KEYS[key_id]
    except KeyError:
        raise UnknownKey(key_id) from None
