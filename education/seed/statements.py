"""Writes the evidence: interventions, and statements with their numbers. See writing.py for what is kept as it is."""

import logging
from collections import Counter

from education import search
from education.evidence_numbers import FIELDS, stored_numbers
from education.models import EvidenceNumber, EvidenceStatement, Intervention, Reference
from education.seed.outcomes import ADDED, KEPT, REFUSED, RETIRED, UPDATED, digest, outcome_of

logger = logging.getLogger(__name__)

INTERVENTION_FIELDS = ("name", "plain_name", "position", "search_words", "is_no_treatment")
STATEMENT_FIELDS = (
    "outcome", "effect", "certainty", "sentence", "why", "recommended_by", "direction", "strength", "certainty_beneath",
    "search_where", "search_words", "search_date", "search_by", "search_read", "search_nearest", "staff_note",
)  # fmt: skip
# Not shown to readers, so not among shown_numbers.
STAFF_FIELD = "worked_out"
State = EvidenceStatement.State


def write_interventions(records, articles):
    stored = Intervention.objects.select_related("therapy").in_bulk(field_name="slug")
    return Counter(_write_intervention(record, stored.get(record["slug"]), articles) for record in records)


def _write_intervention(record, intervention, articles):
    current = intervention and _intervention_record(intervention)
    wanted = {name: record[name] for name in ("slug", *INTERVENTION_FIELDS, "therapy")}
    outcome = outcome_of(intervention, current, wanted)
    if intervention and not intervention.loaded_digest and not intervention.plain_name:
        # One of the rows that a migration made from what used to be fixed choices.
        outcome = UPDATED
    if outcome in {ADDED, UPDATED}:
        values = {name: record[name] for name in INTERVENTION_FIELDS}
        values |= {"therapy": articles.get(record["therapy"]), "loaded_digest": digest(wanted)}
        Intervention.objects.update_or_create(slug=record["slug"], defaults=values)
    return outcome


def _intervention_record(intervention):
    return {name: getattr(intervention, name) for name in ("slug", *INTERVENTION_FIELDS)} | {
        "therapy": intervention.therapy.slug if intervention.therapy else ""
    }


def write_statements(records, articles):
    """Adds, updates and retires. A statement that a clinician signed or edited stays as it is."""
    statements = EvidenceStatement.objects.in_language("en")
    taken = set(statements.values_list("slug", flat=True))
    statements = statements.published().select_related("condition", "therapy")
    statements = statements.prefetch_related("references", "numbers__source")
    published = {statement.slug: statement for statement in statements}
    references = Reference.objects.in_bulk(field_name="key")
    flagged = set(Reference.objects.flagged().values_list("key", flat=True))
    # Where only a draft or a superseded statement has this slug, clinicians have taken it over.
    counts = Counter(
        KEPT
        if slug in taken and slug not in published
        else _write_statement(record, published.get(slug), articles, references, flagged)
        for record in records
        for slug in [record["slug"]]
    )
    return counts + Counter({RETIRED: _retire(published, {record["slug"] for record in records})})


def _write_statement(record, statement, articles, references, flagged):
    wanted = {name: record[name] for name in ("intervention", *STATEMENT_FIELDS, "condition", "therapy")}
    wanted |= {"references": sorted(record["references"]), "numbers": record["numbers"]}
    outcome = outcome_of(statement, statement and _statement_record(statement), wanted)
    if outcome == UPDATED and statement.reviewed_by_id:
        # A statement signed by a clinician is changed only by a clinician's signature.
        return KEPT
    if outcome in {ADDED, UPDATED}:
        if sources := sorted(flagged.intersection(record["references"])):
            logger.warning("%s is not published: it rests on %s, which is flagged.", record["slug"], ", ".join(sources))
            return REFUSED
        values = {name: wanted[name] for name in STATEMENT_FIELDS} | {
            "intervention_id": record["intervention"],
            "condition": articles[record["condition"]],
            "therapy": articles[record["therapy"]] if record["therapy"] else None,
            "loaded_digest": digest(wanted),
        }
        statement, _ = EvidenceStatement.objects.update_or_create(
            language="en", slug=record["slug"], state=State.PUBLISHED, defaults=values
        )
        statement.references.set([references[key] for key in record["references"] if key in references])
        _write_numbers(statement, record["numbers"], references)
        search.index_statement(statement)
    return outcome


def _write_numbers(statement, numbers, references):
    statement.numbers.all().delete()
    EvidenceNumber.objects.bulk_create(
        EvidenceNumber(statement=statement, **number | {"source": references[number["source"]]}) for number in numbers
    )
    statement.shown_numbers = stored_numbers(statement)
    statement.save(update_fields=["shown_numbers"])


def _retire(published, kept):
    """Takes off the site what was loaded and is no longer in the files. Returns how many that were."""
    retired = [
        statement
        for slug, statement in published.items()
        if slug not in kept
        and not statement.reviewed_by_id
        and digest(_statement_record(statement)) == statement.loaded_digest
    ]
    for statement in retired:
        EvidenceStatement.objects.filter(pk=statement.pk).update(state=State.SUPERSEDED)
        search.unindex_statement(statement)
    return len(retired)


def _statement_record(statement):
    return {name: getattr(statement, name) for name in STATEMENT_FIELDS} | {
        "intervention": statement.intervention_id,
        "condition": statement.condition.slug,
        "therapy": statement.therapy.slug if statement.therapy else "",
        "references": sorted(reference.key for reference in statement.references.all()),
        "numbers": [
            {name: getattr(number, name) for name in (*FIELDS, STAFF_FIELD)} | {"source": number.source.key}
            for number in statement.numbers.all()
        ],
    }
