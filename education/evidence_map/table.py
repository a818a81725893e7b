"""The evidence map as a table: interventions down the side, conditions along the top, a cell for each pair.

A strip is one row or column of it, for the page of a treatment or a condition.
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.core.paginator import Page
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from education.anchors import cell_address, cell_anchor
from education.evidence_map.filters import Choice
from education.evidence_map.marks import Mark, marks_of
from education.evidence_map.queries import Answer, Evidence, looks_of
from education.models import Article, EvidenceStatement

# Thirty with their numbers, sources and reasons are 90 kB.
STATEMENTS_ON_A_PAGE = 30
# Where there are more about one condition, its page leads on to its cells, and its file has parts.
STATEMENTS_OF_A_CONDITION = 20
# On the page of a treatment; on a site with more conditions, only those with an answer are named.
CONDITIONS_IN_A_STRIP = 12


def most_listed(columns: int) -> int:
    """How many statements a map of so many conditions lists, and one part of its file has."""
    return STATEMENTS_OF_A_CONDITION if columns == 1 else STATEMENTS_ON_A_PAGE


@dataclass(frozen=True)
class Cell:
    """One intervention for one condition. No cell is blank: if there are no statements, `absence` says why."""

    condition: Article
    intervention: str
    name: str
    statements: list[Answer]
    left_out: int  # number of statements that the reader's filters exclude
    listed: list[EvidenceStatement] = field(default_factory=list)  # with their words, below the map; not in a file
    last_checked: date | None = None  # the day of the last look for new trials

    @property
    def anchor(self) -> str:
        return cell_anchor(self.condition.slug, self.intervention)

    @property
    def href(self) -> str:
        """The address of its statements or, if the filters hide them all, of the same cell in an unfiltered map."""
        # The cell's section is not on the filtered page.
        hidden = self.left_out and not self.statements
        return cell_address(self.condition.slug, self.intervention) if hidden else f"#{self.anchor}"

    @property
    def unlisted(self) -> int:
        return len(self.statements) - len(self.listed)

    @property
    def chosen(self) -> str:
        """The query string with which the page of the map shows this cell alone."""
        return f"?{urlencode({'condition': self.condition.slug, 'intervention': self.intervention})}"

    @cached_property
    def marks(self) -> list[Mark]:
        return marks_of(self.statements)

    @property
    def more(self) -> int:
        """Number of statements without a mark: there is only room for three marks."""
        return len(self.statements) - sum(mark.count for mark in self.marks)

    @cached_property
    def papers(self) -> int:
        """The number of different papers that its statements cite. Retracted and rejected ones no longer count."""
        return len(set().union(*(answer.papers for answer in self.statements)))

    @property
    def absence(self) -> str:
        """Why there is no mark; empty if there is one."""
        if self.statements:
            return ""
        # Three different answers: “we found no trials” is a statement with an effect of its own (decision 11).
        return _("Hidden by your choice") if self.left_out else _("Not summarised yet")

    @property
    def more_words(self) -> str:
        return (
            ngettext("and %(count)s more", "and %(count)s more", self.more) % {"count": self.more} if self.more else ""
        )

    @property
    def papers_words(self) -> str:
        return (
            ngettext("%(count)s paper", "%(count)s papers", self.papers) % {"count": self.papers} if self.papers else ""
        )

    @property
    def words(self) -> str:
        """The whole cell in words, for screen readers (WCAG 2.2, 1.1.1): the drawing shows it as signs."""
        parts = [_mark_words(mark) for mark in self.marks] or [self.absence]
        parts += [words for words in (self.more_words, self.papers_words) if words]
        return "; ".join(parts)


@dataclass(frozen=True)
class Column:
    """A condition with a cell for each intervention."""

    condition: Article
    cells: list[Cell]

    @property
    def cells_to_read(self) -> list[Cell]:
        """The cells listed below the map: those with statements, and those not summarised yet."""
        return [cell for cell in self.cells if cell.statements or not cell.left_out]


@dataclass(frozen=True)
class EvidenceMap:
    """The columns, with how many statements they show and how many there are in total."""

    columns: list[Column]
    shown: int
    total: int
    start: int = 0  # of each cell, the first statement that is listed

    @cached_property
    def rows(self) -> list[tuple[str, list[Cell]]]:
        """The same cells by row: the name of an intervention, and its cell for each condition."""
        return [(cells[0].name, list(cells)) for cells in zip(*(column.cells for column in self.columns), strict=True)]

    @property
    def cells(self) -> list[Cell]:
        """By condition, in the order in which their statements are listed."""
        return [cell for column in self.columns for cell in column.cells]

    @property
    def only_cell(self) -> Cell | None:
        """The cell, if there is no other one: its statements then have pages."""
        return self.cells[0] if len(self.cells) == 1 else None

    def at_page(self, page: Page) -> "EvidenceMap":
        """The same map of one cell, with another page of its statements."""
        return replace(self, start=max(page.start_index() - 1, 0))

    @property
    def answers(self) -> list[Answer]:
        return [answer for cell in self.cells for answer in cell.statements]

    @property
    def most_in_a_file(self) -> int:
        """How many statements one part of a file has."""
        return most_listed(len(self.columns))

    @property
    def has_parts(self) -> bool:
        return self.shown > self.most_in_a_file

    @cached_property
    def room(self) -> int:
        """How many statements of each cell are listed, so that all cells together fit on a page. At least one."""
        counts = [len(cell.statements) for cell in self.cells]
        # A cell alone is where the page of its condition leads to.
        fitting = STATEMENTS_ON_A_PAGE if self.only_cell else self.most_in_a_file
        room = fitting
        while room > 1 and sum(min(count, room) for count in counts) > fitting:
            room -= 1
        return room

    @property
    def answers_to_list(self) -> list[Answer]:
        return [answer for cell in self.cells for answer in self._to_list(cell)]

    def with_listed(self, statements: dict[int, EvidenceStatement]) -> "EvidenceMap":
        """The same map with the words of the statements in `answers_to_list`, by primary key."""

        def listing(cell):
            listed = [statements[answer.pk] for answer in self._to_list(cell) if answer.pk in statements]
            return replace(cell, listed=listed)

        return replace(self, columns=[Column(each.condition, list(map(listing, each.cells))) for each in self.columns])

    def _to_list(self, cell):
        return cell.statements[self.start : self.start + self.room]


def build_map(evidence: Evidence, choice: Choice) -> EvidenceMap:
    """The map of the statements that match the filters, with every cell of the chosen rows and columns. No query."""
    by_cell = defaultdict(list)
    for answer in evidence.answers:
        by_cell[answer.condition.pk, answer.intervention].append(answer)
    names = {row.slug: row.name for row in evidence.interventions if choice.intervention in {"", row.slug}}
    columns = [
        Column(article, _cells(article, names, by_cell, choice))
        for article in evidence.conditions
        if choice.takes(article)
    ]
    shown = sum(len(cell.statements) for column in columns for cell in column.cells)
    return EvidenceMap(columns, shown, evidence.total)


def _cells(article, names, by_cell, choice):
    looks = looks_of(article)
    return [
        _cell(article, value, name, by_cell[article.pk, value], choice, looks.get(value))
        for value, name in names.items()
    ]


def _cell(article, intervention, name, statements, choice, last_checked):
    matching = [statement for statement in statements if choice.matches(statement)]
    left_out = len(statements) - len(matching)
    return Cell(article, intervention, name, matching, left_out, last_checked=last_checked)


def _mark_words(mark):
    words = ", ".join(label for label in (mark.effect_label, mark.certainty_label.lower()) if label)
    if mark.count == 1:
        return words
    return ngettext("%(mark)s (%(count)s statement)", "%(mark)s (%(count)s statements)", mark.count) % {
        "mark": words,
        "count": mark.count,
    }


@dataclass(frozen=True)
class StripEntry:
    """One cell of a strip. Without marks, nothing is summarised yet."""

    name: str
    marks: list[Mark]
    more: int
    statement: str  # slug of its first statement, which the entry links to
    address: str  # of this cell on the map


@dataclass(frozen=True)
class Strip:
    """A row or column of the map. The heading names the intervention of a row, and is empty for a column.

    The conditions of a row that have no statement yet are gathered in `gaps`: a reader compares answers.
    """

    heading: str
    entries: list[StripEntry]
    gaps: list[StripEntry] = field(default_factory=list)


def column_strip(condition, statements) -> list[Strip]:
    """The column of one condition, as a list of one strip or, without statements, of none. No query."""
    if not statements:
        return []
    cells = _by_cell(statements)
    # Without the interventions that are not summarised yet: the map names them.
    return [Strip("", [_entry(name, condition, value, cells) for value, name in _rows_of(statements)])]


def row_strip(statements, conditions, answered_only=False) -> list[Strip]:
    """A strip for each intervention that the statements of a treatment's page are about. No query.

    With `answered_only`, a strip names only conditions with a statement, and at most CONDITIONS_IN_A_STRIP.
    """
    cells = _by_cell(statements)

    def row(value, name):
        every = [_entry(condition.short_title, condition, value, cells) for condition in conditions]
        answered = [entry for entry in every if entry.marks]
        if answered_only:
            return Strip(name, answered[:CONDITIONS_IN_A_STRIP])
        return Strip(name, answered, [entry for entry in every if not entry.marks])

    # Interventions that the page does not mention would fill it with empty strips.
    return [row(value, name) for value, name in _rows_of(statements)]


def _rows_of(statements) -> list[tuple[str, str]]:
    """Short names and names of the interventions that the statements are about, in the order of the map's rows."""
    rows = {statement.intervention_id: statement for statement in statements}
    return [(value, one.intervention_name) for value, one in sorted(rows.items(), key=lambda row: row[1].row)]


def _by_cell(statements):
    cells = defaultdict(list)
    for statement in statements:
        cells[statement.condition_id, statement.intervention_id].append(statement)
    return cells


def _entry(name, condition, intervention, cells):
    here = cells[condition.pk, intervention]
    marks = marks_of(here)
    return StripEntry(
        name=name,
        marks=marks,
        more=len(here) - sum(mark.count for mark in marks),
        statement=here[0].slug if here else "",
        address=cell_address(condition.slug, intervention),
    )
