"""`make mutants`, or `python -m tests.mutation --minutes 10 education/readability.py` for a part."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.mutation import TARGETS, copy_project, missing, run

parser = argparse.ArgumentParser(description="Prints the small changes of code that no test notices.")
parser.add_argument("targets", nargs="*", choices=[*TARGETS, []], default=list(TARGETS), help="Default: all of them.")
parser.add_argument("--minutes", type=float, default=60, help="Stop after this long, and say what was not tried.")
options = parser.parse_args()

if gone := missing():
    sys.exit(f"Not found: {', '.join(gone)}. If a file has moved, change TARGETS in tests/mutation/__init__.py.")
with tempfile.TemporaryDirectory(prefix="gutskin-mutants-") as folder:
    copy_project(Path(folder), options.targets)
    print(f"Trying mutants of {', '.join(options.targets)}, for at most {options.minutes:g} minutes ...", flush=True)
    outcome = run(Path(folder), options.minutes * 60)
for name, diff in outcome.survivors.items():
    print(f"\nSurvived: {name}\n{diff}")
print("\n" + ", ".join(f"{count} {status}" for status, count in outcome.counts.items()))
