"""`make bench`: runs the benchmarks, or those that are named, and keeps the tables of a whole run."""

import argparse
import importlib
import tempfile
import time
import traceback
from pathlib import Path

from benchmarks.lab import Lab
from benchmarks.report import REPORT, summary, written
from benchmarks.results import Table

BENCHMARKS = ("pages", "cold", "storing", "searching", "growth", "growing_admin", "weight", "workers", "lighthouse")


def main():
    options = arguments()
    began = time.monotonic()
    tables = []
    with tempfile.TemporaryDirectory(prefix="gutskin-bench-") as name:
        lab = Lab(options.folder or Path(name), articles=options.articles)
        for module in options.names or BENCHMARKS:
            print(f"{module} ...", flush=True)
            found = tables_of(module, lab)
            print(*found, sep="\n\n", end="\n\n", flush=True)
            tables += found
    minutes = (time.monotonic() - began) / 60
    print(f"{summary(tables)}\n\n{minutes:.0f} minutes.")
    if not options.names:
        REPORT.write_text(written(tables, minutes))
        print(f"{REPORT.name} was written.")


def tables_of(module, lab) -> list[Table]:
    try:
        return importlib.import_module(f"benchmarks.{module}").run(lab)
    except Exception as error:
        # One that cannot be measured here does not hide the others.
        traceback.print_exc()
        return [Table(module.capitalize(), [], notes=[f"Left out, because it failed: {type(error).__name__}."])]


def arguments():
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *BENCHMARKS], metavar="name", help=", ".join(BENCHMARKS))
    parser.add_argument("--folder", type=Path, help="keep what is prepared here, for the next run")
    parser.add_argument("--articles", type=int, help="how many articles a site has that grew: for search and growth")
    return parser.parse_args()


if __name__ == "__main__":
    main()
