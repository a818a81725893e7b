"""Lighthouse on a slow phone: its default, which is slow 4G and a processor slowed down four times."""

import json
import os
import shutil
import statistics
import subprocess
from pathlib import Path

from benchmarks.pages import ARTICLE
from benchmarks.results import Budget, Table
from benchmarks.servers import running
from gutskin.make_env import VAR_DIR

HERE = Path(__file__).parent
FOLDER = VAR_DIR / "benchmarks" / "lighthouse"
PAGES = ["/", ARTICLE, "/evidence/", "/consult/"]
SCORES = {
    "performance": "performance",
    "accessibility": "accessibility",
    "best-practices": "best practices",
    "seo": "SEO",
}
TIMES = {"largest-contentful-paint": "LCP, s", "cumulative-layout-shift": "CLS", "total-blocking-time": "TBT, ms"}
TITLE = "Lighthouse on a slow phone"
# Its times are simulated from what it saw, and a busy machine makes it see less.
RUNS = 3


def run(lab) -> list[Table]:
    if missing := programs_missing():
        return [Table(TITLE, [], notes=[f"Left out: it needs {' and '.join(missing)}."])]
    lighthouse = installed()
    # Without a proxy there is no HTTPS; a browser treats this machine's own address as secure.
    site = lab.site("this site", HTTPS="off", BEHIND_PROXY="off", ALLOWED_HOSTS="127.0.0.1,gutskin.example")
    site.env["SITE_URL"] = f"http://127.0.0.1:{site.port}"
    with running(site):
        found = {path: [measured(lighthouse, site, path) for _ in range(RUNS)] for path in PAGES}
    medians = {
        path: {name: statistics.median(each[name] for each in reports) for name in reports[0] if name != "failed"}
        for path, reports in found.items()
    }
    failed = {path: sorted({name for each in reports for name in each["failed"]}) for path, reports in found.items()}
    rows = [[path, *(shown(name, figures[name]) for name in [*SCORES, *TIMES])] for path, figures in medians.items()]
    notes = [f"The median of {RUNS} runs, Lighthouse {version()}. 100 is the best score."]
    notes += [f"{path} lost points for: {', '.join(names)}." for path, names in failed.items() if names]
    lowest = {name: min(figures[name] for figures in medians.values()) for name in SCORES}
    budgets = [Budget(f"Lighthouse, {SCORES[name]}", lowest[name], at_least=100, unit="points") for name in SCORES]
    return [Table(TITLE, ["", *SCORES.values(), *TIMES.values()], rows, budgets, notes)]


def programs_missing() -> list[str]:
    missing = []
    if not (shutil.which("node") and shutil.which("npm")):
        missing.append("node and npm (on Debian and Ubuntu: apt-get install nodejs npm)")
    if not chromium():
        missing.append("Chromium (on Debian and Ubuntu: apt-get install chromium-headless-shell)")
    return missing


def chromium() -> str | None:
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


def installed() -> Path:
    """In the versions of the lock file. No script of a package is run."""
    lock = (HERE / "package-lock.json").read_text()
    mark = FOLDER / ".installed"
    if not mark.exists() or mark.read_text() != lock:
        FOLDER.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, FOLDER)
        command = ["npm", "ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(command, cwd=FOLDER, check=True, timeout=300, stdout=subprocess.DEVNULL)  # noqa: S603  a fixed npm command
        mark.write_text(lock)
    return FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"


def version() -> str:
    return json.loads((HERE / "package.json").read_text())["dependencies"]["lighthouse"]


def measured(lighthouse, site, path) -> dict:
    """Scores, times, and the names of the audits that cost points."""
    command = ["node", lighthouse, f"http://127.0.0.1:{site.port}{path}", "--output=json", "--quiet"]
    # As root, Chromium starts only without its sandbox; it opens nothing but our own pages.
    command += ["--chrome-flags=--headless --no-sandbox", "--no-enable-error-reporting"]
    command += [f"--only-categories={','.join(SCORES)}"]
    env = os.environ | {"CHROME_PATH": chromium()}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=180, check=False)  # noqa: S603  Lighthouse, asked for a page of the site that this benchmark has started
    if done.returncode:
        raise RuntimeError(f"Lighthouse failed on {path}: {done.stderr[-1500:]}")
    report = json.loads(done.stdout)
    figures = {name: 100 * (report["categories"][name]["score"] or 0) for name in SCORES}
    figures |= {name: report["audits"][name]["numericValue"] for name in TIMES}
    return figures | {"failed": lost_points(report)}


def lost_points(report) -> list[str]:
    weights = {
        each["id"]: each["weight"] for category in report["categories"].values() for each in category["auditRefs"]
    }
    return [
        name
        for name, audit in report["audits"].items()
        # Below 0.9 Lighthouse shows an audit as one to improve.
        if weights.get(name) and audit["score"] is not None and audit["score"] < 0.9
    ]


def shown(name, value) -> str:
    if name == "largest-contentful-paint":
        return f"{value / 1000:.2f}"
    return f"{value:.3f}" if name == "cumulative-layout-shift" else f"{value:.0f}"
