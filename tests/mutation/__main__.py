"""`make mutants`, or `python -m tests.mutation --minutes 10 education/readability.py` for a part."""

import sys
import tempfile
from pathlib import Path

from tests.mutation import copy_project, missing, parse, run

targets, minutes = parse(sys.argv[1:])
if gone := missing():
    sys.exit(f"Not found: {', '.join(gone)}. If a file has moved, change TARGETS in tests/mutation/__init__.py.")
with tempfile.TemporaryDirectory(prefix="gutskin-mutants-") as folder:
    copy_project(Path(folder), targets)
    print(f"Trying mutants of {', '.join(targets)}, for at most {minutes:g} minutes ...", flush=True)
    outcome = run(Path(folder), minutes * 60)
for name, diff in outcome.survivors.items():
    print(f"\nSurvived: {name}\n{diff}")
print("\n" + ", ".join(f"{count} {status}" for status, count in outcome.counts.items()))
