"""CSV and JSON export of the evidence map: a row or an object for each statement, with the field names of GRADE.

GRADE's evidence profiles name population, intervention, outcome, certainty of evidence and explanation
(GRADE handbook, chapter 6).
"""

import hashlib
import json

from django.urls import reverse
from django.utils.translation import gettext as _

from education.addresses import absolute
from education.citation import vancouver
from education.citation.confirmed_record import confirmed
from education.evidence_map.parts import Part
from education.evidence_map.queries import statements_of
from education.evidence_map.table import STATEMENTS_ON_A_PAGE
from education.evidence_numbers import sentences
from education.models.shown_statement import full_sentence
from gutskin.csv_export import csv_text

# Covers the statements and our texts about them, see LICENSE. It does not cover the work of others.
LICENCE = {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}
BETWEEN_REFERENCES = " | "
# Of the fields and their meaning; docs/clinicians/evidence.md lists them.
DATA_FORMAT = "3"


def as_json(evidence_map, choice, part: Part, statements, version) -> str:
    """One part of the chosen statements as JSON, and the cells for which we have none; see docs/clinicians/evidence.md.

    `statements` are those of the part, with their words.
    """
    return json.dumps(
        {
            "title": _("GutSkin: evidence map"),
            "format": DATA_FORMAT,
            "version": version,
            "source": absolute(reverse("education:evidence")),
            "licence": LICENCE | {"attribution": "GutSkin"},
            "chosen": choice.chosen,
            "total": evidence_map.total,
            "shown": len(statements),
        }
        | part.facts
        | {
            "statements": list(map(record, statements)),
            # Gaps are data too: an absent row could also mean that the reader's filters left it out.
            "not_summarised": [
                {"population": _population(cell.condition), "intervention": _intervention(cell.intervention, cell.name)}
                for cell in (evidence_map.cells if part.start == 1 else ())
                if not cell.statements and not cell.left_out
            ],
        },
        ensure_ascii=False,
        indent=1,
    )


def as_csv(part: Part, statements, version) -> str:
    """One part as CSV (RFC 4180); values that a spreadsheet would run as a formula are escaped."""
    return csv_text(COLUMNS, [_row(record(statement), version, part.next or "") for statement in statements])


def statements_and_version(evidence, wanted) -> tuple[list, str]:
    """The statements of the wanted answers with their words, and the version of the data. Two queries.

    The version is twelve hexadecimal digits that change whenever an exported value does. They name the state of the
    data on the page and in file names: of all of it, whatever the reader has chosen or, if that would be too much to
    read, of the statements that are wanted.
    """
    few = len(evidence.answers) <= STATEMENTS_ON_A_PAGE
    statements = statements_of(evidence.answers if few else wanted)
    # sort_keys, so that the digest does not depend on the order in which the dicts are built.
    everything = json.dumps(
        [(record if evidence.is_all else _stored)(one) for one in statements.values()], sort_keys=True
    )
    shown = [statements[answer.pk] for answer in wanted if answer.pk in statements]
    return shown, hashlib.sha256(everything.encode()).hexdigest()[:12]


def _stored(statement):
    """All that a record is made from, in a tenth of the time: some conditions have hundreds of statements."""
    rows = [statement, statement.condition, *statement.references.all()]
    values = [{name: str(value) for name, value in vars(row).items() if not name.startswith("_")} for row in rows]
    return [*values, statement.condition.live.title, str(statement.reviewed_by or "")]


def record(statement) -> dict:
    """One statement with its references, ready for JSON. `certainty_of_evidence` is None if nothing could be rated."""
    return {
        "id": statement.slug,
        "url": absolute(statement.get_absolute_url()),
        "population": _population(statement.condition),
        "intervention": _intervention(statement.intervention_id, statement.intervention),
        "outcome": statement.outcome,
        "kind": "recommendation" if statement.is_recommendation else "finding",
        "effect_direction": str(statement.get_effect_display()),
        "certainty_of_evidence": str(statement.get_certainty_display()) or None,
        "summary": full_sentence(statement),
        "explanation": statement.why,
        "numbers": [_number(values) for values in statement.shown_numbers],
        "recommendation": _recommendation(statement),
        "search": _search(statement),
        "studies_cited": sum(reference.is_citable for reference in statement.references.all()),
        "references": [_reference(reference) for reference in statement.references.all()],
        "reviewed_on": statement.reviewed_on.isoformat() if statement.reviewed_on else None,
        "reviewed_by": str(statement.reviewed_by) if statement.reviewed_by else None,
    }


def _population(condition):
    url = absolute(condition.get_absolute_url())
    return {"condition": condition.slug, "title": condition.live.title, "url": url}


def _intervention(value, name):
    return {"id": value, "name": str(name)}


def _number(values):
    """A number as it is stored, with its words. `interval` is that of `with_count`, at 95%."""
    interval = None if values["low"] is None else [values["low"], values["high"]]
    kept = {name: value for name, value in values.items() if name not in {"low", "high"}}
    return kept | {"interval": interval, "in_words": " ".join(sentences(values))}


def _recommendation(statement):
    if not statement.is_recommendation:
        return None
    return {
        "by": statement.recommended_by,
        "direction": statement.direction,
        "strength": statement.strength,
        "certainty_beneath": statement.get_certainty_beneath_display() or None,
    }


def _search(statement):
    """Where we looked for trials that we did not find."""
    if statement.search_date is None:
        return None
    return {
        "where": statement.search_where,
        "words": statement.search_words.splitlines(),
        "date": statement.search_date.isoformat(),
        "by": statement.search_by,
        "records_read": statement.search_read,
        "nearest": statement.search_nearest,
    }


def _reference(reference):
    """An unconfirmed DOI or PMID is left out, as it is in the citation."""
    confirmed_record = confirmed(reference)
    return {
        "key": reference.key,
        "doi": confirmed_record.doi,
        "pmid": confirmed_record.pmid,
        "citation": vancouver(reference),
        "status": reference.status,
        "url": absolute(reference.get_absolute_url()),
    }


# Not translated: programs that read the file depend on these names.
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
    "Kind",
    "Numbers",
    "Recommended by",
    "Direction",
    "Strength",
    "Last looked",
    "Where we looked",
    "Words we looked for",
    "Nearest found",
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
    "Format",
    "Next part",
]


def _row(values, version, next_part):
    """One row, from `record`, in the order of COLUMNS. The references are in the same order in all five columns."""

    def from_references(name):
        return BETWEEN_REFERENCES.join(reference[name] for reference in values["references"])

    recommendation, search = values["recommendation"] or {}, values["search"] or {}
    return [
        values["id"],
        values["population"]["condition"],
        values["population"]["title"],
        values["intervention"]["name"],
        values["outcome"],
        values["effect_direction"],
        values["certainty_of_evidence"] or "",
        values["summary"],
        values["explanation"],
        values["kind"],
        BETWEEN_REFERENCES.join(number["in_words"] for number in values["numbers"]),
        *(recommendation.get(name, "") for name in ("by", "direction", "strength")),
        *(search.get(name, "") for name in ("date", "where")),
        BETWEEN_REFERENCES.join(search.get("words", [])),
        search.get("nearest", ""),
        values["studies_cited"],
        from_references("key"),
        from_references("doi"),
        from_references("pmid"),
        from_references("citation"),
        from_references("status"),
        values["reviewed_on"] or "",
        values["reviewed_by"] or "",
        values["url"],
        LICENCE["name"],
        version,
        DATA_FORMAT,
        next_part,
    ]
