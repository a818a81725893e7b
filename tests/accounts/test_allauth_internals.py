"""allauth's `internal` modules: used in one file, with the version that they were checked with."""

import ast
from importlib import import_module
from importlib.metadata import version

from gutskin.accounts.allauth_internals import CHECKED_WITH
from tests.gutskin.sources import ROOT, imported, python_files

ADAPTER = "gutskin/accounts/allauth_internals.py"


def test_they_were_checked_with_the_installed_version():
    installed = version("django-allauth")
    assert installed == CHECKED_WITH, (
        f"django-allauth {installed} is installed, and {ADAPTER} was checked with {CHECKED_WITH}. Read allauth's "
        f"release notes, compare each name in {ADAPTER} with allauth's source, run tests/accounts, and then set "
        f"CHECKED_WITH to {installed!r}."
    )


def test_each_name_is_still_there():
    tree = ast.parse((ROOT / ADAPTER).read_text())
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    gone = [
        f"{node.module}.{alias.name}"
        for node in imports
        for alias in node.names
        if not hasattr(import_module(node.module), alias.name)
    ]
    assert gone == [], f"allauth has moved or removed {gone}. Find what replaces them and change {ADAPTER}."


def test_no_other_file_imports_them():
    found = [
        f"{path}: {name}"
        for path, tree in python_files().items()
        for name in imported(tree)
        if name.startswith("allauth.") and "internal" in name.split(".") and str(path) != ADAPTER
    ]
    assert found == [], f"Import these in {ADAPTER}, with a word on what they are for."
