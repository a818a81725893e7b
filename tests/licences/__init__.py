"""Which licences the installed distributions have, and which of them do not fit an MIT project.

Three places are read: the metadata of each distribution, the bill of materials that many wheels carry (PEP 770: the
crates compiled into them, the libraries copied into them), and the names of the shared libraries beside them.
`allowed.toml` says what fits and why.
"""

import json
import re
import tomllib
from importlib.metadata import distributions
from pathlib import Path

ALLOWED = tomllib.loads((Path(__file__).parent / "allowed.toml").read_text())
# The name under which a library was built, before the digest and the version: libheif-7a3e919c.so.1.23.0, libpq.5.dylib
LIBRARY = re.compile(r"(lib\w+?)(?:-[0-9a-f]{8})?(?:[.-][\d.]+)?\.(?:so|dylib|dll)(?:\.[\d.]+)?")


def installed_licences(path=None):
    """`{(distribution, part): SPDX expression}`; "" is the part of the distribution itself, and an unknown licence."""
    found = {}
    for distribution in distributions(path=path) if path else distributions():
        name = _normal(distribution.name)
        found[name, ""] = licence_of(name, distribution.metadata)
        for file in distribution.files or []:
            if file.parent.name.endswith((".libs", ".dylibs")) and (library := LIBRARY.fullmatch(file.name)):
                found[name, library[1]] = ALLOWED["bundled"].get(library[1], "")
            elif file.parent.name == "sboms" and file.suffix == ".json":
                found |= {(name, part): licence for part, licence in _components(distribution, file)}
    return found


def licence_of(name, metadata):
    """What allowed.toml says, then `License-Expression`, then the classifiers, then the old free text."""
    for table in ("distributions", "programs"):
        if name in ALLOWED[table]:
            return ALLOWED[table][name]["licence"]
    if expression := metadata.get("License-Expression"):
        return expression
    classifiers = [line for line in metadata.get_all("Classifier") or [] if line.startswith("License :: ")]
    known = [ALLOWED["other_words"].get(line, line) for line in classifiers]
    return " AND ".join(known) or _in_spdx((metadata.get("License") or "").strip())


def misfits(licences):
    """A sentence for each part whose licence is unknown or not allowed."""
    problems = []
    for (name, part), licence in sorted(licences.items()):
        whose = f"{part} in {name}" if part else name
        if not licence:
            problems.append(f"{whose}: its licence is not known. Read it and add it to tests/licences/allowed.toml.")
        elif name not in ALLOWED["programs"] and not fits(licence):
            problems.append(f"{whose}: {licence} is not among the licences of tests/licences/allowed.toml.")
    return problems


def fits(expression):
    """Does an SPDX expression leave a choice that is allowed? `A OR B` needs one of them, `A AND B` both."""
    without_exceptions = re.sub(r"\s+WITH\s+\S+", "", expression)
    return any(
        all(licence.strip("() ") in ALLOWED["licences"] for licence in re.split(r"\s+AND\s+", choice))
        for choice in _choices(without_exceptions)
    )


def _choices(expression):
    """`(A OR B) AND C` -> [`A AND C`, `B AND C`]."""
    inner = re.search(r"\(([^()]*)\)", expression)
    if inner is None:
        return re.split(r"\s+OR\s+", expression)
    before, after = expression[: inner.start()], expression[inner.end() :]
    options = re.split(r"\s+OR\s+", inner[1])
    return [choice for option in options for choice in _choices(f"{before} {option} {after}".strip())]


def _components(distribution, file):
    """What a CycloneDX file in a wheel names, without the wheel itself."""
    left_out = {_normal(distribution.name), *ALLOWED["not_included"]}
    for component in json.loads(distribution.locate_file(file).read_text()).get("components", []):
        if _normal(component["name"]) not in left_out:
            licences = [
                entry.get("expression") or entry["license"].get("id") or _in_spdx(entry["license"].get("name", ""))
                for entry in component.get("licenses", [])
            ]
            yield component["name"], " AND ".join(licences) or ALLOWED["bundled"].get(component["name"], "")


def _normal(name):
    """As package indexes compare names."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _in_spdx(words):
    return ALLOWED["other_words"].get(words, words)
