"""A table of a benchmark, and whether its budgets hold."""

from dataclasses import dataclass, field


@dataclass
class Budget:
    """A ratio or a number, the most or least it may be, and what it is."""

    what: str
    found: float
    at_most: float | None = None
    at_least: float | None = None
    unit: str = "×"

    @property
    def holds(self) -> bool:
        return (self.at_most is None or round(self.found, 2) <= self.at_most) and (
            self.at_least is None or round(self.found, 2) >= self.at_least
        )

    @property
    def limit(self) -> str:
        word, limit = ("at most", self.at_most) if self.at_least is None else ("at least", self.at_least)
        return f"{word} {limit:g} {self.unit}"

    @property
    def missed_by(self) -> str:
        if self.at_most is not None:
            return f"{self.found / self.at_most:.1f} times as much"
        return f"{self.found / self.at_least:.0%} of it"


@dataclass
class Table:
    title: str
    head: list[str]
    rows: list[list[str]] = field(default_factory=list)
    budgets: list[Budget] = field(default_factory=list)
    # What has to be known to read it: what was left out, and why.
    notes: list[str] = field(default_factory=list)

    def __str__(self):
        parts = [f"## {self.title}"]
        if self.rows:
            parts.append(markdown([self.head, *self.rows]))
        parts += self.notes
        return "\n\n".join(parts)


def markdown(rows: list[list[str]]) -> str:
    head, *rest = rows
    rows = [head, ["---", *["---:"] * (len(head) - 1)], *rest]
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in rows)
