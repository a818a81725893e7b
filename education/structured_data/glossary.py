from django.urls import reverse
from django.utils.translation import gettext as _

from education.addresses import absolute
from education.structured_data.breadcrumb import home_crumb
from education.structured_data.web_page import web_page, without_empty


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
