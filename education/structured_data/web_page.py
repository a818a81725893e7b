"""What every page says of itself."""

from django.conf import settings
from django.utils.translation import get_language

from education.addresses import absolute
from education.structured_data.breadcrumb import breadcrumb


def web_page(type: str, *, path: str, name: str, description: str, language: str = "", crumbs=(), **more) -> dict:
    """A page of a schema.org type. `crumbs` are pairs of name and path above it; what is empty is left out."""
    facts = {
        "@context": "https://schema.org",
        "@type": type,
        "name": name,
        "description": description,
        "url": absolute(path),
        "inLanguage": language or get_language(),
        "publisher": publisher(),
        "breadcrumb": breadcrumb([*crumbs, (name, path)]) if crumbs else None,
        **more,
    }
    return without_empty(facts)


def publisher() -> dict:
    """Who answers for the site."""
    return {"@type": "Organization", "name": settings.PUBLISHER_NAME, "url": absolute("/")}


def without_empty(facts: dict) -> dict:
    """What nobody knows is not said: no null, no empty text, no empty list."""
    return {name: value for name, value in facts.items() if value not in (None, "", [], {})}
