"""The evidence that readers may see: all of it on a small site, else a screenful of conditions.

Five queries for a page or a file: what can be chosen, the conditions that are, what is known of them, the statements
that are shown, and their sources.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.core.paginator import Page
from django.db.models import Exists, F, FilteredRelation, OuterRef, Prefetch, Q, Value

from education.evidence_map.filters import Choice
from education.models import Article, EvidenceStatement, Intervention, Kind, Reference
from education.models.evidence import UNRATED_EFFECTS
from education.models.evidence_watch import days_of_last_looks
from education.models.reference import FLAGGED
from education.pages import page_of
from gutskin.counting import number_of

# More columns are wider than a screen, and their page would be heavier than 200 kB.
CONDITIONS_ON_A_PAGE = 4
# A reader chooses from a list of so many; of more, by words or by a letter.
CONDITIONS_IN_A_LIST = 30
SHOWN_OF_A_PAGE = ("kind", "slug", "language", "title", "live__title", "live__summary")
# What __str__ of a clinician needs.
REVIEWER = ("name", "credentials")


class Answer(NamedTuple):
    """A published statement as it is counted and drawn, without its words: a condition may have hundreds."""

    pk: int
    condition: Article
    intervention: str
    effect: str
    certainty: str
    therapy: str  # slug of the therapy's page; empty if readers cannot see it
    papers: set[int]  # ids of the papers that it cites, without retracted and rejected ones

    @property
    def is_rated(self):
        return self.effect not in UNRATED_EFFECTS


class Named(NamedTuple):
    """An intervention or a condition, as a reader chooses it."""

    slug: str
    name: str


@dataclass(frozen=True)
class Evidence:
    """Conditions with a public page, and every published statement about them, in the order of the page.

    `page` says which conditions of how many these are, and `total` is the number of all published statements.
    """

    conditions: list[Article]
    interventions: list["Named"]
    named_conditions: list["Named"]  # every condition, or none if they are too many for a list
    answers: list[Answer]
    total: int
    page: Page
    is_all: bool  # every condition there is


def chosen_evidence(request, language, *, only_answered=False) -> tuple[Evidence, Choice]:
    """What the reader chose in the address, and the evidence to answer it. Raises Http404 for a page that is not there.

    With `only_answered`, a site with more conditions than one map can show leaves out those without a statement. Three
    queries, or five if nothing was found.
    """
    interventions, named_conditions = _choices(language)
    known = {row.slug for row in interventions}
    choice = Choice.of_many(request.GET, known)
    page = page_of(_narrowed(language, choice, only_answered), request, CONDITIONS_ON_A_PAGE)
    total = page.object_list[0].statement_count if page.object_list else 0
    is_all = bool(page.object_list) and page.object_list[0].condition_count <= CONDITIONS_ON_A_PAGE
    if not page.object_list:
        every = page_of(_counted(language), request, CONDITIONS_ON_A_PAGE)
        total, is_all = (every.object_list[0].statement_count, False) if every.object_list else (0, True)
        # An old link still opens; the choice says that its condition was not found.
        if choice.names_conditions and not _counted(language).filter(_has_name(choice, language)).exists():
            page, choice = every, choice.without_conditions()
    conditions = list(page)
    if is_all:
        choice = Choice.of(request.GET, conditions, known)
    answers = _answers_about(conditions, interventions, language)
    return Evidence(conditions, interventions, named_conditions, answers, total, page, is_all), choice


def _choices(language):
    """The interventions in the order of the map's rows, and the conditions by name. One query."""
    few = _conditions(language).order_by().annotate(condition_count=number_of(_conditions(language)))
    few = few.filter(condition_count__lte=CONDITIONS_IN_A_LIST)
    rows = Intervention.objects.order_by().annotate(is_condition=Value(0), place=F("position"))
    conditions = few.annotate(is_condition=Value(1), place=Value(0)).values_list(
        "is_condition", "place", "live__title", "slug"
    )
    found = sorted(rows.values_list("is_condition", "place", "name", "slug").union(conditions, all=True))
    interventions = [Named(slug, name) for is_condition, _place, name, slug in found if not is_condition]
    return interventions, [Named(slug, name) for is_condition, _place, name, slug in found if is_condition]


def _conditions(language):
    conditions = Article.objects.published().of_kind(Kind.CONDITION).in_language(language).with_live()
    # The text of the pages is not shown here, and would be most of what the database sends.
    return conditions.only(*SHOWN_OF_A_PAGE)


def _counted(language):
    """All conditions, each with the number of all conditions and that of all statements, and its `looks`."""
    conditions = _conditions(language).order_by()
    statements = EvidenceStatement.objects.published().in_language(language)
    # From two indexes and no table.
    statements = statements.filter(condition__in=conditions.values("pk"))
    return _conditions(language).annotate(
        condition_count=number_of(conditions), statement_count=number_of(statements), looks=days_of_last_looks()
    )


def looks_of(condition) -> dict[str, date]:
    """By row of the map, the day on which it was last looked at for this condition."""
    return {look["intervention"]: date.fromisoformat(look["day"]) for look in condition.looks or ()}


def _narrowed(language, choice, only_answered):
    """The conditions that the reader chose or, if there are few, all of them: the rest of the map is drawn as well."""
    conditions = _counted(language)
    if not choice and not only_answered:
        return conditions
    chosen = _has_name(choice, language)
    if only_answered or choice.narrows_statements:
        chosen &= Q(Exists(_matching_statements(choice, language).filter(condition=OuterRef("pk"))))
    return conditions.filter(Q(condition_count__lte=CONDITIONS_ON_A_PAGE) | chosen)


def _has_name(choice, language):
    """The slug, the words or the first letter chosen."""
    named = Q()
    if choice.condition:
        has_slug = Exists(_conditions(language).filter(slug=choice.condition))
        named &= Q(slug=choice.condition) | ~has_slug & Q(live__title__icontains=choice.condition.replace("-", " "))
    if choice.letter:
        named &= Q(live__title__istartswith=choice.letter)
    return named


def _matching_statements(choice, language):
    statements = EvidenceStatement.objects.published().in_language(language)
    if choice.intervention:
        statements = statements.filter(intervention=choice.intervention)
    if choice.therapy:
        statements = statements.filter(therapy__in=Article.objects.filter(slug=choice.therapy).order_by().values("pk"))
    if choice.certainty in UNRATED_EFFECTS:
        statements = statements.filter(effect=choice.certainty)
    elif choice.certainty:
        statements = statements.filter(certainty=choice.certainty)
    return statements


def _answers_about(conditions, interventions, language) -> list[Answer]:
    """Every published statement about the conditions, by condition, row of the map, and age. One query."""
    by_id = {condition.pk: condition for condition in conditions}
    statements = EvidenceStatement.objects.published().in_language(language).filter(condition__in=list(by_id))
    fields = ("pk", "condition", "intervention", "effect", "certainty")
    fields += ("therapy__slug", "therapy__language", "therapy__live", "paper__pk")
    # A duplicate is not counted: the record that it was merged into is cited in its place.
    counted = ~Q(references__status__in=FLAGGED) & Q(references__merged_into__isnull=True)
    with_papers = statements.order_by().annotate(paper=FilteredRelation("references", condition=counted))
    answers = {}
    # One row for each paper.
    for pk, condition, *values, slug, therapy_language, live, paper in with_papers.values_list(*fields):
        if pk not in answers:
            shown = slug if live is not None and therapy_language == language else ""
            answers[pk] = Answer(pk, by_id[condition], *values, shown, set())
        if paper is not None:
            answers[pk].papers.add(paper)
    # In Python, because the order of the pages is that of the first query.
    places = {pk: place for place, pk in enumerate(by_id)}
    rows_of_the_map = {intervention.slug: row for row, intervention in enumerate(interventions)}
    return sorted(
        answers.values(),
        key=lambda answer: (places[answer.condition.pk], rows_of_the_map[answer.intervention], answer.pk),
    )


def statements_of(answers: Iterable[Answer]) -> dict[int, EvidenceStatement]:
    """The statements with their words, by primary key, in the order of the answers. Two queries.

    Each has its condition, its therapy (None if that has no page), its reviewer, `flag` and its public sources.
    """
    by_id = {answer.pk: answer for answer in answers}
    own = [field.name for field in EvidenceStatement._meta.concrete_fields]
    statements = (
        EvidenceStatement.objects.filter(pk__in=list(by_id))
        .order_by()
        .select_related("reviewed_by", "therapy__live", "intervention")
        .only(
            *own,
            "intervention__slug",
            "intervention__name",
            *(f"reviewed_by__{name}" for name in REVIEWER),
            *(f"therapy__{name}" for name in SHOWN_OF_A_PAGE),
        )
        .with_flag()
        .prefetch_related(Prefetch("references", queryset=Reference.objects.public_of_others()))
        .in_bulk()
    )
    for pk, statement in statements.items():
        # Set from the page already loaded, so that following the relation costs no query.
        statement.condition = by_id[pk].condition
        if not by_id[pk].therapy:
            statement.therapy = None
    return {pk: statements[pk] for pk in by_id if pk in statements}
