"""Pages whose words stand in their template. A test compares these names and descriptions with the pages' own."""

from django.urls import reverse
from django.utils.translation import gettext as _

from education.structured_data.breadcrumb import home_crumb
from education.structured_data.web_page import web_page


def about_page() -> dict:
    """How the site writes and reviews."""
    return _page(
        "AboutPage",
        "about",
        _("How we write and review"),
        _(
            "Where the claims on GutSkin come from, what the certainty marks mean, who decides what is published, and "
            "how mistakes are corrected."
        ),
    )


def privacy_page() -> dict:
    """What a request stores."""
    return _page(
        "WebPage",
        "privacy",
        _("Privacy"),
        _(
            "Reading GutSkin sets no cookie. What a request stores, how it is protected, who reads it, and how to "
            "erase it."
        ),
    )


def accessibility_page() -> dict:
    """How the site works for everybody."""
    return _page(
        "WebPage",
        "accessibility",
        _("Accessibility"),
        _(
            "How GutSkin is made to work for everybody, how it was tested, what its limits are, and how to tell us "
            "about a problem."
        ),
    )


def search_page() -> dict:
    """The page of results, whatever was looked for: what a visitor typed is repeated to no machine."""
    return _page("SearchResultsPage", "search", _("Search"), _("Search the pages and the glossary of GutSkin."))


def suggestions_page() -> dict:
    """What a search could be for; a page of its own only where no script runs."""
    return _page(
        "WebPage",
        "search-suggestions",
        _("Suggestions for your search"),
        _("Pages and glossary words whose names begin as what was typed."),
    )


def record_page() -> dict:
    """The answer to a health record, whatever the code was: what a record sends is repeated to no machine."""
    return _page(
        "WebPage",
        "connect-application",
        _("Patient information by clinical code"),
        _("Pages on the gut and the skin for a clinical code, to read with a patient or to print."),
    )


def _page(type, address, name, description):
    path = reverse(f"education:{address}")
    return web_page(type, path=path, name=name, description=description, crumbs=[home_crumb()])
