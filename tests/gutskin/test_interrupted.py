"""Ctrl-C in a command: one line that says how to go on, and no traceback."""

import sys

import pytest
from django.core.management import get_commands, load_command_class

import manage
from gutskin.interrupted import EXIT_STATUS, GO_ON

PACKAGES = {"gutskin", "education", "consultations"}
OURS = sorted(name for name, app in get_commands().items() if app.partition(".")[0] in PACKAGES)


def interrupted(monkeypatch, capsys, *arguments):
    """What manage.py writes, and with which status it ends."""
    monkeypatch.setattr(sys, "argv", ["manage.py", *arguments])
    # Both would be those of all tests from then on: the mask, and the logging that setup() configures.
    monkeypatch.setattr("os.umask", lambda mask: mask)
    monkeypatch.setattr("django.setup", lambda: None)
    with pytest.raises(SystemExit) as end:
        manage.main()
    return end.value.code, capsys.readouterr()


@pytest.mark.parametrize("name", [*OURS, "migrate", "collectstatic"])
def test_a_command_says_in_one_line_how_to_go_on(monkeypatch, capsys, name):
    command = type(load_command_class(get_commands()[name], name))

    def stop(self, *args, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "execute", stop)
    needed = {"restore": ["a-file"], "reset_second_factor": ["ana"]}
    status, written = interrupted(monkeypatch, capsys, name, *needed.get(name, []))
    assert (status, written.out) == (EXIT_STATUS, "")
    assert written.err.strip() == f"Stopped. {GO_ON.get(name, 'Run it again.')}"


def test_only_commands_that_there_are_have_a_sentence():
    assert set(GO_ON) - set(get_commands()) == set()


@pytest.mark.django_db
def test_a_rebuild_of_the_search_says_so_once(monkeypatch, capsys):
    def stop(**options):
        raise KeyboardInterrupt

    monkeypatch.setattr("education.search.rebuild_articles", stop)
    status, written = interrupted(monkeypatch, capsys, "rebuild_search", "--dry-run")
    assert status == EXIT_STATUS
    assert written.err.strip() == "Stopped. To go on: python manage.py rebuild_search --after 0"
