"""What each page costs on a site with the seed content only, and on one with thousands of articles."""

import hashlib
import json
from pathlib import Path

from benchmarks.results import Budget, Table
from tests import production
from tests.production import ROOT

# With the 10,000 of the budget, filling takes a quarter of an hour: `python -m benchmarks growth --articles 10000`. The
# database is kept for the next run.
ARTICLES = 2_000
# For each article, as in `load_scale`; but fewer requests, which take most of its time.
SHARES = {"articles": 1, "statements": 2.5, "references": 0.5, "terms": 0.1, "requests": 2}
LONGEST_STEP = 3600  # seconds
# Some requests, so that their pages in admin can be compared.
FEW = dict.fromkeys(SHARES, 0) | {"requests": 12}
# All that the rows of a prepared database are made by: with one of them changed, another is prepared.
MAKERS = ("*/migrations/*.py", "education/content/**/*", "education/scale/*.py", "consultations/management/*.py")
# CPU below this many milliseconds is a matter of chance.
LEAST_CPU = 5
TIMER = "import django; django.setup(); from benchmarks.growth_timer import main; main()"
CPU, BYTES, KILOBYTES = 3, 2, 200


def run(lab) -> list[Table]:
    articles = lab.articles or ARTICLES
    many = {name: round(articles * share) for name, share in SHARES.items()}
    found = [measured(lab, database(lab, name, sizes)) for name, sizes in (("few", FEW), (f"{articles}", many))]
    return [table(*found, articles)]


def table(few: dict, many: dict, articles: int) -> Table:
    """`few` and `many` have CPU in milliseconds, bytes, queries and status of each page, by its address."""
    pages = {path: (few[path], many[path]) for path in few if few[path]["status"] == many[path]["status"] == 200}
    rows = [row(path, *pages[path]) for path in sorted(pages, key=lambda path: (not broken(*pages[path]), path))]
    # An answer such as 403 on both sites is no page.
    left_out = [path for path in few if few[path]["status"] != many[path]["status"]]
    notes = [
        "In the process itself, past the page cache; CPU is the least of five, after one that fills what a process "
        f"remembers. Both sites have the twelve seed articles, one of them {articles:,} more. A file for programs has "
        "all that it is about, so no limit of bytes applies to it."
    ]
    if left_out:
        notes.append(f"Left out, because only one of the sites shows them: {', '.join(left_out)}.")
    head = ["", "CPU, ms", f"at {articles:,}", "×", "kB", f"at {articles:,}", "×", "SQL", f"at {articles:,}", "breaks"]
    return Table("Growth: the same pages as the site grows", head, rows, budgets(pages), notes)


def row(path, few, many) -> list[str]:
    figures = []
    for name, digits in (("cpu", 1), ("bytes", 1), ("queries", 0)):
        scale = 1000 if name == "bytes" else 1
        figures += [f"{each[name] / scale:,.{digits}f}" for each in (few, many)]
        if name != "queries":
            figures.append(f"{ratios(few, many)[name]:.1f}")
    return [path, *figures, ", ".join(broken(few, many))]


def ratios(few, many) -> dict[str, float]:
    return {
        "cpu": max(many["cpu"], LEAST_CPU) / max(few["cpu"], LEAST_CPU),
        "bytes": many["bytes"] / few["bytes"],
        "queries": max(many["queries"], 1) / max(few["queries"], 1),
    }


def broken(few, many) -> list[str]:
    """Which limits the page breaks."""
    of = ratios(few, many)
    limits = {"CPU": of["cpu"] > CPU, "SQL": of["queries"] > 1}
    if many["is_page"]:
        limits |= {"bytes": of["bytes"] > BYTES, f"{KILOBYTES} kB": many["bytes"] > 1000 * KILOBYTES}
    return [name for name, is_broken in limits.items() if is_broken]


def budgets(pages) -> list[Budget]:
    """The page that grows most, by each measure."""

    def worst(measure, only_pages=False):
        found = {path: measure(*pair) for path, pair in pages.items() if pair[1]["is_page"] or not only_pages}
        path = max(found, key=found.get)
        return f"({path})", found[path]

    of = {
        name: worst(lambda few, many, name=name: ratios(few, many)[name], name == "bytes")
        for name in ("cpu", "bytes", "queries")
    }
    heaviest, size = worst(lambda few, many: many["bytes"] / 1000, only_pages=True)
    return [
        Budget(f"growth of CPU, the worst page {of['cpu'][0]}", of["cpu"][1], at_most=CPU),
        Budget(f"growth of bytes, the worst page {of['bytes'][0]}", of["bytes"][1], at_most=BYTES),
        Budget(f"growth of SQL, the worst page {of['queries'][0]}", of["queries"][1], at_most=1),
        Budget(f"the heaviest page {heaviest}", size, at_most=KILOBYTES, unit="kB"),
    ]


def database(lab, name: str, sizes: dict[str, int]) -> Path:
    """A prepared database: an older run's, if it was made by the same code, or else a new one."""
    path = lab.lasting_folder("growth") / f"{name}-{made_by()}.sqlite3"
    if not path.exists():
        lab.say(f"Filling a database with {sizes['articles']:,} made-up articles ...")
        for old in path.parent.glob(f"{name}-*"):
            old.unlink()
        unfinished = path.with_suffix(".unfinished")
        counts = [part for each, count in sizes.items() for part in (f"--{each}", str(count))]
        steps = (("migrate",), ("load_content",), ("load_scale", *counts), ("rebuild_search",))
        for step in steps:
            run_python("manage.py", *step, env=environment(lab, unfinished))
        unfinished.rename(path)
    return path


def made_by() -> str:
    digest = hashlib.sha256()
    for pattern in MAKERS:
        for file in sorted(ROOT.glob(pattern)):
            if file.is_file() and ".venv" not in file.parts:
                digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def environment(lab, database: Path) -> dict[str, str]:
    # load_scale refuses a public site.
    changes = {"HTTPS": "off", "BEHIND_PROXY": "off", "DATABASE_URL": f"sqlite:///{database}"}
    return production.environment(lab.site_folder, **changes)


def measured(lab, database: Path) -> dict:
    env = environment(lab, database) | {"DJANGO_SETTINGS_MODULE": "gutskin.settings"}
    return json.loads(run_python("-c", TIMER, env=env))


def run_python(*arguments, env) -> str:
    done = production.run(*arguments, env=env, timeout=LONGEST_STEP)
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {done.stderr[-1500:]}")
    return done.stdout
