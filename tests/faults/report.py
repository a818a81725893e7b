"""docs/reliability.md: the tables of the last whole run, with its machine and day, and the section of the drill."""

import os
import platform
import sqlite3
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from tests.faults.postgres import programs
from tests.faults.table import as_markdown
from tests.production import ROOT

REPORT = ROOT / "docs" / "reliability.md"
TEXT = (Path(__file__).parent / "report.md").read_text()
# The last section of the page is of `make drill`.
DRILL = "\n## Drill\n"


def write_report(tables: dict, minutes: float) -> None:
    """`tables`: the lines of each kind of database."""
    lines = [line for table in tables.values() for line in table]
    failed = sum(not line.holds for line in lines)
    text = TEXT.format(
        day=f"{datetime.now(UTC):%-d %B %Y}",
        minutes=round(minutes),
        verdict=f"{failed} of {len(lines)} lines did not hold" if failed else f"all {len(lines)} lines hold",
        machine=machine(),
        versions=versions(),
        tables="\n".join(f"## {kind}\n\n{as_markdown(table)}" for kind, table in tables.items()),
    )
    _before, heading, drill = REPORT.read_text().partition(DRILL)
    REPORT.write_text(text + heading + drill)


def replace_drill(text: str) -> None:
    """Writes the section of the drill, and leaves the others as they are."""
    before, _heading, _old = REPORT.read_text().partition(DRILL)
    REPORT.write_text(f"{before}{DRILL}\n{text}")


def machine() -> str:
    names = [line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores ({names[0] if names else platform.machine()}), {memory:.0f} GB, {platform.system()}"


def versions() -> str:
    postgres = subprocess.run([programs() / "postgres", "--version"], capture_output=True, text=True, check=True)  # noqa: S603  our own command
    return (
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, PostgreSQL {postgres.stdout.split()[2]}"
    )


def _lines(path):
    return Path(path).read_text().splitlines() if Path(path).exists() else []
