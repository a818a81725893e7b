"""Environment variables, with a sentence that says what to do when one is missing or malformed."""

import functools
import logging
import zoneinfo
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

from gutskin.make_env import ENV_FILE, VAR_DIR

BASE_DIR = Path(__file__).resolve().parent.parent

REDIS = "django.core.cache.backends.redis.RedisCache"

__all__ = ["BASE_DIR", "VAR_DIR", "env", "secret", "web_address"]


def must_be(what: str):
    """Decorates a method that reads a variable: what it cannot read becomes an ImproperlyConfigured that names it.

    The value is not repeated, because a URL may contain a password.
    """

    def decorate(read):
        @functools.wraps(read)
        def wrapper(self, var, default):
            try:
                return read(self, var, default)
            except (ValueError, KeyError, OSError, ImproperlyConfigured):
                raise ImproperlyConfigured(f"{var} must be {what}.") from None

        return wrapper

    return decorate


class Environment(environ.Env):
    OFF = ("false", "off", "no", "n", "0")

    @must_be("on or off")
    def bool(self, var, default):
        # django-environ takes every unknown word for off: a typing error would switch HTTPS off.
        word = self.str(var, default="on" if default else "off").strip().lower()
        if word not in (*self.BOOLEAN_TRUE_STRINGS, *self.OFF):
            raise ValueError
        return word not in self.OFF

    @must_be("a whole number, 0 or more")
    def int(self, var, default):
        return _not_negative(super().int(var, default=default))

    @must_be("a number, 0 or more")
    def float(self, var, default):
        return _not_negative(super().float(var, default=default))

    @must_be("a URL such as postgres://user:password@host:5432/name")
    def db_url(self, var, default):
        config = super().db_url(var, default=default)
        if config.get("ENGINE") not in self.DB_SCHEMES.values():
            raise ValueError
        return config

    @must_be("a URL such as rediscache://host:6379/0")
    def cache_url(self, var, default):
        config = super().cache_url(var, default=default)
        if config["BACKEND"] == REDIS:
            config["BACKEND"] = "gutskin.shared_cache.TolerantRedisCache"
        return config

    @must_be("a URL such as smtp+tls://user:password@host:587, with characters such as @ in the password as %40")
    def email_url(self, var, default):
        return super().email_url(var, default=default)

    @must_be("DEBUG, INFO, WARNING, ERROR or CRITICAL")
    def log_level(self, var, default):
        level = self.str(var, default=default).strip().upper()
        if level not in logging.getLevelNamesMapping():
            raise ValueError
        return level

    @must_be("a time zone such as Europe/London")
    def time_zone(self, var, default):
        return zoneinfo.ZoneInfo(self.str(var, default=default)).key

    @must_be("an e-mail address such as privacy@gutskin.example")
    def email(self, var, default):
        address = self.str(var, default=default).strip()
        return address and _valid(validate_email, address)

    @must_be("e-mail or https addresses, separated by commas")
    def contacts(self, var, default):
        found = [contact.strip() for contact in self.list(var, default=default) if contact.strip()]
        return [_valid(_validate_contact, contact) for contact in found]

    @must_be("days like 2026-12-25, separated by commas")
    def dates(self, var, default):
        return frozenset(date.fromisoformat(day.strip()) for day in self.list(var, default=default) if day.strip())


env = Environment()
# Variables of the process take precedence over the file, so that one setting can be changed for one start.
Environment.read_env(ENV_FILE)


def secret(name: str) -> str:
    """The value of a variable without which the site must not start. Raises ImproperlyConfigured."""
    if value := env.str(name, default=""):
        return value
    file = ENV_FILE.relative_to(BASE_DIR) if ENV_FILE.is_relative_to(BASE_DIR) else ENV_FILE
    if ENV_FILE.exists():
        todo = f"{file} is there but lacks {name}: add a line {name}=… to it. docs/operators.md says what it must be."
    else:
        todo = (
            f"Put it into the environment or into {file}; "
            f"`python -m gutskin.make_env` writes that file with fresh secrets."
        )
    raise ImproperlyConfigured(f"{name} is not set. {todo}")


def web_address(name: str) -> str:
    """The value of `secret(name)` without a slash at its end. Raises ImproperlyConfigured if it is no web address."""
    address = secret(name).strip().rstrip("/")
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ImproperlyConfigured(f"{name} must be an address such as https://gutskin.example.")
    return address


def _validate_contact(contact):
    if not contact.startswith("https://"):
        validate_email(contact.removeprefix("mailto:"))


def _valid(validate, text):
    try:
        validate(text)
    except ValidationError as error:
        raise ValueError from error
    return text


def _not_negative(number):
    if number < 0:
        raise ValueError
    return number
