"""Says which version that we name in the image, in compose.yaml or in the requirements gets no more security fixes.

`make check` runs it. The dates are in ends.toml. It fails when one has passed or is not there, and warns in the last
ninety days.
"""

import re
import sys
import tomllib
from datetime import date, timedelta
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
ENDS = Path(__file__).with_name("ends.toml")
SOON = timedelta(days=90)


def versions_used(root: Path = ROOT) -> set[tuple[str, str]]:
    """Pairs of a name and a version."""
    compose = yaml.safe_load((root / "compose.yaml").read_text())
    images = [service["image"] for service in compose["services"].values() if "build" not in service]
    images += re.findall(r"^FROM (\S+)", (root / "Dockerfile").read_text(), re.M)
    used = set()
    for image in images:
        name, _colon, tag = image.rpartition("/")[2].partition(":")
        used.add((name, tag.partition("-")[0]))
        used |= {("debian", word) for word in tag.split("-")[1:] if word not in {"slim", "alpine"}}
    django = re.search(r"^django==(\d+\.\d+)", (root / "requirements.txt").read_text(), re.M)[1]
    [oldest, newest] = re.search(r"You need Python 3\.(\d+) to 3\.(\d+)", (root / "README.md").read_text()).groups()
    used |= {("python", f"3.{minor}") for minor in range(int(oldest), int(newest) + 1)}
    return used | {("django", django)}


def ends() -> dict[tuple[str, str], dict]:
    return {(row["name"], row["version"]): row for row in tomllib.loads(ENDS.read_text())["version"]}


def problems(used: set[tuple[str, str]], known: dict, today: date) -> tuple[list[str], list[str]]:
    """What has run out or is unknown, and what soon will."""
    over, soon = [], []
    for name, version in sorted(used):
        row = known.get((name, version))
        if row is None:
            over.append(f"{name} {version}: until when is it supported? Add it to {ENDS.relative_to(ROOT)}.")
        elif row["ends"] < today:
            over.append(f"{name} {version} is not supported since {row['ends']} ({row['source']}). Take a newer one.")
        elif row["ends"] - today < SOON:
            soon.append(f"{name} {version} is supported until {row['ends']} ({row['source']}).")
    return over, soon


def main() -> None:
    over, soon = problems(versions_used(), ends(), date.today())
    print("\n".join([*soon, *over]) or "Every version that we name is supported.")
    sys.exit(bool(over))


if __name__ == "__main__":
    main()
