"""Articles as schema.org MedicalWebPage, conditions as MedicalCondition, and lists of articles.

Dates and review status are those that the page shows, so that machines are not told more than readers.
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from education.addresses import absolute
from education.languages import background_url
from education.models import Certainty, CodeSystem, Effect, Kind
from education.review_status import review_status
from education.structured_data.json_ld import home_crumb, person, web_page, without_empty
from education.structured_data.references import named_work, scholarly_work

SURE_ENOUGH = (Certainty.HIGH, Certainty.MODERATE)
# Of a page with more evidence than ours have, the further works are named by the addresses of their pages.
WORKS_DESCRIBED = 30


def article_page(context: dict) -> dict:
    """The JSON-LD of an article, from the context of its template (article_page.article_context). No query.

    The article must come from a QuerySet `with_machine_facts()`. Certainty (GRADE) is given in words only: schema.org's
    evidenceLevel is a different scale.
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
        creativeWorkStatus=_one_or_more(review_status(revision, context["source_flag"])),
        about=_about(article, revision, context["statement_groups"]),
        audience={"@type": "MedicalAudience", "audienceType": "Patient"},
        citation=_cited(context["citations"]),
        **_review(revision),
    )


def _cited(citations):
    """Every work once, without those that have since been rejected. Those of the text come first."""
    # Two numbers may be the same paper after a merge.
    works = {citation["reference"].pk: citation["reference"] for citation in citations}
    works = [reference for reference in works.values() if not reference.is_hidden]
    further = [named_work(reference) for reference in works[WORKS_DESCRIBED:]]
    return [scholarly_work(reference) for reference in works[:WORKS_DESCRIBED]] + further


def _review(revision):
    """Reviewer and dates; nothing if no clinician has reviewed the page."""
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
    """The date as the page shows it, in the site's time zone."""
    return timezone.localdate(moment).isoformat() if moment else None


def medical_condition(article, revision, statement_groups) -> dict | list[dict]:
    """A condition with its confirmed clinical codes and the treatments that help with at least moderate certainty.

    Unconfirmed codes, and codes that exclude the page, are left out. A page on several conditions is about each of
    them, by the name of its code; then no treatment is named, as we cannot tell a machine for which of them it is.
    """
    # The shortest code of a system is the category, whose name is the most general.
    codes = sorted(article.confirmed_codes or [], key=lambda code: (code["system"], len(code["code"]), code["code"]))
    if len({code["code"] for code in codes if _category(code, codes) == code and _is_icd(code)}) > 1:
        by_name = {}
        for code in codes:
            by_name.setdefault(_category(code, codes)["display"], []).append(code)
        return [_condition(name, codes_of_it) for name, codes_of_it in by_name.items()]
    # The name in the code system; our title is a sentence about it.
    condition = _condition(codes[0]["display"] if codes else revision.title, codes)
    # A machine cannot show our banner, so a page that no clinician has reviewed names no treatment.
    treatments = list(_treatments(statement_groups)) if revision.is_reviewed else []
    return without_empty(condition | {"possibleTreatment": treatments})


def _category(code, codes):
    """The widest of the codes that covers this one. A SNOMED CT code does not show what is below it."""
    wider = (other for other in codes if _is_icd(other) and code["code"].startswith(other["code"]))
    return next(wider, code) if _is_icd(code) else code


def _is_icd(code):
    return code["system"] == CodeSystem.ICD_10_CM


def _condition(name, codes):
    described = [
        {
            "@type": "MedicalCode",
            "codeValue": code["code"],
            "codingSystem": CodeSystem(code["system"]).label,
            "name": code["display"],
        }
        for code in codes
    ]
    return without_empty({"@type": "MedicalCondition", "name": name, "code": described})


def _treatments(statement_groups):
    """Treatments that help with high or moderate certainty and harm no one: schema.org cannot express certainty.

    Our own sentence is added to each name, because the name alone says neither for whom it helps nor with what.
    """
    for group in statement_groups:
        statements = [entry["statement"] for entry in group["entries"]]
        helps = [found.sentence for found in statements if _helps_surely(found)]
        # One harmful outcome is enough to leave the treatment out: a machine would show it without the warning.
        if helps and not any(found.effect == Effect.WORSE for found in statements):
            page = group["entries"][0]["other"]
            yield without_empty(
                {
                    "@type": "MedicalTherapy",
                    "name": str(group["label"]),
                    "description": " ".join(helps),
                    "url": page and absolute(page.get_absolute_url()),
                }
            )


def _helps_surely(statement):
    """False while a source behind the statement is retracted or rejected."""
    return statement.effect == Effect.BETTER and statement.certainty in SURE_ENOUGH and not statement.flag


def article_background_page(article) -> dict:
    """What stands behind an article: its glossary words as a set of defined terms."""
    title = article.live.title
    return web_page(
        "WebPage",
        path=background_url(article),
        name=_("Background: %(title)s") % {"title": title},
        description=_("What was found, how sure it is, in numbers, and what the medical words mean: %(title)s")
        % {"title": title},
        language=article.language,
        mainEntity=article.live.glossary
        and {
            "@type": "DefinedTermSet",
            "name": title,
            "hasDefinedTerm": [
                {"@type": "DefinedTerm", "name": word["term"], "description": word["definition"]}
                for word in article.live.glossary
            ],
        },
    )


def article_list_page(path: str, *, heading: str, intro: str, articles, language: str) -> dict:
    """A list of articles of one kind or in one language."""
    return web_page(
        "CollectionPage",
        path=path,
        name=heading,
        description=intro,
        language=language,
        crumbs=[home_crumb()],
        mainEntity=item_list(articles),
    )


def item_list(articles) -> dict:
    """Articles in the order of the page, with the titles that readers see."""
    return {
        "@type": "ItemList",
        "numberOfItems": len(articles),
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": article.live.title,
                "url": absolute(article.get_absolute_url()),
            }
            for position, article in enumerate(articles, start=1)
        ],
    }
