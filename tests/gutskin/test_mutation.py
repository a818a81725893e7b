"""`make mutants` is run by hand, so nothing but these tests says when it no longer finds what it breaks."""

import tomllib

import pytest

from tests.mutation import SOURCES, TARGETS, copy_project, missing, noticed_by, parse


def test_what_is_broken_and_the_tests_that_have_to_notice_exist():
    assert missing() == []


def test_the_copy_is_complete_and_configured(tmp_path):
    copy_project(tmp_path, ["education/readability.py"])

    options = tomllib.loads((tmp_path / "pyproject.toml").read_text())["tool"]["mutmut"]
    assert options["only_mutate"] == ["education/readability.py"]
    assert {"templates", "static", "manage.py", "docs"} <= set(options["also_copy"])
    assert options["pytest_add_cli_args_test_selection"] == noticed_by(["education/readability.py"]) != []
    copied = {*options["also_copy"], *SOURCES, "tests"}
    assert {path.name for path in tmp_path.iterdir()} == {*copied, "pyproject.toml"}


def test_every_target_is_code_of_the_project():
    assert {target.split("/")[0] for target in TARGETS} <= set(SOURCES)


def test_without_a_target_everything_is_broken(capsys):
    assert parse([]) == (list(TARGETS), 60)
    assert parse(["--minutes", "5", "education/readability.py"]) == (["education/readability.py"], 5)
    with pytest.raises(SystemExit):
        parse(["education/models.py"])
    assert "not a target: education/models.py. Choose from consultations/access.py, " in capsys.readouterr().err
