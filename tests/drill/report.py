"""The section of docs/reliability.md that a whole drill writes. The rest of that page is of `make verify`."""

from datetime import UTC, datetime
from pathlib import Path

from tests.drill.table import Line
from tests.faults.report import machine, replace_drill, versions

TEXT = (Path(__file__).parent / "report.md").read_text()
HEADINGS = ("step", "what was done", "sent", "failed", "seconds", "holds")


def as_markdown(lines: list[Line]) -> str:
    rows = [HEADINGS, ["---"] * len(HEADINGS)]
    for line in lines:
        numbers = ["–" if number is None else number for number in (line.sent, line.failed)]
        rows.append(
            [line.step, line.done, *numbers, line.seconds, "yes" if line.holds else f"**no** {line.broken}".strip()]
        )
    # What programs print has lines.
    return "\n".join("| " + " ".join(" | ".join(map(str, row)).split()) + " |" for row in rows)


def write_report(lines: list[Line], minutes: float) -> None:
    failed = sum(not line.holds for line in lines)
    replace_drill(
        TEXT.format(
            day=f"{datetime.now(UTC):%-d %B %Y}",
            minutes=minutes,
            verdict=f"{failed} of {len(lines)} steps did not hold" if failed else f"all {len(lines)} steps hold",
            machine=machine(),
            versions=versions(),
            table=as_markdown(lines),
        )
    )
