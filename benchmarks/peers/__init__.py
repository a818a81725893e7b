"""The programs that the site is compared with, in a virtual environment of their own."""

import os
import subprocess
import sys
from pathlib import Path

from gutskin.make_env import VAR_DIR

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
VENV = VAR_DIR / "benchmarks" / "venv"
PYTHON = VENV / "bin" / "python"


def installed() -> str:
    """Path of the Python that has them; made again when the requirements have changed. Takes half a minute."""
    mark = VENV / ".installed"
    if not mark.exists() or mark.read_text() != REQUIREMENTS.read_text():
        print("Installing what the site is compared with ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)  # noqa: S603  our own commands
        pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
        # Twice quiet: no warnings about the package indexes of this machine.
        subprocess.run([*pip, "--quiet", "--requirement", REQUIREMENTS], check=True)  # noqa: S603
        mark.write_text(REQUIREMENTS.read_text())
    return str(PYTHON)


def manage(settings: str, *arguments: str, **variables) -> None:
    """A management command of a peer."""
    env = os.environ | {"DJANGO_SETTINGS_MODULE": settings} | variables
    done = subprocess.run([PYTHON, "-m", "django", *arguments], env=env, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise RuntimeError(f"{settings}: {done.stderr[-1500:]}")
