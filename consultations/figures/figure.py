from dataclasses import dataclass, field

from django.utils.text import capfirst


@dataclass(frozen=True)
class Row:
    """One line of a table. `moment` is the week or month it is about, as machines write it."""

    name: str
    cells: list
    moment: str = ""


@dataclass(frozen=True)
class Figure:
    """A sentence, a drawing and a table of the same numbers. Without rows there is only `empty`, a sentence too."""

    key: str
    heading: str
    sentence: str
    columns: list[str]
    rows: list[Row]
    empty: str
    plot: dict | None = None
    # Which hue the drawing has: one for each meaning.
    meaning: str = "received"
    notes: list[str] = field(default_factory=list)

    def as_table(self) -> tuple[list, list[list]]:
        """Head and rows for a file: machine dates, and nothing where nothing is known."""
        rows = [[row.moment or row.name, *("" if cell is None else cell for cell in row.cells)] for row in self.rows]
        return [capfirst(name) for name in self.columns], rows
