"""The MDN HTTP Observatory, run on this machine against a started site. It contacts no other host."""

import functools
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.faults.observatory.tls_proxy import tls_proxy
from tests.faults.patient import HOST
from tests.faults.table import Line

HERE = Path(__file__).resolve().parent
PAGES = ["/", "/conditions/acne/", "/consult/", "/consult/status/", "/accounts/login/"]


def run(lab) -> Line:
    if not (shutil.which("node") and shutil.which("npm")):
        return Line(done="", broken="needs node and npm, 20 or newer: on Debian and Ubuntu apt-get install nodejs npm")
    scanner = installed()
    with lab.site("observatory") as site, tls_proxy(site) as proxy:
        results = {page: scan(scanner, site, proxy, page) for page in PAGES}
        faults = [fault for page, result in results.items() for fault in faults_of(page, result)]
        grades = {result["scan"]["grade"] for result in results.values() if "scan" in result}
        scores = {result["scan"]["score"] for result in results.values() if "scan" in result}
        passed = {result["scan"]["testsPassed"] for result in results.values() if "scan" in result}
        return Line(
            done=f"{len(PAGES)} pages scanned, grade {', '.join(sorted(grades))}, {min(passed, default=0)} tests "
            f"passed on each, scores from {min(scores, default=0)} to {max(scores, default=0)}",
            answers_of_500=site.answers_of_500,
            broken="; ".join(faults[:3]),
        )


@functools.cache
def installed() -> Path:
    """The scanner in a folder of its own, in the versions of the lock file. No script of a package is run."""
    # Kept until the process ends: both databases are scanned with it.
    folder = Path(keep_until_the_end().name)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    command = ["npm", "ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, cwd=folder, check=True, timeout=300)  # noqa: S603  our own command
    scanner = folder / "node_modules" / "@mdn" / "mdn-http-observatory"
    # Its installation would fetch the HSTS preload list and the list of top-level domains. Neither is needed here.
    (scanner / "conf" / "hsts-preload.json").write_text("{}")
    (scanner / "conf" / "tld-list.json").write_text("[]")
    return scanner


@functools.cache
def keep_until_the_end():
    return tempfile.TemporaryDirectory(prefix="gutskin-observatory-")


def scan(scanner, site, proxy, page):
    """Runs its own command line with its own scoring; only the connections are redirected to the site."""
    env = {
        "PATH": os.environ["PATH"],
        "SCANNED_HOST": HOST,
        "HTTP_PORT": str(site.port),
        "HTTPS_PORT": str(proxy.port),
        "NODE_EXTRA_CA_CERTS": str(proxy.certificate),
    }
    command = ["node", "--import", HERE / "loopback.mjs", scanner / "src" / "scan.js", f"{HOST}{page}"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603  our own command
    try:
        return json.loads(done.stdout)
    except ValueError:
        return {"error": (done.stderr or done.stdout)[-300:]}


def faults_of(page, result):
    if "scan" not in result:
        return [f"{page} {result.get('error')}"]
    grade, failed = result["scan"]["grade"], result["scan"]["testsFailed"]
    if grade == "A+" and not failed:
        return []
    names = [name for name, test in result["tests"].items() if not test["pass"]]
    return [f"{page} {grade}, {failed} failed: {', '.join(names)}"]
