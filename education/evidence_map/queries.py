"""The evidence that readers may see: all of it on a small site, else a screenful of conditions. Three queries."""

from dataclasses import dataclass

from django.core.paginator import Page
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery, Value

from education.evidence_map.filters import Choice
from education.models import Article, EvidenceStatement, Intervention, Kind, Reference
from education.models.evidence import UNRATED_EFFECTS
from education.pages import page_of

# More columns are wider than a screen, and their page would be heavier than 200 kB.
CONDITIONS_ON_A_PAGE = 4
SHOWN_OF_A_PAGE = ("kind", "slug", "language", "title", "live__title", "live__summary")


@dataclass(frozen=True)
class Evidence:
    """Conditions with a public page, and every published statement about them, in the order of the page.

    `page` says which conditions of how many these are, and `total` is the number of all published statements.
    """

    conditions: list[Article]
    statements: list[EvidenceStatement]
    total: int
    page: Page
    is_all: bool  # every condition there is


def chosen_evidence(request, language) -> tuple[Evidence, Choice]:
    """What the reader chose in the address, and the evidence to answer it. Raises Http404 for a page that is not there.

    Three queries on a small site and without a choice, otherwise four.
    """
    page = first = page_of(
        _conditions(language).annotate(statement_count=_count(language)), request, CONDITIONS_ON_A_PAGE
    )
    total = page.object_list[0].statement_count if page.object_list else 0
    if page.paginator.num_pages == 1:
        choice = Choice.of(request.GET, page.object_list)
    else:
        choice = Choice.of_many(request.GET)
        if choice:
            narrowed = page_of(_narrowed(_conditions(language), choice), request, CONDITIONS_ON_A_PAGE)
            # An old link still opens; the choice says that nothing was found.
            choice = choice if narrowed.object_list else choice.without_conditions()
            page = narrowed if narrowed.object_list else page
    conditions = list(page)
    is_all = first.paginator.num_pages == 1
    return Evidence(conditions, _statements_about(conditions, language), total, page, is_all), choice


def _conditions(language):
    conditions = Article.objects.published().of_kind(Kind.CONDITION).in_language(language).with_live()
    # The text of the pages is not shown here, and would be most of what the database sends.
    return conditions.only(*SHOWN_OF_A_PAGE)


def _count(language):
    """The number of all published statements, from two indexes and no table."""
    conditions = Article.objects.published().of_kind(Kind.CONDITION).in_language(language).order_by().values("pk")
    statements = EvidenceStatement.objects.published().in_language(language).filter(condition__in=conditions)
    counted = statements.order_by().values(everything=Value(1)).annotate(statement_count=Count("pk"))
    return Subquery(counted.values("statement_count"))


def _narrowed(conditions, choice):
    """The conditions with a statement that matches, and with the slug, the words or the first letter chosen."""
    if choice.condition:
        has_slug = Exists(conditions.filter(slug=choice.condition))
        conditions = conditions.filter(
            Q(slug=choice.condition) | ~has_slug & Q(live__title__icontains=choice.condition.replace("-", " "))
        )
    if choice.letter:
        conditions = conditions.filter(live__title__istartswith=choice.letter)
    statements = EvidenceStatement.objects.published().filter(condition=OuterRef("pk"))
    if choice.intervention:
        statements = statements.filter(intervention=choice.intervention)
    if choice.therapy:
        statements = statements.filter(therapy__slug=choice.therapy)
    if choice.certainty in UNRATED_EFFECTS:
        statements = statements.filter(effect=choice.certainty)
    elif choice.certainty:
        statements = statements.filter(certainty=choice.certainty)
    return conditions.filter(Exists(statements)) if choice.narrows_statements else conditions


def _statements_about(conditions, language) -> list[EvidenceStatement]:
    """Each with its condition, its therapy (None if that has no page), its reviewer, `flag` and public references."""
    by_id = {condition.pk: condition for condition in conditions}
    own = [field.name for field in EvidenceStatement._meta.concrete_fields]
    statements = list(
        EvidenceStatement.objects.published()
        .in_language(language)
        .filter(condition__in=list(by_id))
        .select_related("reviewed_by", "therapy__live")
        .only(*own, *(f"reviewed_by__{name}" for name in REVIEWER), *(f"therapy__{name}" for name in SHOWN_OF_A_PAGE))
        .with_flag()
        .prefetch_related(Prefetch("references", queryset=Reference.objects.public_of_others()))
    )
    for statement in statements:
        # Set from the pages already loaded, so that following the relation costs no query.
        statement.condition = by_id[statement.condition_id]
        therapy = statement.therapy
        if therapy and (not therapy.is_published or therapy.language != language):
            statement.therapy = None
    # In Python, because the order of the pages is that of the first query.
    order = {pk: place for place, pk in enumerate(by_id)}
    statements.sort(key=lambda statement: (order[statement.condition_id], statement.row, statement.pk))
    return statements


# What __str__ of a clinician needs.
REVIEWER = ("name", "credentials")


def number_of_papers(statements) -> int:
    """The number of different papers that the statements cite. Retracted and rejected ones no longer count."""
    return len(
        {reference.pk for statement in statements for reference in statement.references.all() if reference.is_citable}
    )


def intervention_labels() -> dict[str, str]:
    """The interventions, in the order of the map's rows, with their labels."""
    return {value: str(label) for value, label in Intervention.choices}
