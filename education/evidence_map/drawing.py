"""The drawn evidence map (SVG): the position of every line and sign. SVG does not wrap text, so it is wrapped here.

Lengths are in user units of the drawing, which are CSS pixels if the page is wide enough.
"""

from dataclasses import dataclass
from textwrap import wrap

from education.evidence_map.marks import Mark
from education.evidence_map.table import Cell, EvidenceMap

NAMES = 164
WIDE = 1016
NARROWEST_COLUMN, WIDEST_COLUMN = 150, 300
PADDING = 10
SIGN = 24  # width of the arrow
SIGN_ABOVE = 13  # from its top to the baseline of the words beside it
GRADE = 58  # width of the four certainty signs
LINE = 19
GAP = 7
# Average width of a letter. Fonts differ, so this is too wide rather than too narrow: text must not run into a sign.
LETTER, LETTER_OF_NAME = 7.9, 8.4


@dataclass(frozen=True)
class Line:
    x: int
    y: int
    text: str


@dataclass(frozen=True)
class PlacedMark:
    mark: Mark
    effect: list[Line]
    certainty: Line | None

    @property
    def sign_y(self):
        return self.effect[0].y - SIGN_ABOVE

    @property
    def grade_x(self):
        return self.certainty.x - GRADE

    @property
    def grade_y(self):
        return self.certainty.y - 11


@dataclass(frozen=True)
class PlacedCell:
    cell: Cell
    x: int
    y: int
    width: int
    height: int
    marks: list[PlacedMark]
    lines: list[Line]

    @property
    def absence_y(self):
        """The top of the sign that says that there are no statements."""
        return self.y + PADDING + LINE - SIGN_ABOVE

    @property
    def sign_x(self):
        return self.x + PADDING

    @property
    def ring(self):
        """The focus ring, drawn inside the cell so that no neighbour covers it (WCAG 2.2, 2.4.7)."""
        return {"x": self.x + 3, "y": self.y + 3, "width": self.width - 6, "height": self.height - 6}


@dataclass(frozen=True)
class PlacedRow:
    y: int
    name: list[Line]
    cells: list[PlacedCell]


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    headings: list[tuple[str, list[Line]]]  # id of the condition's section, lines of its title
    rows: list[PlacedRow]
    foot: int


def draw(evidence_map: EvidenceMap) -> Drawing:
    """Lay out the map. Each row is as high as its fullest cell."""
    columns = evidence_map.columns
    width = min(max((WIDE - NAMES) // max(len(columns), 1), NARROWEST_COLUMN), WIDEST_COLUMN)
    lefts = [NAMES + place * width for place in range(len(columns))]
    headings = [
        (column.condition.slug, _lines(column.condition.live.title, left + PADDING, 0, width - PADDING, LETTER_OF_NAME))
        for column, left in zip(columns, lefts, strict=True)
    ]
    top = _height([lines for _, lines in headings]) + PADDING
    rows, y = [], top
    for name, cells in evidence_map.rows:
        name_lines = _lines(name, 0, y + PADDING, NAMES - PADDING, LETTER_OF_NAME)
        placed = [_place(cell, left, y, width) for cell, left in zip(cells, lefts, strict=True)]
        # A long name may need more lines than any cell of its row.
        bottom = max(_bottom(name_lines, y), *(cell.y + cell.height for cell in placed))
        rows.append(PlacedRow(y, name_lines, [_stretched(cell, bottom - y) for cell in placed]))
        y = bottom
    return Drawing(NAMES + len(columns) * width, y + 2, headings, rows, foot=y + 1)


def _place(cell, x, y, width):
    text_x, room = x + PADDING + SIGN, width - 2 * PADDING - SIGN
    marks, at = [], y + PADDING
    for mark in cell.marks:
        times = f" ×{mark.count}" if mark.count > 1 else ""
        effect = _lines(mark.effect_label + times, text_x, at, room, LETTER)
        at += len(effect) * LINE
        certainty = None
        if mark.certainty:
            at += LINE
            certainty = Line(text_x + GRADE, at, mark.level_label)
        marks.append(PlacedMark(mark, effect, certainty))
        at += GAP
    lines = []
    for words in (cell.absence, cell.more_words, cell.papers_words):
        placed = _lines(words, text_x, at, room, LETTER)
        at += len(placed) * LINE
        lines += placed
    return PlacedCell(cell, x, y, width, at + PADDING - y, marks, lines)


def _stretched(placed, height):
    return PlacedCell(placed.cell, placed.x, placed.y, placed.width, height, placed.marks, placed.lines)


def _lines(text, x, y, room, letter):
    """Wrap the text. The baseline of each line is one line height below the top of that line."""
    return [Line(x, y + number * LINE, line) for number, line in enumerate(wrap(text, max(int(room / letter), 6)), 1)]


def _bottom(lines, top):
    return (lines[-1].y if lines else top) + PADDING


def _height(lists):
    return max((lines[-1].y for lines in lists if lines), default=0)
