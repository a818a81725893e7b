"""Reading what the operator decided, with a sentence for whoever forgot something."""

import base64
import binascii
import re
from datetime import date
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from gutskin.make_env import ENV_FILE, VAR_DIR

BASE_DIR = Path(__file__).resolve().parent.parent

__all__ = ["BASE_DIR", "VAR_DIR", "dates", "env", "key_ring", "secret"]

# It stands between colons at the beginning of every sealed value.
KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")

env = environ.Env()
# Variables of the process win over the file, so that one setting can be changed for one start.
environ.Env.read_env(ENV_FILE)


def secret(name: str) -> str:
    """The value of a variable without which the site must not start."""
    value = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set. Put it into the environment or into var/.env; "
            f"`python -m gutskin.make_env` writes a var/.env with fresh secrets."
        )
    return value


def key_ring(name: str) -> dict[str, bytes]:
    """AES-256 keys by id, newest first, from `id:base64,id:base64`."""
    keys = {}
    for number, entry in enumerate(secret(name).split(","), start=1):
        key_id, _, encoded = entry.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            key = b""
        # Named by its number: where the id was forgotten, the key itself would be shown.
        if not KEY_ID.fullmatch(key_id) or len(key) != 32:
            raise ImproperlyConfigured(
                f"{name} must look like `id:key,id:key`, newest first: the id of 1 to 32 letters, digits, - or _, the "
                f"key of 32 random bytes in base64. Entry {number} is not like that."
            )
        if key_id in keys:
            raise ImproperlyConfigured(
                f"{name} has two keys with the id {key_id!r}. Which of them sealed a text could not be told: give each "
                f"new key an id that was never used before."
            )
        keys[key_id] = key
    return keys


def dates(name: str) -> frozenset[date]:
    """Days as `2026-12-25,2026-12-28`; none where the variable is empty."""
    try:
        return frozenset(date.fromisoformat(day.strip()) for day in env.list(name, default=[]) if day.strip())
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be days like 2026-12-25, separated by commas: {error}.") from None
