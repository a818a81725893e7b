"""The template context of an article page, for readers and for the staff's preview."""

from collections import Counter
from functools import cache
from itertools import groupby
from typing import NamedTuple

from django.db.models import F, Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from education.citation import vancouver
from education.drawings import drawing_of
from education.evidence_map import CONDITIONS_IN_A_STRIP, column_strip, row_strip
from education.models import Article, Certainty, EvidenceStatement, Kind, Reference, ReferenceStatus
from education.models.article import list_url
from education.models.reference import FLAGGED
from education.rendering import mark_retracted

# Our longest page has 43. A page that has more shows the most certain ones.
STATEMENTS_ON_A_PAGE = 60
# What adults read of a plain text, and slowly.
WORDS_A_MINUTE = 200
# Pages to read next, unless the authors chose more.
MOST_RELATED = 4
REMOVED = _lazy("This source did not hold up when we checked it, so we no longer show it.")


class ShownSource(NamedTuple):
    """What _reference.html shows of a reference."""

    key: str
    type: str
    status: str
    link: str
    doi: str


class ShownCitation(NamedTuple):
    """A reference in the list of a page, with what _reference.html shows of it."""

    number: int
    text: str
    is_removed: bool
    same_as: int | None
    backlinks: tuple[str, ...]
    reference: ShownSource


def article_context(article, revision, *, brief_sources=False):
    """The context of article_detail.html: text, evidence, citations, neighbours. Three queries.

    The revision need not be the live one: staff preview any of them. References and statements are always current, so
    a retraction shows at once without a new revision. With `brief_sources`, a reader follows a link to the rest of a
    reference; a leaflet has no links to follow.
    """
    statements, has_more = _statements(article)
    references, keys_by_statement = _references(revision, statements)
    numbers, first_numbers = _numbers(revision, statements, references, keys_by_statement)
    neighbours = _neighbours(article, revision)
    citations = _citations(revision, references, numbers, first_numbers, brief_sources)
    cited_in_text = [citation for citation in citations if citation["number"] <= len(revision.reference_keys)]
    return {
        "article": article,
        "revision": revision,
        "drawing": drawing_of(article.language, article.slug),
        "statement_groups": _statement_groups(article, statements, references, first_numbers, keys_by_statement),
        "statement_count": len(statements),
        "citations": citations,
        # Where the evidence is on a page of its own, so are the sources that only it cites.
        "shown_citations": cited_in_text if brief_sources else citations,
        "source_flag": _source_flag(references),
        "body_html": _body(revision, references),
        "reading_minutes": max(-(-revision.word_count // WORDS_A_MINUTE), 1),
        "related": _related(article, revision, neighbours, statements),
        "evidence_strips": _strips(article, statements, neighbours),
        "more_evidence_url": _evidence_url(article) if has_more else "",
        "crumbs": _crumbs(article),
        "ask_url": f"{reverse('consultations:inquiry-create')}?topic={article.slug}",
    }


def background_context(article) -> dict:
    """The context of article_background.html: what article_detail.html leaves out of a page for readers."""
    words = sorted(article.live.glossary, key=lambda word: word["term"].casefold())
    return article_context(article, article.live) | {"words": words}


# Composing these queries takes longer than answering them, and each page asks the same ones about other rows.
@cache
def _all_statements():
    """Without the texts of the pages that they belong to, which would be nine tenths of what the database sends."""
    shown = [
        "slug", "intervention", "outcome", "effect", "certainty", "sentence", "why", "shown_numbers", "recommended_by",
        "direction", "strength", "certainty_beneath", "search_where", "search_words", "search_date", "search_by",
        "search_read", "search_nearest",
    ]  # fmt: skip
    for page in ("condition", "therapy"):
        shown += [f"{page}__{name}" for name in ("kind", "slug", "language", "title", "live__title")]
    return EvidenceStatement.objects.published().with_live_pages().only(*shown)


def _statements(article):
    """The statements that its page shows, in the order of the page, and whether there are more."""
    found = list(_all_statements().for_article(article).most_certain(STATEMENTS_ON_A_PAGE + 1))
    if len(found) <= STATEMENTS_ON_A_PAGE:
        return found, False
    levels = [*Certainty.values, ""]
    found.sort(key=lambda statement: levels.index(statement.certainty))
    return found[:STATEMENTS_ON_A_PAGE], True


def _evidence_url(article):
    """The map of all the evidence about a condition or a therapy."""
    return f"{reverse('education:evidence')}?{urlencode({str(article.kind): article.slug})}"


def _crumbs(article):
    """The breadcrumb: pages above this one, as pairs of name and path."""
    names = {
        Kind.MECHANISM: _("How it works"),
        Kind.CONDITION: _("Skin conditions"),
        Kind.THERAPY: _("Treatments and habits"),
    }
    crumbs = [(_("Home"), reverse("education:home"))]
    if article.kind in names:
        crumbs.append((names[Kind(article.kind)], list_url(article.kind, article.language)))
    return crumbs


def _references(revision, statements):
    """References of the text and of its evidence in one query, and the keys that each statement cites.

    A revision may cite a reference that has since been merged into another; its old key then leads to the one kept.
    """
    statement_ids = [statement.pk for statement in statements]
    in_text = Reference.objects.filter(key__in=revision.reference_keys).order_by()
    in_evidence = EvidenceStatement.references.through.objects.filter(evidencestatement__in=statement_ids)
    rows = (
        Reference.objects.with_canonical()
        # From two indexes: for what is in one or the other table, a database reads every reference.
        .filter(pk__in=in_text.values("pk").union(in_evidence.values("reference")))
        .filter(Q(key__in=revision.reference_keys) | Q(evidencestatement__in=statement_ids))
        .annotate(statement_id=F("evidencestatement"))
    )
    # One reference may come in several rows, one for each statement that cites it.
    references, keys_by_statement = {}, {pk: [] for pk in statement_ids}
    for reference in rows:
        references[reference.key] = references[reference.canonical.key] = reference.canonical
        if reference.statement_id in keys_by_statement:
            keys_by_statement[reference.statement_id].append(reference.canonical.key)
    return references, keys_by_statement


def _numbers(revision, statements, references, keys_by_statement):
    """Numbers in the text stay as they were frozen; references that only the evidence cites are numbered after them.

    Returns numbers by the keys as cited, and first numbers by the keys of the references that were kept: after a merge,
    two numbers may be the same paper.
    """
    # The numbers are part of the frozen text, so they must never change (decision 2).
    numbers = {key: number for number, key in enumerate(revision.reference_keys, start=1)}
    first_numbers = {}
    for key, number in numbers.items():
        first_numbers.setdefault(references[key].key if key in references else key, number)
    for statement in statements:
        for key in keys_by_statement[statement.pk]:
            if key not in first_numbers:
                numbers[key] = first_numbers[key] = len(numbers) + 1
    return numbers, first_numbers


def _statement_groups(article, statements, references, numbers, keys_by_statement):
    on_condition_page = article.kind == Kind.CONDITION

    def label(statement):
        return statement.intervention_name if on_condition_page else statement.condition.short_title

    def other(statement):
        page = statement.therapy if on_condition_page else statement.condition
        return page if page and page.is_published else None

    # groupby needs the groups side by side: on a condition's page by intervention, otherwise by condition.
    ordered = sorted(statements, key=lambda s: s.row if on_condition_page else (label(s), *s.row))
    return [
        {
            "label": heading,
            "entries": [
                {
                    "statement": statement,
                    "numbers": sorted(numbers[key] for key in keys_by_statement[statement.pk]),
                    "references": _public(references[key] for key in keys_by_statement[statement.pk]),
                    "other": other(statement),
                }
                for statement in group
            ],
        }
        for heading, group in groupby(ordered, key=label)
    ]


def _public(references):
    """Once each, by their keys; those that did not hold up are not shown."""
    shown = {reference.key: reference for reference in references if not reference.is_hidden}
    return [shown[key] for key in sorted(shown)]


def _citations(revision, references, numbers, first_numbers, is_brief):
    """The reference list. One that has since been deleted is left out, but its number in the text stays.

    A rejected one is replaced by a sentence (`is_removed`). `same_as` is the number under which the same paper is
    already listed, or None.
    """
    cited = [(references[key], number) for key, number in numbers.items() if key in references]
    shown = [
        _shown_citation(reference, number, first_numbers[reference.key], revision, is_brief)
        for reference, number in cited
    ]
    return [
        citation._asdict() | {"reference": reference, "shown": citation}
        for citation, (reference, _number) in zip(shown, cited, strict=True)
    ]


def _shown_citation(reference, number, first_number, revision, is_brief):
    return ShownCitation(
        number=number,
        text=str(REMOVED) if reference.is_hidden else vancouver(reference, brief=is_brief),
        is_removed=reference.is_hidden,
        same_as=first_number if first_number != number else None,
        backlinks=tuple(f"cite-{number}-{time}" for time in range(1, revision.times_cited(number) + 1)),
        reference=ShownSource(reference.key, reference.type, reference.status, reference.link, reference.doi),
    )


def _source_flag(references):
    """The worst status among the page's sources: "retracted", "rejected" or ""."""
    # Sources of the text and of the evidence alike: readers cannot tell them apart.
    found = {reference.status for reference in references.values()}
    return next((status.value for status in FLAGGED if status in found), "")


def _body(revision, references):
    """The frozen text; citations of sources that have since been retracted are marked."""
    retracted = {
        number
        for number, key in enumerate(revision.reference_keys, start=1)
        if key in references and references[key].status == ReferenceStatus.RETRACTED
    }
    return mark_retracted(revision.body_html, retracted) if retracted else revision.body_html


def _neighbours(article, revision):
    """Related pages; for a therapy also every condition, because its map also shows what is not summarised yet."""
    wanted = Q(pk__in=revision.related_ids)
    if article.kind == Kind.THERAPY:
        conditions = Article.objects.published().of_kind(Kind.CONDITION).in_language(article.language)
        wanted |= Q(pk__in=conditions.order_by("title").values("pk")[: CONDITIONS_IN_A_STRIP + 1])
    return list(Article.objects.published().as_links().filter(wanted))


def _strips(article, statements, neighbours):
    """This page's row or column of the evidence map. No query."""
    if article.kind == Kind.CONDITION:
        return column_strip(article, statements)
    conditions = {page.pk: page for page in neighbours if page.kind == Kind.CONDITION}
    # On a site with so many, most of them are not summarised yet.
    answered_only = len(conditions) > CONDITIONS_IN_A_STRIP
    conditions |= {statement.condition_id: statement.condition for statement in statements}
    return row_strip(statements, sorted(conditions.values(), key=lambda page: page.short_title), answered_only)


def _related(article, revision, neighbours, statements):
    """Pages to read next: those that the authors chose, then those that most of the evidence here is about. No query.

    Those of the evidence fill up what the authors left free.
    """
    by_kind = [Kind.OVERVIEW, Kind.MECHANISM, Kind.CONDITION, Kind.THERAPY]
    chosen = [page for page in neighbours if page.pk in revision.related_ids]
    chosen.sort(key=lambda page: by_kind.index(page.kind))
    others = [each.therapy if article.kind == Kind.CONDITION else each.condition for each in statements]
    by_evidence = Counter(page for page in others if page and page.is_published)
    known = {article.pk, *(page.pk for page in chosen)}
    more = [page for page, _count in by_evidence.most_common() if page.pk not in known]
    return chosen + more[: max(MOST_RELATED - len(chosen), 0)]
