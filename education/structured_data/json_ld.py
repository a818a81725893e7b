"""schema.org as JSON-LD: what every page has, and how it is written into a script element."""

import json

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from education.addresses import absolute

# `</script>` or `<!--` would end or change a script element even inside a JSON string, so these are escaped. U+2028 and
# U+2029 end a line in JavaScript before ES2019.
ESCAPES = {ord(character): f"\\u{ord(character):04X}" for character in "<>&\u2028\u2029"}


def web_page(type: str, *, path: str, name: str, description: str, language: str = "", crumbs=(), **more) -> dict:
    """A page of a schema.org type. `crumbs` are pairs of name and path of the pages above. Empty values are dropped."""
    facts = {
        "@context": "https://schema.org",
        "@type": type,
        "name": name,
        "description": description,
        "url": absolute(path),
        # The language of the article, which may differ from that of the words around it.
        "inLanguage": language or get_language(),
        "publisher": publisher(),
        "breadcrumb": breadcrumb([*crumbs, (name, path)]) if crumbs else None,
        **more,
    }
    return without_empty(facts)


def publisher() -> dict:
    """The organisation that is responsible for the site."""
    return {"@type": "Organization", "name": settings.PUBLISHER_NAME, "url": absolute("/")}


def without_empty(facts: dict) -> dict:
    """The facts without null, empty text and empty lists: unknown values are left out."""
    return {name: value for name, value in facts.items() if value not in (None, "", [], {})}


def home_crumb():
    return (_("Home"), reverse("education:home"))


def breadcrumb(crumbs) -> dict:
    """A BreadcrumbList from pairs of name and path."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": str(name),
                "item": {"@type": "WebPage", "@id": absolute(path)},
            }
            for position, (name, path) in enumerate(crumbs, start=1)
        ],
    }


def person(clinician) -> dict:
    """A clinician, with the same details that readers see."""
    return without_empty(
        {
            "@type": "Person",
            "name": clinician.name,
            "honorificSuffix": clinician.credentials,
            "jobTitle": clinician.role,
        }
    )


def as_json(data: dict) -> str:
    """JSON on one line without unnecessary spaces; characters beyond ASCII are not escaped."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def as_script(data: dict) -> SafeString:
    """The same, safe inside `<script type="application/ld+json">`."""
    return mark_safe(as_json(data).translate(ESCAPES))  # noqa: S308  every character that is special in HTML is escaped
