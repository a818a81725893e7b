"""docs/reliability.md is written by two commands, each of which leaves alone what the other one wrote."""

import pytest

from tests.drill import report as drill
from tests.drill.table import Line
from tests.faults import report as faults
from tests.faults.table import Line as Fault


@pytest.fixture
def page(tmp_path, monkeypatch):
    path = tmp_path / "reliability.md"
    path.write_text("")
    monkeypatch.setattr(faults, "REPORT", path)
    # It asks PostgreSQL for its version.
    monkeypatch.setattr(faults, "versions", lambda: "Python")
    monkeypatch.setattr(drill, "versions", lambda: "Python")
    return path


def verify(name):
    faults.write_report({"SQLite": [Fault(fault=name, done="killed")]}, 17)


def make_drill(name, **result):
    drill.write_report([Line(step=name, done="restarted", **result)], 8)


def test_each_command_replaces_its_own_part(page):
    verify("first fault")
    make_drill("first step")
    verify("second fault")
    make_drill("second step")
    text = page.read_text()
    assert [word in text for word in ("first fault", "first step")] == [False, False]
    assert text.index("| second fault |") < text.index("\n## Drill\n") < text.index("| second step |")
    assert text.count("## Drill") == 1


def test_the_order_does_not_matter(page):
    make_drill("a step")
    verify("a fault")
    both = page.read_text()
    make_drill("a step")
    assert page.read_text() == both


def test_a_step_that_does_not_hold_says_so_in_one_row(page):
    make_drill("a step", sent=1000, failed=1, broken="1 × POST: 502\nand more")
    assert "1 of 1 steps did not hold" in page.read_text()
    assert "| a step | restarted | 1000 | 1 | 0 | **no** 1 × POST: 502 and more |" in page.read_text()
