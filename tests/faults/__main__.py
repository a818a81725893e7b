"""`make verify`: fault injection on SQLite and on PostgreSQL. It keeps the results of the last whole run."""

import argparse
import importlib
import shutil
import sys
import tempfile
import time
import traceback
from contextlib import contextmanager
from pathlib import Path

from tests import proxy
from tests.faults.lab import Lab
from tests.faults.postgres import Cluster, NoPostgres, programs
from tests.faults.report import write_report
from tests.faults.table import Line, as_markdown

# Module -> its name in the table. Each has run(lab), which returns None if this database has no such fault.
FAULTS = {
    "killed_workers": "web workers killed",
    "crashed_database": "database crashed",
    "locked_database": "database locked",
    "full_disk": "disk full",
    "silent_mail_server": "mail server down",
    "killed_mail_worker": "mail worker killed",
    "malformed": "malformed requests",
    "upload_zoo": "upload zoo",
    "hostile_photos": "hostile photos",
    "large_bodies": "large forms",
    "slow_clients": "slow clients",
    "stale_pages": "stale pages",
    "two_tabs": "two tabs",
    "guessed_codes": "receipt codes guessed",
    "old_tokens": "expired CSRF tokens",
    "fixed_sessions": "session fixation",
    "foreign_hosts": "foreign hosts",
    "open_redirects": "open redirects",
    "mail_headers": "mail header injection",
    "formulas": "formulas in CSV",
    "insider_walks": "insider walks",
    "swapped_rows": "rows swapped",
    "altered_backup": "backup altered",
    "observatory": "MDN HTTP Observatory",
    "canaries": "canaries",
}


def main():
    options = arguments()
    if missing := programs_missing(options):
        sys.exit(f"make verify needs {' and '.join(missing)}.")
    tables, began = {}, time.monotonic()
    for kind in options.databases:
        with a_lab(kind, options) as lab:
            tables[lab.kind] = lines = []
            for module in options.faults:
                if line := run_fault(lab, module):
                    lines.append(line)
                    verdict = "holds" if line.holds else line.broken or "does not hold"
                    print(f"{lab.kind}, {line.seconds} s: {line.fault}: {verdict}", flush=True)
        print(f"\n{lab.kind}\n\n{as_markdown(lines)}", flush=True)
    minutes = (time.monotonic() - began) / 60
    print(f"{minutes:.0f} minutes.")
    if options.report:
        write_report(tables, minutes)
    sys.exit(not all(line.holds for lines in tables.values() for line in lines))


def run_fault(lab, module) -> Line | None:
    began = time.monotonic()
    try:
        line = importlib.import_module(f"tests.faults.{module}").run(lab)
    except Exception as error:
        # A fault that cannot be tried does not hide the others; its line does not hold.
        traceback.print_exc()
        line = Line(done="", broken=f"{type(error).__name__}: {str(error)[:200]}")
    if line:
        line.fault = FAULTS[module]
        line.seconds = round(time.monotonic() - began)
    return line


@contextmanager
def a_lab(kind, options):
    with tempfile.TemporaryDirectory(prefix="gutskin-faults-") as name:
        folder = Path(name)
        # PostgreSQL runs as an account of its own, which must be able to enter.
        folder.chmod(0o755)
        if kind == "sqlite":
            yield Lab(folder / "sites", share=options.share)
            return
        cluster = Cluster(folder / "postgres")
        cluster.start()
        try:
            yield Lab(folder / "sites", cluster, share=options.share)
        finally:
            cluster.stop()


def programs_missing(options) -> list[str]:
    """What has to be installed. Asked first, because a run takes a quarter of an hour."""
    missing = []
    if "postgres" in options.databases:
        try:
            programs()
        except NoPostgres:
            missing.append("PostgreSQL (on Debian and Ubuntu: apt-get install postgresql)")
    if {"hostile_photos", "large_bodies", "slow_clients"} & set(options.faults) and not proxy.nginx():
        missing.append("nginx (on Debian and Ubuntu: apt-get install nginx)")
    if "observatory" in options.faults and not (shutil.which("node") and shutil.which("npm")):
        missing.append("node and npm, 20 or newer (on Debian and Ubuntu: apt-get install nodejs npm)")
    return missing


def arguments():
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("faults", nargs="*", help=f"Only these: {', '.join(FAULTS)}")
    parser.add_argument("--databases", default="sqlite,postgres", type=lambda text: text.split(","))
    parser.add_argument("--share", type=float, default=1, help="0.05: a twentieth of all numbers, for a quick try")
    options = parser.parse_args()
    # Only a whole run is worth keeping.
    options.report = not options.faults and options.share == 1 and len(options.databases) == 2
    if unknown := set(options.faults) - FAULTS.keys():
        parser.error(f"There is no {', '.join(unknown)}.")
    options.faults = options.faults or list(FAULTS)
    return options


if __name__ == "__main__":
    main()
