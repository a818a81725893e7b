"""The evidence as files for others: a row or an object for each statement, with the field names of GRADE.

GRADE's evidence profile names population, intervention, outcome, certainty of evidence and explanation
(GRADE handbook, chapter 6).
"""

import hashlib
import json

from django.urls import reverse
from django.utils.translation import gettext as _

from education.addresses import absolute
from education.citation import vancouver
from education.citation.confirmed import confirmed
from education.evidence_map.queries import number_of_papers
from gutskin.csv_export import csv_text

# Of the statements and of our words about them; see LICENSE. What others wrote stays theirs.
LICENCE = {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}
BETWEEN_REFERENCES = " | "


def as_json(evidence_map, choice, version) -> str:
    """The chosen statements, and the cells of the map for which we hold none: see docs/clinicians/evidence.md."""
    shown = [cell for column in evidence_map.columns for cell in column.cells]
    return json.dumps(
        {
            "title": _("GutSkin: evidence map"),
            "version": version,
            "source": absolute(reverse("education:evidence")),
            "licence": LICENCE | {"attribution": "GutSkin"},
            "chosen": choice.chosen,
            "total": evidence_map.total,
            "shown": evidence_map.shown,
            "statements": [record(statement) for cell in shown for statement in cell.statements],
            "not_looked_at": [
                {"population": _population(cell.condition), "intervention": _intervention(cell.intervention, cell.name)}
                for cell in shown
                if not cell.statements and not cell.left_out
            ],
        },
        ensure_ascii=False,
        indent=1,
    )


def as_csv(evidence_map, version) -> str:
    """The chosen statements as a table for spreadsheets."""
    cells = [cell for column in evidence_map.columns for cell in column.cells]
    return csv_text(COLUMNS, [_row(record(statement), version) for cell in cells for statement in cell.statements])


def version_of(evidence) -> str:
    """Twelve signs that change when any published statement or anything told with it does, whatever was chosen."""
    everything = json.dumps([record(statement) for statement in evidence.statements], sort_keys=True)
    return hashlib.sha256(everything.encode()).hexdigest()[:12]


def record(statement) -> dict:
    """One statement with its references, ready for JSON. `certainty_of_evidence` is null where nothing was found."""
    return {
        "id": statement.slug,
        "url": f"{absolute(reverse('education:evidence'))}#statement-{statement.slug}",
        "population": _population(statement.condition),
        "intervention": _intervention(statement.intervention, statement.get_intervention_display()),
        "outcome": statement.outcome,
        "effect_direction": str(statement.get_effect_display()),
        "certainty_of_evidence": str(statement.get_certainty_display()) or None,
        "summary": statement.sentence,
        "explanation": statement.why,
        "studies_cited": number_of_papers([statement]),
        "references": [_reference(reference) for reference in statement.references.all()],
        "reviewed_on": statement.reviewed_on.isoformat() if statement.reviewed_on else None,
        "reviewed_by": str(statement.reviewed_by) if statement.reviewed_by else None,
    }


def _population(condition):
    url = absolute(condition.get_absolute_url())
    return {"condition": condition.slug, "title": condition.live.title, "url": url}


def _intervention(value, name):
    return {"id": value, "name": str(name)}


def _reference(reference):
    """A DOI or PMID that nobody has confirmed is left out, as in the printed citation."""
    known = confirmed(reference)
    return {
        "key": reference.key,
        "doi": known.doi,
        "pmid": known.pmid,
        "citation": vancouver(reference),
        "status": reference.status,
        "url": absolute(reference.get_absolute_url()),
    }


COLUMNS = [
    "Statement",
    "Condition",
    "Population",
    "Intervention",
    "Outcome",
    "Effect direction",
    "Certainty of evidence",
    "Summary",
    "Explanation",
    "Studies cited",
    "References",
    "DOI",
    "PMID",
    "Citations",
    "Status of sources",
    "Reviewed on",
    "Reviewed by",
    "Address",
    "Licence",
    "Version",
]


def _row(told, version):
    """In the order of COLUMNS. References stand in the same order in each of their five columns."""

    def of_each(name):
        return BETWEEN_REFERENCES.join(reference[name] for reference in told["references"])

    return [
        told["id"],
        told["population"]["condition"],
        told["population"]["title"],
        told["intervention"]["name"],
        told["outcome"],
        told["effect_direction"],
        told["certainty_of_evidence"] or "",
        told["summary"],
        told["explanation"],
        told["studies_cited"],
        of_each("key"),
        of_each("doi"),
        of_each("pmid"),
        of_each("citation"),
        of_each("status"),
        told["reviewed_on"] or "",
        told["reviewed_by"] or "",
        told["url"],
        LICENCE["name"],
        version,
    ]
