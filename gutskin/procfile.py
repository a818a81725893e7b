"""Becomes one process of the Procfile: `python -m gutskin.procfile web`, for containers and service managers.

honcho, which runs all of them together, kills what has not stopped after five seconds: in the middle of a form.
"""

import os
import sys
from pathlib import Path


def main(name: str) -> None:
    lines = dict(line.split(": ", 1) for line in Path("Procfile").read_text().splitlines() if ": " in line)
    if name not in lines:
        sys.exit(f"The Procfile has no process {name!r}, only {', '.join(lines)}.")
    os.execv("/bin/sh", ["sh", "-c", lines[name]])  # noqa: S606  a line of our own


if __name__ == "__main__":
    main(*sys.argv[1:2] or [""])
