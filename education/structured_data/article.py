"""An article as MedicalWebPage. Its dates are those that the page prints."""

from django.utils import timezone

from education.models import Kind
from education.review_status import standing
from education.structured_data.clinician import person
from education.structured_data.condition import medical_condition
from education.structured_data.reference import scholarly_work
from education.structured_data.web_page import web_page


def article_page(context: dict) -> dict:
    """From what the article's template gets (article_page.article_context), with an article `with_machine_facts()`.

    GRADE stays in text: schema.org's evidenceLevel is another scale.
    """
    article, revision = context["article"], context["revision"]
    return web_page(
        "MedicalWebPage",
        path=article.get_absolute_url(),
        name=revision.title,
        description=revision.summary,
        language=article.language,
        crumbs=context["crumbs"],
        datePublished=_day(article.first_published),
        dateModified=_day(revision.published_at),
        creativeWorkStatus=_one_or_more(standing(revision, context["source_flag"])),
        about=_about(article, revision, context["statement_groups"]),
        audience={"@type": "MedicalAudience", "audienceType": "Patient"},
        citation=_cited(context["citations"]),
        **_review(revision),
    )


def _cited(citations):
    """Each work once, and none that was rejected since."""
    works = {citation["reference"].pk: citation["reference"] for citation in citations}
    return [scholarly_work(reference) for reference in works.values() if not reference.is_hidden]


def _review(revision):
    """Nothing at all where no clinician has signed."""
    if not revision.is_reviewed:
        return {}
    return {
        "lastReviewed": revision.last_reviewed.isoformat(),
        "reviewedBy": person(revision.reviewer),
        "expires": revision.next_review_due.isoformat(),
    }


def _one_or_more(values):
    return values[0] if len(values) == 1 else values


def _about(article, revision, statement_groups):
    if article.kind == Kind.CONDITION:
        return medical_condition(article, revision, statement_groups)
    type = "MedicalTherapy" if article.kind == Kind.THERAPY else "MedicalEntity"
    return {"@type": type, "name": revision.title}


def _day(moment):
    """The day as the page prints it, in the site's time zone."""
    return timezone.localdate(moment).isoformat() if moment else None
