from django.urls import reverse
from django.utils.translation import gettext as _

from education.addresses import absolute


def home_crumb():
    return (_("Home"), reverse("education:home"))


def breadcrumb(crumbs) -> dict:
    """The way to a page, from pairs of name and path."""
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
