"""A page that no one has asked for since something changed: CPU and queries, beside rendering it from its source."""

import json

from benchmarks.results import Budget, Table
from tests import production


def run(lab) -> list[Table]:
    done = production.run("-m", "benchmarks.cold_timer", env=lab.site("this site").env)
    if done.returncode:
        raise RuntimeError(done.stderr[-1500:])
    found = json.loads(done.stdout)
    page, source = found["page"], found["source"]
    return [
        Table(
            "An article that is not in the page cache",
            ["", "CPU, ms"],
            [
                ["the page from its frozen revision, compressed", f"{page:.1f}"],
                ["its text from the source: sanitised, citations numbered, glossary words marked", f"{source:.1f}"],
            ],
            [
                Budget("a cold article", found["queries"], at_most=4, unit="SQL queries"),
                Budget(
                    "a cold article, CPU against rendering it from its source", page / (page + source), at_most=0.33
                ),
            ],
            notes=[
                "In the process itself, with all of Django's middleware. The second is what a frozen revision saves."
            ],
        )
    ]
