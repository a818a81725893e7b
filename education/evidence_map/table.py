"""The evidence map as a table: interventions down the side, conditions along the top, a cell for each pair.

A strip is one row or column of it, for the page of a treatment or a condition.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlencode

from django.core.paginator import Page
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from education.anchors import cell_address, cell_anchor
from education.evidence_map.filters import Choice
from education.evidence_map.marks import Mark, marks_of
from education.evidence_map.queries import Evidence, intervention_labels, number_of_papers
from education.models import Article, EvidenceStatement

# On the page of a treatment; on a site with more conditions, only those with an answer are named.
CONDITIONS_IN_A_STRIP = 12


@dataclass(frozen=True)
class Cell:
    """One intervention for one condition. No cell is blank: if there are no statements, `absence` says why."""

    condition: Article
    intervention: str
    name: str
    statements: list[EvidenceStatement]
    left_out: int  # number of statements that the reader's filters exclude
    room: int = 0  # number of statements that are listed below the map
    start: int = 0  # the first of them

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
    def listed(self) -> list[EvidenceStatement]:
        return self.statements[self.start : self.start + self.room]

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
        return number_of_papers(self.statements)

    @property
    def absence(self) -> str:
        """Why there is no mark; empty if there is one."""
        if self.statements:
            return ""
        # Three different answers: “we found no trials” is a statement with an effect of its own (decision 11).
        return _("Hidden by your choice") if self.left_out else _("We have not looked")

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
        """The cells listed below the map: those with statements, and those where we have not looked."""
        return [cell for cell in self.cells if cell.statements or not cell.left_out]


@dataclass(frozen=True)
class EvidenceMap:
    """The columns, with how many statements they show and how many there are in total."""

    columns: list[Column]
    shown: int
    total: int

    @property
    def only_cell(self) -> Cell | None:
        """The cell, if there is no other one: its statements then have pages."""
        cells = [cell for column in self.columns for cell in column.cells]
        return cells[0] if len(cells) == 1 else None

    def at_page(self, page: Page) -> "EvidenceMap":
        """The same map of one cell, with another page of its statements."""
        (column,) = self.columns
        cells = [replace(cell, start=max(page.start_index() - 1, 0)) for cell in column.cells]
        return replace(self, columns=[replace(column, cells=cells)])

    @cached_property
    def rows(self) -> list[tuple[str, list[Cell]]]:
        """The same cells by row: the name of an intervention, and its cell for each condition."""
        return [(cells[0].name, list(cells)) for cells in zip(*(column.cells for column in self.columns), strict=True)]


def build_map(evidence: Evidence, choice: Choice) -> EvidenceMap:
    """The map of the statements that match the filters, with every cell of the chosen rows and columns. No query."""
    by_cell = defaultdict(list)
    for statement in evidence.statements:
        by_cell[statement.condition_id, statement.intervention].append(statement)
    names = {value: name for value, name in intervention_labels().items() if choice.intervention in {"", value}}
    columns = [
        Column(
            article,
            [_cell(article, value, name, by_cell[article.pk, value], choice) for value, name in names.items()],
        )
        for article in evidence.conditions
        if choice.takes(article)
    ]
    counts = [len(cell.statements) for column in columns for cell in column.cells]
    room = _room(counts, evidence.most_listed)
    columns = [Column(column.condition, [replace(cell, room=room) for cell in column.cells]) for column in columns]
    return EvidenceMap(columns, sum(counts), evidence.total)


def _room(counts, most) -> int:
    """How many statements of each cell are listed, so that all cells together list at most `most`. At least one."""
    room = most
    while room > 1 and sum(min(count, room) for count in counts) > most:
        room -= 1
    return room


def _cell(article, intervention, name, statements, choice):
    matching = [statement for statement in statements if choice.matches(statement)]
    return Cell(article, intervention, name, matching, len(statements) - len(matching))


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
    """One cell of a strip. No marks means that we have not looked."""

    name: str
    marks: list[Mark]
    more: int
    statement: str  # slug of its first statement, which the entry links to
    address: str  # of this cell on the map


@dataclass(frozen=True)
class Strip:
    """A row or column of the map. The heading names the intervention of a row, and is empty for a column."""

    heading: str
    entries: list[StripEntry]


def column_strip(condition, statements) -> list[Strip]:
    """The column of one condition, as a list of one strip or, without statements, of none. No query."""
    if not statements:
        return []
    cells = _by_cell(statements)
    return [Strip("", [_entry(name, condition, value, cells) for value, name in intervention_labels().items()])]


def row_strip(statements, conditions, answered_only=False) -> list[Strip]:
    """A strip for each intervention that the statements of a treatment's page are about. No query.

    With `answered_only`, a strip names only conditions with a statement, and at most CONDITIONS_IN_A_STRIP.
    """
    cells = _by_cell(statements)
    named = {statement.intervention for statement in statements}

    def shown(value):
        if not answered_only:
            return conditions
        return [condition for condition in conditions if cells[condition.pk, value]][:CONDITIONS_IN_A_STRIP]

    return [
        Strip(name, [_entry(condition.shown_title, condition, value, cells) for condition in shown(value)])
        for value, name in intervention_labels().items()
        # Interventions that the page does not mention would fill it with empty strips.
        if value in named
    ]


def _by_cell(statements):
    cells = defaultdict(list)
    for statement in statements:
        cells[statement.condition_id, statement.intervention].append(statement)
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
