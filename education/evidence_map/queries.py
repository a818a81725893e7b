"""The evidence that readers may see: all of it on a small site, else a screenful of conditions. Three queries."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Page
from django.db.models import Count, Exists, OuterRef, Prefetch, Subquery, Value
from django.urls import reverse

from education.anchors import STATEMENT
from education.evidence_map.filters import SLUG, Choice
from education.models import Article, EvidenceStatement, Intervention, Kind, Reference
from education.models.evidence import UNRATED_EFFECTS
from education.pages import page_of, page_or_none

# More columns are wider than a screen, and their page would be heavier than 200 kB.
CONDITIONS_ON_A_PAGE = 4
# Sixty with their sources and reasons are 70 kB. That is more than our own map has; of a longer one, fewer are enough.
STATEMENTS_ON_ONE_MAP = 60
STATEMENTS_ON_A_PAGE = 30
# The name of the page of a single cell's statements in a query string. The other one is that of the conditions.
CELL_PAGE = "list"
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

    @property
    def most_listed(self) -> int:
        """How many statements are listed below the map."""
        return STATEMENTS_ON_ONE_MAP if self.is_all else STATEMENTS_ON_A_PAGE


def chosen_evidence(request, language) -> tuple[Evidence, Choice]:
    """What the reader chose in the address, and the evidence to answer it. Raises Http404 for a page that is not there.

    Three queries on a small site and without a choice, otherwise four; five for a word that could be a slug.
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
            narrowed = _narrowed_page(request, language, choice)
            # An old link still opens; the choice says that nothing was found.
            choice = choice if narrowed.object_list else choice.without_conditions()
            page = narrowed if narrowed.object_list else page
    conditions = list(page)
    is_all = first.paginator.num_pages == 1
    return Evidence(conditions, _statements_about(conditions, language), total, page, is_all), choice


def address_on_map(statement: EvidenceStatement) -> str:
    """Where the map lists a published statement: the whole map or, if too long, that of its condition or cell.

    Four queries at most, none of which looks at more rows than a page has, but for the place in a cell of many.
    """
    conditions = Article.objects.published().of_kind(Kind.CONDITION).in_language(statement.language)
    everything = EvidenceStatement.objects.published().in_language(statement.language)
    of_condition = everything.filter(condition=statement.condition)
    is_one_map = _fits(conditions, CONDITIONS_ON_A_PAGE)
    most = STATEMENTS_ON_ONE_MAP if is_one_map else STATEMENTS_ON_A_PAGE
    if is_one_map and _fits(everything.filter(condition__in=conditions.order_by().values("pk")), most):
        chosen = {}
    elif _fits(of_condition, most):
        chosen = {"condition": statement.condition.slug}
    else:
        chosen = {"condition": statement.condition.slug, "intervention": statement.intervention}
        before = of_condition.filter(intervention=statement.intervention, pk__lt=statement.pk).count()
        if before >= most:
            chosen[CELL_PAGE] = before // most + 1
    query = f"?{urlencode(chosen)}" if chosen else ""
    return f"{reverse('education:evidence')}{query}#{STATEMENT}{statement.slug}"


def _fits(rows, most):
    return rows.order_by()[: most + 1].count() <= most


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


def _narrowed_page(request, language, choice):
    """A page of the conditions with the slug or else with the words that were chosen, and with a matching statement."""
    conditions = _conditions(language)
    if SLUG.fullmatch(choice.condition):
        # Asked first: most links have a slug, and to look for words the database reads every title.
        named = conditions.filter(slug=choice.condition)
        page = page_or_none(_narrowed(named, choice), request, CONDITIONS_ON_A_PAGE)
        if page and page.object_list:
            return page
        conditions = conditions.filter(~Exists(named))
    if choice.condition:
        conditions = conditions.filter(live__title__icontains=choice.condition.replace("-", " "))
    return page_of(_narrowed(conditions, choice), request, CONDITIONS_ON_A_PAGE)


def _narrowed(conditions, choice):
    """The conditions with a statement that matches, and with the first letter chosen."""
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
