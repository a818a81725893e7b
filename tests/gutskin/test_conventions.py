"""The rules of the house for Python code. docs/developers.md gives the reasons."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import global_settings

from tests.gutskin.sources import PACKAGES, ROOT, imported, nodes, python_files, scripts, style_sheets, templates

# Which of the arguments are text for translators; "pgettext" begins with a context.
TRANSLATED = {"gettext": slice(1), "ngettext": slice(2), "pgettext": slice(1, 2), "npgettext": slice(1, 3)}
NAMES_THAT_SAY_NOTHING = {
    "utils",
    "util",
    "helpers",
    "helper",
    "services",
    "service",
    "common",
    "core",
    "misc",
    "selectors",
}
# Lowest first. An arrow never runs up: a module imports its own layer and those below it.
LAYERS = ["gutskin", "education", "consultations"]
# Addresses of all apps come together here.
MAY_IMPORT_UPWARDS = {"gutskin/urls.py"}


def inside(path, *packages):
    return path.parts[0] in packages


def offenders(rule):
    """`file: name` for every import that the rule forbids."""
    return [f"{path}: {name}" for path, tree in python_files().items() for name in imported(tree) if rule(path, name)]


def upward_imports(files):
    """`file: name` for every import from a layer above, also of one that is named in a call of `import_module`."""
    found = []
    for path, tree in files.items():
        above = LAYERS[LAYERS.index(path.parts[0]) + 1 :]
        names = list(imported(tree))
        names += [text for name, call in calls(tree) if name == "import_module" for text in words(call)]
        if str(path) not in MAY_IMPORT_UPWARDS:
            found += [f"{path}: {name}" for name in names if name.partition(".")[0] in above]
    return found


def words(call):
    """The arguments of a call that are plain strings."""
    return [each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]


def test_no_layer_imports_from_one_above_it():
    assert upward_imports(python_files()) == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("gutskin/mail/outbox.py", "from consultations.models import Inquiry"),
        ("gutskin/health.py", "import education.models"),
        ("gutskin/apps.py", 'import_module("education.mails")'),
        ("education/reminders.py", "def remind():\n    from consultations import retention"),
    ],
)
def test_an_upward_import_is_found(path, line):
    assert upward_imports({Path(path): ast.parse(line)})


def test_consultations_takes_only_models_and_search_from_education():
    def rule(path, name):
        by_commands = ("education.models", "education.actions", "education.scale")
        allowed = by_commands if "management" in path.parts else ("education.models", "education.search")
        return inside(path, "consultations") and name.startswith("education.") and not name.startswith(allowed)

    assert offenders(rule) == []


def test_views_are_imported_by_addresses_only():
    def rule(path, name):
        own_package = path.parts[:2] == tuple(name.split(".")[:2])
        is_views = name.split(".")[1:2] == ["views"] and name.split(".")[0] in PACKAGES
        return is_views and path.name != "urls.py" and not own_package

    assert offenders(rule) == []


def test_settings_are_read_through_django_only():
    def rule(path, name):
        return name.startswith("gutskin.settings") or (
            name.startswith("gutskin.environment") and not inside(path, "gutskin")
        )

    assert offenders(rule) == []


@cache
def everything_written():
    """Path -> text of code, tests, benchmarks, templates, scripts and style sheets."""
    folders = (ROOT / "tests", ROOT / "benchmarks")
    tests = {path.relative_to(ROOT): path.read_text() for folder in folders for path in folder.rglob("*.py")}
    code = {path: (ROOT / path).read_text() for path in python_files()}
    return code | tests | {Path(name): text for name, text in (templates() | scripts() | style_sheets()).items()}


def test_every_file_has_a_name_that_says_what_it_knows():
    parts = {part.partition(".")[0].lstrip("_") for path in everything_written() for part in path.parts}
    assert parts & NAMES_THAT_SAY_NOTHING == set()


def test_no_file_is_longer_than_400_lines():
    """Style sheets may be: there is one for each place where pages are seen."""
    lengths = {str(path): len(text.splitlines()) for path, text in everything_written().items()}
    assert {path: length for path, length in lengths.items() if length > 400 and not path.endswith(".css")} == {}


def test_every_setting_of_ours_is_read_somewhere():
    """Django's own are in its list, but for the addresses; those of libraries begin with their name."""
    of_others = ("ROOT_URLCONF", "CRISPY_", "WHITENOISE_", "CONTENT_SECURITY_POLICY", "ACCOUNT_", "MFA_", "AXES_")
    settings = (ROOT / "gutskin" / "settings.py").read_text()
    names = [node.id for node in ast.walk(ast.parse(settings)) if isinstance(node, ast.Name) and node.id.isupper()]
    ours = [name for name in names if not hasattr(global_settings, name) and not name.startswith(of_others)]
    text = "\n".join((ROOT / path).read_text() for path in python_files() if path.name != "settings.py")
    # What stands there twice is read by another setting.
    assert [name for name in ours if names.count(name) == 1 and f"settings.{name}" not in text] == []


def calls(tree):
    """Name and node of every call by a plain name or as a method."""
    for node in nodes(tree):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "id", getattr(node.func, "attr", "")), node


def translating_names(tree):
    """Under which names a file knows gettext and its like: `_`, `_now`, `ngettext_lazy`."""
    for node in nodes(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            for alias in node.names:
                kind = alias.name.removesuffix("_lazy")
                if kind in TRANSLATED:
                    yield alias.asname or alias.name, TRANSLATED[kind]


def test_translated_text_is_a_literal_with_named_placeholders():
    """An f-string or a sum is not in the catalogue, and `%s` cannot change its place in another language."""
    found = []
    for path, tree in python_files().items():
        names = dict(translating_names(tree))
        for name, call in calls(tree):
            for text in call.args[names[name]] if name in names else []:
                literal = isinstance(text, ast.Constant) and isinstance(text.value, str)
                if not literal or "%s" in text.value or "{}" in text.value:
                    found.append(f"{path}:{call.lineno}")
    assert found == []


def test_every_form_label_and_help_is_translated():
    """`label=`, `help_text=`, `verbose_name=` and the like take words that a person sees."""
    seen_by_people = {"label", "help_text", "verbose_name", "verbose_name_plural", "description", "empty_label"}
    found = []
    for path, tree in python_files().items():
        for _, call in calls(tree):
            for keyword in call.keywords:
                if keyword.arg in seen_by_people and isinstance(keyword.value, ast.Constant) and keyword.value.value:
                    found.append(f"{path}:{keyword.value.lineno} {keyword.arg}={keyword.value.value!r}")
    assert found == []


def test_signals_are_not_used():
    """But for the one that ends a migration: nothing else tells that a table was made anew."""
    found = offenders(lambda path, name: name.startswith(("django.db.models.signals", "django.dispatch")))
    assert {line for line in found if not line.endswith(("signals", "signals.post_migrate"))} == set()
    assert {line.partition(":")[0] for line in found} == {"gutskin/page_cache/apps.py"}


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX", "HACK"])
def test_unfinished_thoughts_are_not_left_in_the_code(word):
    left = [str(path) for path, text in everything_written().items() if re.search(rf"\b{word}\b", text)]
    assert [path for path in left if path != "tests/gutskin/test_conventions.py"] == []
