"""`make bench`: runs the benchmarks, or those that are named, and prints their tables."""

import argparse
import importlib
import tempfile
from pathlib import Path

from benchmarks.lab import Lab
from benchmarks.results import summary

BENCHMARKS = ("pages", "storing", "weight", "workers", "lighthouse")

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*")
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gutskin-bench-") as name:
        lab = Lab(options.folder or Path(name))
        tables = []
        for module in options.names or BENCHMARKS:
            found = importlib.import_module(f"benchmarks.{module}").run(lab)
            for table in found:
                print(f"\n{table}", flush=True)
            tables += found
        print("\n" + summary(tables))
