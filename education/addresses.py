"""Addresses as the world outside sees them."""

from urllib.parse import urlsplit

from django.conf import settings


def absolute(path: str) -> str:
    """A path of ours with the site in front: built from SITE_URL, never from what a request claims to be."""
    return f"{settings.SITE_URL}{path}"


def tag_uri(day: str, name: str) -> str:
    """A name in feeds that stays when an address changes (RFC 4151). `day` is one on which the host was ours."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},{day}:{name}"
