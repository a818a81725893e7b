"""The documents say what is so: what they point at is there."""

import ast
import re

import pytest

from tests.gutskin.sources import ROOT, imported, python_files, templates

# Each line of their tables is held by a test.
PROMISES = ["security.md", "compliance.md"]
# Quoted or bold in the guide for clinicians, and not a label of ours.
NOT_LABELS = {
    *("Save", "Add article", "Add reference"),  # Django's own
    *("Infobutton", "evidence level", "(Review)", "agree", "5", "if:"),  # names and signs
    # Words for and against
    *("cures", "proven", "boosts", "detox", "heals the gut", "miracle", "probably", "may", "4 out of 10 people"),
    # Examples of what is entered or shown
    *("l2084", "GS", "210", "1-18", "[cited 2026 Nov 22]", "Helps ×2", "possible treatment"),
    *("Psoriasis", "Psoriasis and your gut"),
    # What patients write
    *("I cut myself shaving", "I do not want to die", "I cannot go on like this", "no"),
    *("No fever, weight loss or blood", "Blood in poo: no"),
    *("No fever, blood in my poo", "no blood before, but now", "short of breath on the stairs"),
    # What readers search for
    *("does dairy cause acne", "does", "cause", "best", "What is a placebo?", "FMT", "Exzema", "eczema", "psoriasis"),
    *("glutenfree", "pro-biotic", "anemia", "gout", "privacy", "who answers", "accessibility"),
    *("coeliac", "celiac", "rash", "leaky gut", "intestinal permeability", "runny poo", "diarrhoea"),
}
TRANSLATES = {"_", "_lazy", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
# Folders in which Django looks for models, commands and the like.
FOUND_BY_THEIR_PLACE = {"models", "management", "formats", "templatetags", "migrations"}
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_links_between_documents_lead_somewhere():
    dead = []
    for document in DOCUMENTS:
        text = re.sub(r"<!--.*?-->", "", document.read_text(), flags=re.S)
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
            if not (document.parent / target).exists():
                dead.append(f"{document.relative_to(ROOT)}: {target}")
    assert dead == []


@pytest.mark.parametrize("name", PROMISES)
def test_every_promise_names_a_test_that_exists(name):
    named = re.findall(r"`(tests/[\w/.]+)::(\w+)`", (ROOT / "docs" / name).read_text())
    assert len(named) > 20
    missing = [f"{path}::{test}" for path, test in named if f"def {test}(" not in (ROOT / path).read_text()]
    assert missing == []


def our_commands():
    return {path.stem for path in python_files() if path.parts[-3:-1] == ("management", "commands")} - {"__init__"}


@pytest.mark.parametrize("name", PROMISES)
def test_every_line_of_a_table_of_promises_names_a_test(name):
    text = (ROOT / "docs" / name).read_text()
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.endswith("| Test |")]
    assert len(rows) > 20
    assert [row for row in rows if "::test_" not in row] == []


def test_targets_and_commands_that_documents_name_exist():
    text = "\n".join(document.read_text() for document in DOCUMENTS)
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"(?:^|`)make ([a-z]+)", text, re.M))
    assert [target for target in sorted(targets) if not re.search(rf"^{target}:", makefile, re.M)] == []
    ours = our_commands()
    of_others = {"check", "migrate", "collectstatic", "createsuperuser", "clearsessions", "axes_reset"}
    assert set(re.findall(r"manage\.py (\w+)", text)) - ours - of_others == set()


def test_files_that_documents_name_exist():
    """Paths in code quotes that begin with a folder of the project."""
    named = {
        path
        for document in DOCUMENTS
        for path in re.findall(
            r"`((?:education|consultations|gutskin|templates|static|tests|benchmarks|docs)/[\w./-]*)`",
            document.read_text(),
        )
    }
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_every_command_of_ours_is_explained_to_operators():
    text = (ROOT / "docs" / "operators.md").read_text() + (ROOT / "README.md").read_text()
    ours = our_commands()
    # `make demo` calls the first; the others are for developers.
    assert {name for name in ours - {"load_demo", "load_scale", "makemessages"} if f"{name}" not in text} == set()


def test_every_variable_of_the_environment_is_explained_to_operators():
    table = (ROOT / "docs" / "operators.md").read_text()
    code = "\n".join((ROOT / "gutskin" / name).read_text() for name in ("settings.py", "start.py"))
    read = set(re.findall(r"""\benv(?:\.\w+)?\(\s*"([A-Z_]+)\"""", code))
    assert len(read) > 20
    assert {name for name in read if f"| `{name}`" not in table and f"`{name}`," not in table} == set()


def test_every_page_for_clinicians_and_every_decision_is_listed():
    docs = ROOT / "docs"
    clinicians, decisions = (docs / "clinicians.md").read_text(), (docs / "decisions" / "README.md").read_text()
    pages = [f"clinicians/{path.name}" for path in docs.glob("clinicians/*.md")]
    assert [page for page in pages if f"({page})" not in clinicians] == []
    assert [path.name for path in docs.glob("decisions/0*.md") if f"({path.name})" not in decisions] == []


def test_documents_name_no_folder_of_one_machine():
    folder = re.compile(r"(?<![\w.~])/(?:home|root|work|tmp|Users)/")
    named = {str(document.relative_to(ROOT)): folder.findall(document.read_text()) for document in DOCUMENTS}
    assert {name: found for name, found in named.items() if found} == {}


def feature_table():
    text = (ROOT / "docs" / "developers.md").read_text()
    return text.partition("| Feature | Code |")[2].partition("\n\n")[0]


def test_the_feature_table_names_only_what_exists():
    named = re.findall(r"`([\w./-]+)`", feature_table())
    assert len(named) > 100
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_module_is_in_the_feature_table_or_in_a_folder_that_is():
    """But for what Django asks for in every app, models, and the small modules named below the table."""
    named = re.findall(r"`([\w./-]+)`", feature_table()) + small_modules_below_the_table()
    known = {"__init__.py", "apps.py", "urls.py", "wsgi.py", "exceptions.py", "models.py"}
    missing = [
        str(path)
        for path in python_files()
        if path.name not in known
        and not FOUND_BY_THEIR_PLACE & set(path.parts)
        and not any(str(path) == name or (name.endswith("/") and str(path).startswith(name)) for name in named)
    ]
    assert missing == []


def small_modules_below_the_table():
    text = (ROOT / "docs" / "developers.md").read_text()
    return re.findall(r"`(\w+/[\w/]+\.py)`", text.partition("A module of fewer than 40 lines")[2].partition("## ")[0])


def test_every_small_module_that_is_not_shared_is_named_in_the_table_or_below_it():
    in_table = re.findall(r"`([\w./-]+)`", feature_table())
    imports = {path: set(imported(tree)) for path, tree in python_files().items()}
    small = [
        str(path)
        for path in python_files()
        if not (FOUND_BY_THEIR_PLACE | {"__init__.py", "apps.py", "urls.py"}) & set(path.parts)
        and len((ROOT / path).read_text().splitlines()) < 40
        and str(path) not in in_table
        and sum(".".join(path.with_suffix("").parts) in names for names in imports.values()) <= 1
    ]
    assert sorted(small_modules_below_the_table()) == sorted(small)


def test_the_guide_for_developers_stays_short():
    assert len((ROOT / "docs" / "developers.md").read_text().splitlines()) <= 200


def test_every_requirement_says_why_it_is_here():
    files = ("requirements.in", "requirements-pdf.in", "requirements-dev.in")
    lines = [line for name in files for line in (ROOT / name).read_text().splitlines()]
    assert [line for line in lines if line and not line.startswith(("#", "-c")) and " # " not in line] == []


def test_every_label_that_clinicians_are_told_is_on_the_site():
    """“Save as CSV”, **Approve…**: when a label is reworded on the site, the guide has to follow."""
    shown = shown_strings()
    unknown = [
        f"{page.relative_to(ROOT)}: {label}"
        for page in [ROOT / "docs" / "clinicians.md", *sorted((ROOT / "docs" / "clinicians").glob("*.md"))]
        for label in quoted_labels(page.read_text())
        if label not in NOT_LABELS and not is_shown(label, shown)
    ]
    assert unknown == []


def test_what_is_excused_from_being_a_label_is_quoted_somewhere():
    pages = [ROOT / "docs" / "clinicians.md", *(ROOT / "docs" / "clinicians").glob("*.md")]
    quoted = {label for page in pages for label in quoted_labels(page.read_text())}
    assert sorted(NOT_LABELS - quoted) == []


def quoted_labels(text):
    """Up to six words between typographic quotation marks, up to ten in bold. Code and bold sentences are left out."""
    prose = re.sub(r"```.*?```|`[^`\n]*`", " ", text, flags=re.S)
    bold = [part for label in re.findall(r"\*\*([^*]+)\*\*", prose) for part in label.split(" › ") if part[-1] != "."]
    quoted = [label for label in re.findall(r"“([^“”]+)”", prose) if len(label.split()) <= 6]
    return [" ".join(label.split()) for label in quoted + [label for label in bold if len(label.split()) <= 10]]


def is_shown(label, shown):
    """One word has to be a string of its own; several words may be a part of one."""
    label = with_placeholders(label)
    if " " not in label:
        return label in shown
    part = re.compile(rf"(?<!\w){re.escape(label)}(?!\w)")
    return any(part.search(string) for string in shown)


def shown_strings():
    """Whatever templates and Python mark for translation."""
    strings = set()
    for text in templates().values():
        strings.update(string for _quote, string in re.findall(r"""(?:translate |_\()(["'])(.+?)\1""", text))
        strings.update(re.findall(r"\{% blocktranslate.*?%\}(.*?)\{% endblocktranslate", text, re.S))
    for tree in python_files().values():
        strings.update(
            argument.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TRANSLATES
            for argument in node.args
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        )
    return {with_placeholders(string) for string in strings}


def with_placeholders(string):
    """Numbers and variables become one sign, and capitals small: “and 1 more” is `and %(count)s more`."""
    string = re.sub(r"<[^>]+>|\{%.*?%\}", " ", string)
    return " ".join(re.sub(r"%\(\w+\)[sd]|\{\{.*?\}\}|\{\w+\}|\d+", "#", string).split()).casefold()
