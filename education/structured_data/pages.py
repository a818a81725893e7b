"""The home page, the evidence map, the glossary, and pages whose text is in their template.

A test compares the names and descriptions here with those of the templates.
"""

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from education.addresses import absolute
from education.structured_data.json_ld import home_crumb, person, publisher, web_page, without_empty

DOWNLOADS = {"text/csv": "education:evidence-csv", "application/json": "education:evidence-json"}


def about_page() -> dict:
    """How pages are written and reviewed."""
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
    """What the site stores about its visitors."""
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
    """How the site is made accessible."""
    return _page(
        "WebPage",
        "accessibility",
        _("Accessibility"),
        _(
            "How GutSkin is made to work for everybody, how it was tested, what its limits are, and how to tell us "
            "about a problem."
        ),
    )


def emergency_numbers_page() -> dict:
    """Emergency numbers and crisis lines."""
    return _page(
        "WebPage",
        "emergency-numbers",
        _("Emergency numbers"),
        _("Emergency numbers and crisis lines by country: what a call costs and at which hours someone answers."),
    )


def diary_page() -> dict:
    """A food and skin diary to print."""
    return _page(
        "WebPage",
        "diary",
        _("A food and skin diary to print"),
        _(
            "A diary of food, skin, itch and sleep for 2 weeks, on one sheet of paper, and how to use it with your "
            "clinician."
        ),
    )


# These three describe the page in general, whatever the request was.
def search_page() -> dict:
    """The page of results. It never contains what a visitor typed, which may be private."""
    return _page("SearchResultsPage", "search", _("Search"), _("Search the pages and the glossary of GutSkin."))


def suggestions_page() -> dict:
    """Suggestions for a search: a page of its own only without a script."""
    return _page(
        "WebPage",
        "search-suggestions",
        _("Suggestions for your search"),
        _("Matching pages and glossary words."),
    )


def record_page() -> dict:
    """The Infobutton page. It never contains the code that a health record sent, which may be private."""
    return _page(
        "WebPage",
        "connect-application",
        _("Patient information by clinical code"),
        _("Pages on the gut and the skin for a clinical code, to read with a patient or to print."),
    )


def _page(type, address, name, description):
    path = reverse(f"education:{address}")
    return web_page(type, path=path, name=name, description=description, crumbs=[home_crumb()])


def home_page() -> dict:
    """The site with its search (schema.org WebSite and SearchAction)."""
    return {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": "GutSkin",
        "alternateName": _("Gut and skin, explained honestly"),
        "description": _(
            "What is known about the gut and the skin, how sure anybody can be, and where each claim comes from."
        ),
        "url": absolute("/"),
        "inLanguage": get_language(),
        "publisher": publisher(),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": f"{absolute(reverse('education:search'))}?q={{search_term_string}}",
            },
            # schema.org's notation for the input of an action: <property>-input.
            "query-input": "required name=search_term_string",
        },
    }


def evidence_page(conditions, *, licence_url: str, version: str) -> dict:
    """The evidence map as a Dataset with its downloads. `conditions` are the articles of its columns."""
    path = reverse("education:evidence")
    title = _("The evidence")
    description = _(
        "What has been tested for eczema, psoriasis, acne and other skin conditions, how sure anybody can be, and "
        "where no trials were found."
    )
    return web_page(
        "CollectionPage",
        path=path,
        name=title,
        description=description,
        crumbs=[home_crumb()],
        mainEntity={
            "@type": "Dataset",
            "name": title,
            "description": description,
            "url": absolute(path),
            "creator": publisher(),
            "license": licence_url,
            "version": version,
            # The method by which certainty was rated, in schema.org's term for a Dataset.
            "measurementTechnique": "GRADE",
            "variableMeasured": [_("Effect"), _("Certainty of the evidence")],
            "about": [
                {"@type": "MedicalWebPage", "name": article.live.title, "url": absolute(article.get_absolute_url())}
                for article in conditions
            ],
            "distribution": [
                {"@type": "DataDownload", "encodingFormat": format, "contentUrl": absolute(reverse(name))}
                for format, name in DOWNLOADS.items()
            ],
        },
    )


def glossary_page(terms) -> dict:
    """The glossary as a set of defined terms."""
    path = reverse("education:glossary")
    return web_page(
        "WebPage",
        path=path,
        name=_("Glossary"),
        description=_("Medical words about gut and skin, in plain ones."),
        crumbs=[home_crumb()],
        mainEntity={
            "@type": "DefinedTermSet",
            "name": _("Glossary"),
            "url": absolute(path),
            "hasDefinedTerm": [
                without_empty(
                    {
                        "@type": "DefinedTerm",
                        "name": term.term,
                        "alternateName": term.also,
                        "description": term.definition,
                        "url": absolute(term.get_absolute_url()),
                    }
                )
                for term in terms
            ],
        },
    )


def experts_page(clinicians) -> dict:
    """What a consultation is, with the clinicians who have agreed to be listed."""
    return web_page(
        "WebPage",
        path=reverse("education:experts"),
        name=_("Ask our experts"),
        description=_(
            "What an integrated gut and skin evaluation is, what care aimed at gut microbes can and cannot do, and "
            "what happens to your request."
        ),
        crumbs=[home_crumb()],
        mentions=[person(clinician) for clinician in clinicians],
    )
