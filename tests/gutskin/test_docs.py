"""The documents say what is so: what they point at is there."""

import re

import pytest

from tests.gutskin.sources import ROOT

# Each line of their tables is held by a test.
PROMISES = ["security.md", "compliance.md"]
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
    ours = {path.stem for path in ROOT.glob("**/management/commands/[a-z]*.py")}
    of_others = {"check", "migrate", "collectstatic", "createsuperuser", "clearsessions", "axes_reset"}
    assert set(re.findall(r"manage\.py (\w+)", text)) - ours - of_others == set()


def test_files_that_documents_name_exist():
    """Paths in code quotes that begin with a folder of the project."""
    named = {
        path
        for document in DOCUMENTS
        for path in re.findall(
            r"`((?:education|consultations|gutskin|templates|static|tests|docs)/[\w./-]*)`", document.read_text()
        )
    }
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_every_command_of_ours_is_explained_to_operators():
    text = (ROOT / "docs" / "operators.md").read_text() + (ROOT / "README.md").read_text()
    ours = {path.stem for path in ROOT.glob("**/management/commands/[a-z]*.py")}
    # `make demo` calls the one; the other is for developers.
    assert {name for name in ours - {"load_demo", "makemessages"} if f"{name}" not in text} == set()


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


@pytest.mark.parametrize(
    ("heading", "folder", "at_least"),
    [
        ("## Where things are\n", "education", 25),
        ("## Where things are, for requests\n", "consultations", 45),
        ("## The doors\n", "gutskin/accounts", 8),
    ],
)
def test_the_map_for_developers_names_what_is_there(heading, folder, at_least):
    text = (ROOT / "docs" / "developers.md").read_text()
    table = text.partition(heading)[2].partition("\n## ")[0].partition("| Feature |")[2]
    named = re.findall(r"`([\w/]+(?:\.py|/))`", table)
    assert len(named) > at_least
    assert [name for name in named if not (ROOT / folder / name).exists()] == []


def test_every_requirement_says_why_it_is_here():
    files = ("requirements.in", "requirements-pdf.in", "requirements-dev.in")
    lines = [line for name in files for line in (ROOT / name).read_text().splitlines()]
    assert [line for line in lines if line and not line.startswith(("#", "-c")) and " # " not in line] == []
