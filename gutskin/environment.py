"""Environment variables, with a sentence that says what to do when one is missing or malformed."""

from datetime import date
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from gutskin.make_env import ENV_FILE, VAR_DIR

BASE_DIR = Path(__file__).resolve().parent.parent

__all__ = ["BASE_DIR", "VAR_DIR", "dates", "env", "secret"]

env = environ.Env()
# Variables of the process take precedence over the file, so that one setting can be changed for one start.
environ.Env.read_env(ENV_FILE)


def secret(name: str) -> str:
    """The value of a variable without which the site must not start. Raises ImproperlyConfigured."""
    value = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set. Put it into the environment or into var/.env; "
            f"`python -m gutskin.make_env` writes a var/.env with fresh secrets."
        )
    return value


def dates(name: str) -> frozenset[date]:
    """The days of a variable such as `2026-12-25,2026-12-28`; none if it is empty. Raises ImproperlyConfigured."""
    try:
        return frozenset(date.fromisoformat(day.strip()) for day in env.list(name, default=[]) if day.strip())
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be days like 2026-12-25, separated by commas: {error}.") from None
