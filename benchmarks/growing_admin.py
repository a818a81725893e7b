"""What each page of admin costs on a site with 12 articles, one whose lists fill a page, and one with 10,000."""

import json

from benchmarks.growth import ARTICLES, BYTES, CPU, FEW, KILOBYTES, LEAST_CPU, SHARES, database, environment, run_python
from benchmarks.results import Budget, Table

# More than the rows of a page, in every list that articles and requests fill.
FULL = {"articles": 120, "statements": 150, "references": 120, "terms": 120, "requests": 240}
TIMER = "import django; django.setup(); from benchmarks.growing_admin_timer import main; main()"
# No page may hold a worker for longer, be it the first of its kind: milliseconds of CPU.
LONGEST = 1000
# Those that break a limit, and this many of the others.
SHOWN = 20


def run(lab) -> list[Table]:
    articles = lab.articles or ARTICLES
    many = {name: round(articles * share) for name, share in SHARES.items()}
    sites = (("few", FEW), ("full", FULL), (f"{articles}", many))
    return [table(*(measured(lab, database(lab, name, sizes)) for name, sizes in sites), articles)]


def measured(lab, path) -> dict:
    """By role and address."""
    env = environment(lab, path) | {"DJANGO_SETTINGS_MODULE": "gutskin.settings", "LOG_LEVEL": "CRITICAL"}
    pages = map(json.loads, run_python("-c", TIMER, env=env).splitlines())
    return {(page["path"], page["role"]): page for page in pages if page["seen"]}


def table(few: dict, full: dict, many: dict, articles: int) -> Table:
    pages = {name: (few[name], full[name], many[name]) for name in many if name in few and name in full}
    order = sorted(pages, key=lambda name: (not broken(*pages[name]), -pages[name][2]["cpu"]))
    breaking = sum(bool(broken(*found)) for found in pages.values())
    rows = [row(*name, *pages[name]) for name in order[: breaking + SHOWN]]
    head = ["", "role", "CPU, ms", "at 120", f"at {articles:,}", "first", "kB", "at 120", f"at {articles:,}"]
    notes = [
        f"{len(pages):,} pages and roles: every address of admin as each role, and each filter and order of each list "
        f"as a superuser. {breaking} break a limit. They come first, then the {SHOWN} others that take the most CPU.",
        "A list with one row is no measure for one with fifty, so that a page is compared with its like on a site of "
        "120 articles, where lists are full too. “first” is the CPU of the first answer of a process.",
    ]
    head += ["SQL", "at 120", f"at {articles:,}", "breaks"]
    return Table("Growth: the pages of admin, as each role", head, rows, budgets(pages), notes)


def row(path, role, *found) -> list[str]:
    many = found[-1]
    cpu = [f"{each['cpu']:,.0f}" for each in found]
    size = [f"{each['bytes'] / 1000:,.0f}" for each in found]
    queries = [str(each["queries"]) for each in found]
    return [f"`{path}`", role, *cpu, f"{many['first']:,.0f}", *size, *queries, ", ".join(broken(*found))]


def ratios(few, full, many) -> dict[str, float]:
    """A list that is empty on the small site is compared with a full one; others with the larger of the two."""
    like = {name: max(few[name], full[name]) for name in ("cpu", "bytes", "queries")}
    return {
        "cpu": max(many["cpu"], LEAST_CPU) / max(like["cpu"], LEAST_CPU),
        "bytes": many["bytes"] / like["bytes"],
        "queries": max(many["queries"], 1) / max(like["queries"], 1),
    }


def broken(few, full, many) -> list[str]:
    """Which limits the page breaks."""
    of = ratios(few, full, many)
    limits = {
        "CPU": of["cpu"] > CPU,
        "SQL": of["queries"] > 1,
        "bytes": of["bytes"] > BYTES,
        f"{KILOBYTES} kB": many["bytes"] > 1000 * KILOBYTES,
        "a second": many["first"] > LONGEST,
    }
    return [name for name, is_broken in limits.items() if is_broken]


def budgets(pages) -> list[Budget]:
    """The page that is worst, by each measure."""

    def worst(measure):
        name = max(pages, key=lambda name: measure(*pages[name]))
        return name[0], measure(*pages[name])

    found = [
        ("growth of CPU in admin", CPU, "×", worst(lambda *sites: ratios(*sites)["cpu"])),
        ("growth of bytes in admin", BYTES, "×", worst(lambda *sites: ratios(*sites)["bytes"])),
        ("growth of SQL in admin", 1, "×", worst(lambda *sites: ratios(*sites)["queries"])),
        ("the heaviest page of admin", KILOBYTES, "kB", worst(lambda _few, _full, many: many["bytes"] / 1000)),
        ("the longest page of admin", LONGEST, "ms", worst(lambda _few, _full, many: many["first"])),
    ]
    return [Budget(f"{what} ({path})", value, at_most=most, unit=unit) for what, most, unit, (path, value) in found]
