"""Limits are read through the module: a name taken out of it would keep its old value in a test."""

import ast

from gutskin import limits
from tests.gutskin.sources import ROOT, python_files

NAMES = {name for name in vars(limits) if name.isupper()}


def test_no_file_takes_a_single_limit():
    found = [
        f"{path}:{node.lineno}"
        for path, tree in python_files().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "gutskin.limits"
    ]
    assert found == []


def test_every_limit_is_read_somewhere():
    text = "\n".join((ROOT / path).read_text() for path in python_files())
    assert [name for name in sorted(NAMES) if f"limits.{name}" not in text] == []


def test_the_session_cannot_outlast_the_login(settings):
    assert settings.SESSION_IDLE_SECONDS < settings.SESSION_COOKIE_AGE
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE > limits.LARGEST_REFERENCE_TEXT_BYTES
