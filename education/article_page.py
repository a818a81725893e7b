"""What one article's page shows: gathered for readers, and for the staff's preview of what readers would see."""

from itertools import groupby

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from education.citation import vancouver
from education.models import Article, EvidenceStatement, Kind, Reference


def article_context(article, revision):
    """What the article template needs, for the public page and for the staff's preview alike."""
    statements = list(EvidenceStatement.objects.published().for_article(article).with_live_pages())
    references, keys_by_statement = _references(revision, statements)
    numbers = _numbers(revision, statements, keys_by_statement)
    return {
        "article": article,
        "revision": revision,
        "statement_groups": _statement_groups(article, statements, numbers, keys_by_statement),
        "citations": _citations(revision, references, numbers),
        "related": _related(revision),
        "ask_url": f"{reverse('consultations:inquiry-create')}?topic={article.slug}",
    }


def _references(revision, statements):
    """References of the text and of its evidence in one query, and which statement cites which."""
    statement_ids = [statement.pk for statement in statements]
    rows = Reference.objects.filter(
        Q(key__in=revision.reference_keys) | Q(evidencestatement__in=statement_ids)
    ).annotate(statement_id=F("evidencestatement"))
    references, keys_by_statement = {}, {pk: [] for pk in statement_ids}
    for reference in rows:
        references[reference.key] = reference
        if reference.statement_id in keys_by_statement:
            keys_by_statement[reference.statement_id].append(reference.key)
    return references, keys_by_statement


def _numbers(revision, statements, keys_by_statement):
    """Numbers of the text stay as they were frozen; those that only the evidence cites follow."""
    numbers = {key: number for number, key in enumerate(revision.reference_keys, start=1)}
    for statement in statements:
        for key in keys_by_statement[statement.pk]:
            numbers.setdefault(key, len(numbers) + 1)
    return numbers


def _statement_groups(article, statements, numbers, keys_by_statement):
    on_condition_page = article.kind == Kind.CONDITION

    def label(statement):
        return statement.get_intervention_display() if on_condition_page else statement.condition.shown_title

    def other(statement):
        page = statement.therapy if on_condition_page else statement.condition
        return page if page and page.is_published else None

    ordered = sorted(statements, key=lambda s: (s.row,) if on_condition_page else (label(s), s.row))
    return [
        {
            "label": heading,
            "entries": [
                {
                    "statement": statement,
                    "numbers": sorted(numbers[key] for key in keys_by_statement[statement.pk]),
                    "other": other(statement),
                }
                for statement in group
            ],
        }
        for heading, group in groupby(ordered, key=label)
    ]


def _citations(revision, references, numbers):
    """A reference that was deleted since is left out of the list; its number in the text stays."""
    return [
        {
            "number": number,
            "reference": references[key],
            "text": vancouver(references[key]),
            "backlinks": [f"cite-{number}-{time}" for time in range(1, revision.times_cited(number) + 1)],
        }
        for key, number in numbers.items()
        if key in references
    ]


def _related(revision):
    headings = [
        (Kind.OVERVIEW, _("Start here")),
        (Kind.MECHANISM, _("How it works")),
        (Kind.CONDITION, _("Skin conditions")),
        (Kind.THERAPY, _("Treatments and habits")),
    ]
    articles = list(Article.objects.published().with_live().filter(pk__in=revision.related_ids))
    groups = [
        {"heading": heading, "articles": [article for article in articles if article.kind == kind]}
        for kind, heading in headings
    ]
    return [group for group in groups if group["articles"]]
