"""The map itself: what was tested down the side, the skin conditions along the top, one cell for each pair."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from education.evidence_map.filters import Choice
from education.evidence_map.marks import Mark, marks_of
from education.evidence_map.queries import Evidence, intervention_labels, number_of_papers
from education.models import Article, EvidenceStatement


def cell_anchor(condition: Article, intervention: str) -> str:
    """Id of the place on the page where the statements of a cell stand."""
    return f"cell-{condition.slug}-{intervention}"


@dataclass(frozen=True)
class Cell:
    """One intervention for one condition. There is no empty cell: what we do not hold is said in words."""

    condition: Article
    intervention: str
    name: str
    statements: list[EvidenceStatement]
    left_out: int  # statements that the reader's choice does not match

    @property
    def anchor(self) -> str:
        return cell_anchor(self.condition, self.intervention)

    @property
    def href(self) -> str:
        """To its statements; where the choice hides them all, to the same cell of the whole map."""
        hidden = self.left_out and not self.statements
        return f"{reverse('education:evidence')}#{self.anchor}" if hidden else f"#{self.anchor}"

    @cached_property
    def marks(self) -> list[Mark]:
        return marks_of(self.statements)

    @property
    def more(self) -> int:
        """Statements that no mark stands for, because there is room for three."""
        return len(self.statements) - sum(mark.count for mark in self.marks)

    @cached_property
    def papers(self) -> int:
        return number_of_papers(self.statements)

    @property
    def absence(self) -> str:
        """Why there is no mark; empty where there is one."""
        if self.statements:
            return ""
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
        """The whole cell as a sentence, for those who hear it."""
        parts = [_mark_words(mark) for mark in self.marks] or [self.absence]
        parts += [words for words in (self.more_words, self.papers_words) if words]
        return "; ".join(parts)


@dataclass(frozen=True)
class Column:
    condition: Article
    cells: list[Cell]

    @property
    def cells_to_read(self) -> list[Cell]:
        """Those that have something to say under the page's map: statements, or that we have not looked."""
        return [cell for cell in self.cells if cell.statements or not cell.left_out]


@dataclass(frozen=True)
class EvidenceMap:
    columns: list[Column]
    shown: int
    total: int

    @cached_property
    def rows(self) -> list[tuple[str, list[Cell]]]:
        """The same cells, row by row: the name of the intervention and a cell for each condition."""
        return [(cells[0].name, list(cells)) for cells in zip(*(column.cells for column in self.columns), strict=True)]


def map_of(evidence: Evidence, choice: Choice) -> EvidenceMap:
    """The map of what the choice leaves, with every cell of the chosen rows and columns."""
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
        if choice.condition in {"", article.slug}
    ]
    shown = sum(len(cell.statements) for column in columns for cell in column.cells)
    return EvidenceMap(columns, shown, len(evidence.statements))


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
