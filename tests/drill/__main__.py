"""`make drill`: does what docs/operators.md says, on this machine, and reports what happened."""

import argparse
import importlib
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tests import proxy
from tests.drill.backing_services import BackingServices, program
from tests.drill.report import as_markdown, write_report
from tests.drill.stack import Stack
from tests.drill.table import Line
from tests.faults.postgres import NoPostgres, programs

# Module -> its name in the table. Each has run(stack); the first one is always done.
STEPS = {
    "first_start": "first start",
    "two_machines": "two machines",
    "rolling_restart": "rolling restart, nginx reload",
    "redis_killed": "Redis killed",
    "postgres_restarted": "PostgreSQL restarted",
    "key_rotation": "key rotation",
    "clock_ahead": "a clock ten minutes ahead",
    "backup_and_restore": "backup and restore",
    "upgrade": "upgrade from the commit before",
}
FIRST = "first_start"


def main():
    options = arguments()
    if missing := programs_missing():
        sys.exit(f"make drill needs {' and '.join(missing)}.")
    # What was started is stopped, also when the drill is.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    began, lines = time.monotonic(), []
    with tempfile.TemporaryDirectory(prefix="gutskin-drill-") as name:
        folder = Path(name)
        # PostgreSQL runs as an account of its own, which must be able to enter.
        folder.chmod(0o755)
        with BackingServices(folder) as services, Stack(folder / "site", services, {}) as stack:
            for module in options.steps:
                lines.append(line := run_step(stack, module))
                print(f"{line.seconds:4} s  {line.step}: {line.done or '–'}", flush=True)
                if not line.holds:
                    print(f"        does not hold: {line.broken}", flush=True)
                    if not line.done and module == FIRST:
                        break
    seconds = time.monotonic() - began
    print(f"\n{as_markdown(lines)}\n{seconds / 60:.1f} minutes.")
    if options.report and len(lines) == len(STEPS):
        write_report(lines, seconds / 60)
    sys.exit(not all(line.holds for line in lines))


def run_step(stack, module) -> Line:
    began = time.monotonic()
    try:
        line = importlib.import_module(f"tests.drill.{module}").run(stack)
    except Exception as error:
        # A step that cannot be done does not hide the others; its line does not hold.
        traceback.print_exc()
        line = Line(done="", broken=f"{type(error).__name__}: {str(error)[:500]}")
    line.step, line.seconds = STEPS[module], round(time.monotonic() - began)
    return line


def programs_missing() -> list[str]:
    """What has to be installed. Asked first, because the drill takes minutes."""
    missing = []
    try:
        programs()
    except NoPostgres:
        missing.append("PostgreSQL (on Debian and Ubuntu: apt-get install postgresql)")
    if not program():
        missing.append("Redis (on Debian and Ubuntu: apt-get install redis-server)")
    if not proxy.nginx():
        missing.append("nginx (on Debian and Ubuntu: apt-get install nginx)")
    return missing


def arguments():
    parser = argparse.ArgumentParser(prog="python -m tests.drill", description=__doc__)
    parser.add_argument("steps", nargs="*", help=f"Only these, after the first start: {', '.join(STEPS)}")
    options = parser.parse_args()
    if unknown := set(options.steps) - STEPS.keys():
        parser.error(f"There is no {', '.join(unknown)}.")
    # Only a whole drill is worth keeping.
    options.report = not options.steps
    options.steps = [name for name in STEPS if name == FIRST or not options.steps or name in options.steps]
    return options


if __name__ == "__main__":
    main()
