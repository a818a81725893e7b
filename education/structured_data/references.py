"""References, both as works that an article cites and as pages of their own."""

from django.urls import reverse
from django.utils.translation import gettext as _

from education.addresses import absolute
from education.citation import vancouver
from education.citation.confirmed_record import confirmed, confirmed_value, person
from education.models import ReferenceStatus, ReferenceType
from education.structured_data.json_ld import home_crumb, web_page, without_empty

TYPES = {
    ReferenceType.ARTICLE: "ScholarlyArticle",
    ReferenceType.PREPRINT: "ScholarlyArticle",
    ReferenceType.BOOK: "Book",
    ReferenceType.CHAPTER: "Chapter",
    ReferenceType.GUIDELINE: "Report",
    ReferenceType.WEB_PAGE: "WebPage",
}
CONTAINERS = {ReferenceType.ARTICLE: "Periodical", ReferenceType.CHAPTER: "Book", ReferenceType.WEB_PAGE: "WebSite"}
# The page shows more authors; a program that needs all of them can follow the DOI.
AUTHORS_NAMED = 3


def scholarly_work(reference) -> dict:
    """A cited work without its unconfirmed fields."""
    record = confirmed(reference)
    container = CONTAINERS.get(record.type)
    return without_empty(
        {
            "@type": TYPES.get(record.type, "CreativeWork"),
            "name": record.title,
            "author": [_author(name) for name in record.authors[:AUTHORS_NAMED]],
            "datePublished": record.posted.isoformat() if record.posted else record.year,
            "isPartOf": {"@type": container, "name": record.container_title}
            if container and record.container_title
            else None,
            "sameAs": _same_as(record, reference),
            "url": absolute(reference.get_absolute_url()),
            "creativeWorkStatus": _status(reference),
        }
    )


def named_work(reference) -> dict:
    """A cited work by the address of its page, which describes it."""
    return without_empty(
        {
            "@type": TYPES.get(confirmed(reference).type, "CreativeWork"),
            "url": absolute(reference.get_absolute_url()),
            "creativeWorkStatus": _status(reference),
        }
    )


def _status(reference):
    # Machines must learn of a retraction wherever the paper is mentioned.
    return _("Retracted") if reference.status == ReferenceStatus.RETRACTED else None


def _same_as(record, reference):
    """The address of the paper itself. The page may link to an unconfirmed one; here that would be an assertion."""
    # The most permanent identifier first.
    links = [
        record.doi and f"https://doi.org/{record.doi}",
        record.pmcid and f"https://pmc.ncbi.nlm.nih.gov/articles/{record.pmcid}/",
        record.pmid and f"https://pubmed.ncbi.nlm.nih.gov/{record.pmid}/",
        "url" not in reference.unconfirmed_fields and reference.url,
    ]
    return next(filter(None, links), None)


def _author(name):
    return {"@type": "Person" if person(name) else "Organization", "name": name}


def reference_page(reference) -> dict:
    """The page of one reference."""
    return web_page(
        "WebPage",
        path=reference.get_absolute_url(),
        name=reference.title or vancouver(reference),
        description=confirmed_value(reference, "finding") or vancouver(reference),
        crumbs=[home_crumb(), (_("References"), reverse("education:reference-list"))],
        mainEntity=scholarly_work(reference),
    )


def reference_list_page(references) -> dict:
    """All references, by the addresses of their pages."""
    return web_page(
        "CollectionPage",
        path=reverse("education:reference-list"),
        name=_("References"),
        description=_("Every paper that GutSkin rests on, and which claims rest on each."),
        crumbs=[home_crumb()],
        mainEntity={
            "@type": "ItemList",
            "numberOfItems": len(references),
            "itemListElement": [
                {"@type": "ListItem", "position": position, "url": absolute(reference.get_absolute_url())}
                for position, reference in enumerate(references, start=1)
            ],
        },
    )
