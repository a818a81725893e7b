from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from education.addresses import absolute
from education.structured_data.web_page import publisher


def home_page() -> dict:
    """The site itself, with its search."""
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
            # How schema.org notes what an action needs to be told: its property `query`, as an input.
            "query-input": "required name=search_term_string",
        },
    }
