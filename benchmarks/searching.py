"""Search among a hundred articles and among many, beside the full-text index of the database asked directly."""

import json
import sqlite3

from benchmarks.results import Budget, Table
from tests import production

FEW = 100
# With the 10,000 of the budget, filling takes five minutes: `python -m benchmarks searching --articles 10000`.
MANY = 2_000


def run(lab) -> list[Table]:
    folder = lab.folder("searching")
    # HTTPS off: load_scale refuses a public site.
    env = production.environment(folder, HTTPS="off", BEHIND_PROXY="off")
    many = lab.articles or MANY
    command("migrate", "--verbosity", "0", env=env)
    found = {count: with_articles(count, folder, env) for count in (FEW, many)}
    rows = [
        [
            f"{articles:,} articles ({documents:,} documents)",
            *(f"{value:.1f}" for value in (*times["site"], *times["index"])),
        ]
        for articles, (documents, times) in found.items()
    ]
    (few, _index_few), (most, index_most) = ((each["site"][1], each["index"][1]) for _count, each in found.values())
    return [
        Table(
            "Search on SQLite",
            ["", "site, p50, ms", "site, p95, ms", "index, p50, ms", "index, p95, ms"],
            rows,
            [
                Budget(f"search among {many:,} articles, p95 against {FEW}", most / few, at_most=10),
                Budget(f"search among {many:,} articles, p95 against the index", most / index_most, at_most=2),
            ],
            notes=[
                "Twenty searches, in the process itself: words, questions, misspelled words. “index” is the full-text "
                "index of the database, asked for its ten best ids with the same words; “site” also counts, ranks, and "
                "cuts snippets."
            ],
        )
    ]


def with_articles(count, folder, env) -> tuple[int, dict]:
    sizes = {"articles": count, "references": 200, "terms": 50, "statements": count, "requests": 0}
    command("load_scale", *(part for name, size in sizes.items() for part in (f"--{name}", str(size))), env=env)
    command("rebuild_search", env=env)
    connection = sqlite3.connect(folder / "gutskin.sqlite3")
    [[documents]] = connection.execute("SELECT count(*) FROM education_searchdocument")
    connection.close()
    return documents, json.loads(run_python("-m", "benchmarks.search_timer", env=env))


def command(*arguments, env):
    run_python("manage.py", *arguments, env=env)


def run_python(*arguments, env) -> str:
    done = production.run(*arguments, env=env)
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {done.stderr[-1500:]}")
    return done.stdout
