"""What `make` installs, on any day and on any supported Python. `.ci/run` does it; here is what a test can hold."""

import re
import tomllib

import pytest

from tests.gutskin.sources import ROOT

NAMES = ["requirements", "requirements-dev", "requirements-pdf", "requirements-tools"]
MAKEFILE = (ROOT / "Makefile").read_text()
README = (ROOT / "README.md").read_text()
CI = (ROOT / ".ci" / "run").read_text()
# `name[extra,extra]`, as at the start of a line
REQUIREMENT = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[([\w,-]+)\])?(.*)$", re.M)


def locked(name):
    """`{name: (extras, the rest of the entry)}` of a lock file."""
    entries = re.split(r"\n(?=[a-z0-9])", (ROOT / f"{name}.txt").read_text())
    found = {}
    for entry in entries:
        if match := REQUIREMENT.match(entry):
            found[match[1]] = (set(filter(None, (match[2] or "").split(","))), entry)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_locked_requirement_has_a_version_and_hashes(name):
    entries = locked(name)
    assert entries
    assert [each for each, (_, text) in entries.items() if "==" not in text or "--hash=sha256:" not in text] == []


@pytest.mark.parametrize("name", NAMES)
def test_lock_files_keep_the_extras_that_are_asked_for(name):
    """Without them pip refuses the file as soon as a newer version of such a requirement is out."""
    asked = [
        (match[1], set(match[2].split(",")))
        for match in REQUIREMENT.finditer((ROOT / f"{name}.in").read_text())
        if match[2]
    ]
    entries = locked(name)
    assert [each for each, extras in asked if not extras <= entries[each][0]] == []
    # Asked for by pytest-cov and by WeasyPrint.
    indirect = {"requirements-dev": ("coverage", "toml"), "requirements-pdf": ("fonttools", "woff")}
    if name in indirect:
        each, extra = indirect[name]
        assert extra in entries[each][0]


@pytest.mark.parametrize("name", NAMES)
def test_the_lock_files_were_made_as_make_lock_makes_them(name):
    flags = re.search(r"^LOCK := uv pip compile --quiet (.+)$", MAKEFILE, re.M)[1]
    assert "--no-strip-extras" in flags
    assert f"$(LOCK) $(UPGRADE) {name}.in -o {name}.txt" in MAKEFILE
    assert f"#    uv pip compile {flags} {name}.in -o {name}.txt\n" in (ROOT / f"{name}.txt").read_text()


def test_lock_files_agree_with_each_other():
    """They are installed into one environment."""
    versions = {}
    for name in NAMES:
        for each, (_, text) in locked(name).items():
            versions.setdefault(each, set()).add(re.search(r"==([^\s;]+)", text)[1])
    assert {each: found for each, found in versions.items() if len(found) > 1} == {}


def test_supported_pythons_are_the_same_everywhere():
    oldest, newest = re.search(r"Python (3\.\d+) to (3\.\d+)", README).groups()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["project"]["requires-python"] == f">={oldest}"
    assert project["tool"]["ruff"]["target-version"] == f"py{oldest.replace('.', '')}"
    assert f"--python-version {oldest}" in MAKEFILE
    assert f"sys.version_info < ({oldest.replace('.', ', ')})" in MAKEFILE
    assert f"for minor in {newest.removeprefix('3.')} " in CI


def test_the_heic_decoder_carries_no_encoder():
    """pillow-heif's wheels carry x265, which is under the GPL."""
    assert "pi-heif" in locked("requirements")
    assert not {"pillow-heif", "pillow_heif"} & {each for name in NAMES for each in locked(name)}
