"""What docs/operators.md tells an operator to do, read from the document itself."""

import re

from tests.production import ROOT

GUIDE = ROOT / "docs" / "operators.md"
WITH_CONTAINERS, WITHOUT_CONTAINERS = "First start with containers", "First start without containers"


def section(heading: str) -> str:
    """The text below a heading, up to the next one."""
    _before, found, after = GUIDE.read_text().partition(f"\n## {heading}\n")
    assert found, f"The guide has no section “{heading}”."
    return after.partition("\n## ")[0]


def commands(heading: str, name: str) -> list[str]:
    """The lines of the section's blocks of commands that name this, in their order."""
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```", section(heading), re.M | re.S)
    lines = [line.strip() for block in blocks for line in block.splitlines() if name in line]
    assert lines, f"No command of “{heading}” has {name}."
    return lines


def variables() -> set[str]:
    """The names of the variables that the first steps tell to set, and those for more than one machine."""
    named = section(WITH_CONTAINERS).partition("Fresh secrets:")[0] + section(WITHOUT_CONTAINERS)
    named += section("More than one machine")
    return set(re.findall(r"`([A-Z]+(?:_[A-Z]+)*)[`=]", named))
