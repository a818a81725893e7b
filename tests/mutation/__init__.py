"""Breaks code that must not be wrong in small ways, one at a time, and finds the changes that no test notices.

mutmut changes functions only: lists and tables, such as the words of the red-flag rules, stay as they are. It works on
a copy in a temporary folder, so that neither the tree nor a running site sees a broken line.
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ["consultations", "education", "gutskin"]
# What is broken (globs, as mutmut reads them) -> names of the test files that have to notice, wherever they are.
TARGETS = {
    "consultations/access.py": ["test_access.py", "test_story_access.py", "test_teams.py", "test_queue_search.py"],
    "consultations/queue/due_dates.py": ["test_due_dates.py", "test_reply_times.py"],
    "consultations/red_flags/*.py": ["test_red_flags.py", "test_red_flag_matching.py"],
    "education/readability.py": ["test_readability.py", "test_article_checks.py"],
    "gutskin/encryption/cipher.py": ["test_encryption.py", "test_key_rotation.py", "test_photo_actions.py"],
    "gutskin/audit/hash_chain.py": ["test_audit_hash_chain.py", "test_audit_admin.py"],
}
CONFIGURATION = """
[tool.mutmut]
source_paths = {sources}
only_mutate = {targets}
also_copy = {others}
pytest_add_cli_args = ["-p", "no:cacheprovider", "-p", "no:xdist", "-p", "tests.mutation.database"]
pytest_add_cli_args_test_selection = {tests}
# A mutant may take this many seconds longer than its tests take, times 15, before it counts as an endless loop.
timeout_constant = 3.0
"""


@dataclass(frozen=True)
class Outcome:
    counts: dict[str, int]
    survivors: dict[str, str]  # name -> what was changed, as a diff


def parse(arguments):
    """What the command line names: `(targets, minutes)`."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutation", description="Prints the small changes of code that no test notices."
    )
    parser.add_argument("targets", nargs="*", help=f"Default: all of them: {', '.join(TARGETS)}.")
    parser.add_argument("--minutes", type=float, default=60, help="Stop after this long, and say what was not tried.")
    options = parser.parse_args(arguments)
    if unknown := set(options.targets) - set(TARGETS):
        parser.error(f"not a target: {', '.join(sorted(unknown))}. Choose from {', '.join(TARGETS)}.")
    return options.targets or list(TARGETS), options.minutes


def noticed_by(targets=tuple(TARGETS)):
    names = {name for target in targets for name in TARGETS[target]}
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("test_*.py") if path.name in names)


def missing():
    """Targets without a file, and targets none of whose tests exist: something has moved."""
    no_file = [target for target in TARGETS if not any(ROOT.glob(target))]
    return no_file + [f"tests of {target}" for target in TARGETS if not noticed_by([target])]


def copy_project(folder: Path, targets):
    """Everything that git knows or would add, with mutmut's configuration."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    files = [name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()]
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    others = sorted({Path(name).parts[0] for name in files} - {*SOURCES, "tests", "pyproject.toml"})
    with (folder / "pyproject.toml").open("a") as file:
        file.write(
            CONFIGURATION.format(sources=SOURCES, targets=list(targets), others=others, tests=noticed_by(targets))
        )


def run(folder: Path, seconds: float) -> Outcome:
    """Tries mutants on every core for so many seconds; raises RuntimeError if none could be tried."""
    process = _mutmut(folder, "run", start_new_session=True)
    try:
        output, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGINT)
        output, _ = process.communicate(timeout=60)
    statuses = dict(
        re.findall(r"^ +(\S+): ([a-z ]+)$", _mutmut(folder, "results", "--all", "true").communicate()[0], re.M)
    )
    if not statuses or set(statuses.values()) == {"not checked"}:
        raise RuntimeError(output[-4000:])
    counts = {status: list(statuses.values()).count(status) for status in sorted(set(statuses.values()))}
    survivors = [name for name, status in statuses.items() if status == "survived"]
    return Outcome(counts, {name: _mutmut(folder, "show", name).communicate()[0] for name in survivors})


def _mutmut(folder, *arguments, **options):
    return subprocess.Popen(  # noqa: S603  our own commands
        [sys.executable, "-m", "mutmut", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **options,
    )
