"""Absolute URLs and tag URIs for feeds, structured data, leaflets and downloads."""

from urllib.parse import urlsplit

from django.conf import settings


def absolute(path: str) -> str:
    """The absolute URL of a path: from SITE_URL, not from the Host header, which clients can forge."""
    return f"{settings.SITE_URL}{path}"


def tag_uri(day: str, name: str) -> str:
    """A permanent id for feeds (tag URI, RFC 4151). `day` (YYYY or YYYY-MM-DD) is one on which the host was ours."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},{day}:{name}"
