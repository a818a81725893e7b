"""A condition with its clinical codes, and what helped with it for certain enough to be named."""

from education.addresses import absolute
from education.models import Certainty, CodeSystem, Effect
from education.structured_data.web_page import without_empty

SURE_ENOUGH = (Certainty.HIGH, Certainty.MODERATE)


def medical_condition(article, revision, statement_groups) -> dict:
    """Codes that nobody has confirmed, and those that must not find the page, are not told."""
    codes = sorted(article.confirmed_codes or [], key=lambda code: (code["system"], len(code["code"]), code["code"]))
    return without_empty(
        {
            "@type": "MedicalCondition",
            # What the code system calls it; our title is a sentence about it.
            "name": codes[0]["display"] if codes else revision.title,
            "code": [
                {
                    "@type": "MedicalCode",
                    "codeValue": code["code"],
                    "codingSystem": CodeSystem(code["system"]).label,
                    "name": code["display"],
                }
                for code in codes
            ],
            # A machine shows no banner: what no clinician has reviewed is named as nobody's treatment.
            "possibleTreatment": list(_treatments(statement_groups)) if revision.is_reviewed else [],
        }
    )


def _treatments(statement_groups):
    """schema.org has no word for how sure: so only what helps with high or moderate certainty, and does no harm.

    What helps stands in our own words beside the name, which says neither for whom nor with what.
    """
    for group in statement_groups:
        statements = [entry["statement"] for entry in group["entries"]]
        helps = [found.sentence for found in statements if _helps_surely(found)]
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
    """Not while a source behind it is retracted or rejected."""
    return statement.effect == Effect.BETTER and statement.certainty in SURE_ENOUGH and not statement.flag
