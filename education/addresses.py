"""Addresses as the world outside sees them."""

from django.conf import settings


def absolute(path: str) -> str:
    """A path of ours with the site in front: built from SITE_URL, never from what a request claims to be."""
    return f"{settings.SITE_URL}{path}"
