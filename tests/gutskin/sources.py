"""The project's own files, for the tests that hold its conventions."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ["gutskin", "education", "consultations"]


@cache
def python_files():
    """Path from the top of the project -> syntax tree, migrations left out."""
    paths = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return {path.relative_to(ROOT): ast.parse(path.read_text()) for path in paths if "migrations" not in path.parts}


@cache
def nodes(tree):
    """All nodes of a syntax tree. Several tests go through the trees of all files, and walking them takes longest."""
    return tuple(ast.walk(tree))


def imported(tree):
    """Modules that a file imports, and what it takes from them: `education.models`, `education.models.Article`."""
    for node in nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def templates():
    return {
        path.relative_to(ROOT / "templates"): path.read_text() for path in sorted((ROOT / "templates").rglob("*.*"))
    }


def scripts():
    return {path.name: path.read_text() for path in sorted((ROOT / "static" / "js").glob("*.js"))}


def style_sheets():
    return {path.name: path.read_text() for path in sorted((ROOT / "static" / "css").glob("*.css"))}
