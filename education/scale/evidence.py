"""Made-up evidence statements, published. A few conditions and therapies have most of them."""

from collections.abc import Callable
from datetime import date

from django.db import transaction

from education.models import Article, Certainty, Effect, EvidenceStatement, Intervention, Kind, Reference
from education.models.effects import NOTHING_FOUND, UNRATED_EFFECTS, Direction
from education.scale.sources import batches
from education.scale.writing import MARK, Writer

SENTENCES = {
    Certainty.HIGH: "{therapy} makes a difference to {outcome} in {condition}.",
    Certainty.MODERATE: "{therapy} probably makes a difference to {outcome} in {condition}.",
    Certainty.LOW: "{therapy} may make a difference to {outcome} in {condition}.",
    Certainty.VERY_LOW: "The evidence on {therapy} for {outcome} in {condition} is very uncertain.",
    "": "We found nothing on {therapy} for {outcome} in {condition}.",
}

SEARCHED = date(2026, 11, 29)


def load_statements(count: int, tell: Callable) -> None:
    """As many of ours as there are missing to `count`. None without a condition."""
    mine = Article.objects.filter(loaded_digest=MARK, language="en").order_by("pk")
    conditions = list(mine.filter(kind=Kind.CONDITION).only("pk", "title"))
    therapies = list(mine.filter(kind=Kind.THERAPY).only("pk", "title"))
    references = list(Reference.objects.filter(loaded_digest=MARK).order_by("pk").only("pk"))
    interventions = list(Intervention.objects.values_list("slug", flat=True))
    there = EvidenceStatement.objects.filter(loaded_digest=MARK).count()
    cites = EvidenceStatement.references.through
    for start, stop in batches(there, count) if conditions else []:
        with transaction.atomic():
            statements = EvidenceStatement.objects.bulk_create(
                _statement(number, conditions, therapies, interventions) for number in range(start, stop)
            )
            cites.objects.bulk_create(
                cites(evidencestatement_id=statement.pk, reference_id=reference.pk)
                for statement in statements
                for reference in _sources(statement, references)
            )
        tell("statements", stop, count)


def _statement(number, conditions, therapies, interventions):
    writer = Writer(f"statement {number}")
    effect = writer.random.choice(Effect.values)
    certainty = "" if effect in UNRATED_EFFECTS else writer.random.choice(Certainty.values)
    condition = writer.most_often_the_first(conditions)
    outcome = writer.one("outcome")
    words = {"therapy": writer.one("therapy"), "outcome": outcome, "condition": condition.title.partition(",")[0]}
    sentence = SENTENCES[certainty].format(**words)
    found = {}
    if effect in NOTHING_FOUND:
        found = {"search_where": "PubMed", "search_words": outcome, "search_date": SEARCHED, "search_by": "No one"}
    elif effect == Effect.RECOMMENDATION:
        found = {"recommended_by": "No one, 2026", "direction": Direction.FOR}
    return EvidenceStatement(
        **found,
        slug=f"scale-statement-{number}",
        condition=condition,
        intervention_id=writer.random.choice(interventions),
        therapy=writer.most_often_the_first(therapies, skew=3) if therapies else None,
        outcome=outcome,
        effect=effect,
        certainty=certainty,
        sentence=sentence[0].upper() + sentence[1:],
        why=writer.text(3),
        state=EvidenceStatement.State.PUBLISHED,
        loaded_digest=MARK,
    )


def _sources(statement, references):
    if statement.effect in UNRATED_EFFECTS or not references:
        return []
    writer = Writer(f"sources {statement.slug}")
    return writer.several(references, writer.random.randint(1, 3))
