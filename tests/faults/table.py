"""The result of one fault, and the table of all results."""

from dataclasses import dataclass, fields


@dataclass
class Line:
    """The numbers of one fault; None for a number that it does not have."""

    done: str
    fault: str = ""
    sent: int | None = None
    acknowledged: int | None = None
    stored: int | None = None
    lost: int | None = None
    doubled: int | None = None
    answers_of_500: int | None = None
    canaries: int | None = None
    # What did not hold, in words; empty if everything did.
    broken: str = ""
    seconds: int = 0

    @property
    def holds(self) -> bool:
        return not self.broken and not any((self.lost, self.doubled, self.answers_of_500, self.canaries))


COLUMNS = ["fault", "done", "sent", "acknowledged", "stored", "lost", "doubled", "answers_of_500", "canaries"]
HEADINGS = {"answers_of_500": "500s", "done": "what was done"}


def as_markdown(lines: list[Line]) -> str:
    assert set(COLUMNS) | {"broken", "seconds"} == {field.name for field in fields(Line)}
    rows = [[HEADINGS.get(name, name) for name in COLUMNS] + ["holds"], ["---"] * (len(COLUMNS) + 1)]
    for line in lines:
        cells = ["–" if (value := getattr(line, name)) is None else str(value) for name in COLUMNS]
        rows.append([*cells, "yes" if line.holds else f"**no** {line.broken}".strip()])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"
