"""docs/performance.md: the tables of the last whole run, with its machine and day."""

import os
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.results import Table, markdown
from tests.faults.report import machine
from tests.production import ROOT

REPORT = ROOT / "docs" / "performance.md"
TEXT = (Path(__file__).parent / "report.md").read_text()


def written(tables: list[Table], minutes: float) -> str:
    budgets = [budget for table in tables for budget in table.budgets]
    missed = sum(not budget.holds for budget in budgets)
    busy, _five, _fifteen = os.getloadavg()
    return TEXT.format(
        day=f"{datetime.now(UTC):%-d %B %Y}",
        minutes=round(minutes),
        machine=machine(),
        load=f"{busy:.1f}",
        verdict=f"{len(budgets) - missed} of {len(budgets)} budgets hold",
        summary=summary(tables),
        tables="\n\n".join(map(str, tables)),
    )


def summary(tables: list[Table]) -> str:
    rows = [["budget", "limit", "found", "holds"]]
    for budget in (budget for table in tables for budget in table.budgets):
        found = f"{budget.found:.2f} {budget.unit}"
        rows.append([budget.what, budget.limit, found, "yes" if budget.holds else f"**no**, {budget.missed_by}"])
    return markdown(rows)
