"""Readers of the evidence map in each of its forms: drawing, lists, table, CSV and JSON.

All return the same structure: the content of each cell by its id.
"""

import csv
import io
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

from education.models import EvidenceStatement, Intervention, ReferenceStatus

VOID = {"meta", "link", "input", "br", "hr", "img", "path", "rect"}


def interventions():
    """Short names by name."""
    return dict(Intervention.objects.values_list("name", "slug"))


@dataclass(frozen=True)
class Reading:
    """Marks as pairs of effect and level in words, with their number of statements."""

    marks: dict = field(default_factory=dict)
    papers: int = 0
    absence: str = ""


@dataclass
class Node:
    tag: str
    attributes: dict
    parts: list = field(default_factory=list)

    def all(self, wanted):
        """Descendants that the test accepts, in the order of the page."""
        for part in self.parts:
            if isinstance(part, Node):
                if wanted(part):
                    yield part
                yield from part.all(wanted)

    def of(self, tag="", style=""):
        return list(self.all(lambda node: tag in {"", node.tag} and style in ["", *node.styles]))

    @property
    def styles(self):
        return self.attributes.get("class", "").split()

    @property
    def raw(self):
        return "".join(part.raw if isinstance(part, Node) else part for part in self.parts)

    @property
    def text(self):
        return " ".join(self.raw.split())


class Tree(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.root = Node("", {})
        self._open = [self.root]
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        node = Node(tag, dict(attrs))
        self._open[-1].parts.append(node)
        if tag not in VOID:
            self._open.append(node)

    def handle_endtag(self, tag):
        if tag not in VOID:
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data):
        self._open[-1].parts.append(data)


def page(html):
    return Tree(html).root


def drawing(root):
    """From the drawing: the words, and the sign and certainty signs beside them, which must agree."""
    (svg,) = root.of("svg", "map")
    return {_anchor(cell): _drawn(cell) for cell in svg.of("a", "map__cell")}


def _drawn(cell):
    marks, notes, signs, crosses = Counter(), [], [], []
    effect = None
    for node in cell.all(lambda node: node.tag in {"text", "path", "g"}):
        if "sign" in node.styles:
            signs.append(node.styles[-1].removeprefix("sign--"))
        elif "map__grade" in node.styles:
            crosses.append(node.of("path")[0].attributes["d"].count("v15"))
        elif "map__effect" in node.styles:
            effect, times = _times(node.text)
            marks[effect, ""] += times
        elif "map__certainty" in node.styles:
            marks[effect, node.text] += marks[effect, ""]
            del marks[effect, ""]
        elif "map__note" in node.styles:
            notes.append(node.text)
    papers, absence = _notes(" ".join(notes))
    return Reading(dict(marks), papers, absence), signs, crosses


def lists(root):
    (lists_,) = root.of("div", "map-lists")
    return {_anchor(entry.of("a")[0]): _listed(entry) for entry in lists_.of("li")}


def table(root):
    """With the row and column headings of each cell."""
    (found,) = root.of("table", "map-table")
    columns = [cell.text for cell in found.of("thead")[0].of("th")][1:]
    cells = {}
    for row in found.of("tbody")[0].of("tr"):
        for column, cell in zip(columns, row.of("td"), strict=True):
            cells[_anchor(cell.of("a")[0])] = (_listed(cell), row.of("th")[0].text, column)
    return cells


def _listed(entry):
    marks, notes = Counter(), []
    for line in entry.of("span", "mark-line"):
        grade = line.of("span", "grade")
        if line.of("path", "sign--absent") or "mark-line--papers" in line.styles or not line.of("path", "sign"):
            notes.append(line.text)
            continue
        level = re.sub(r"^[⊕◯ ]+| certainty$", "", grade[0].text) if grade else ""
        effect, times = _times(re.sub(r"[⊕◯].*|\(.*", "", line.text).strip())
        marks[effect, level] += times
    papers, absence = _notes(" ".join(notes))
    return Reading(dict(marks), papers, absence)


def from_csv(content):
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    return _cells(
        (
            row["Condition"],
            row["Intervention"],
            row["Effect direction"],
            row["Certainty of evidence"],
            row["References"],
        )
        for row in rows
    )


def from_json(content):
    data = json.loads(content)
    cells = _cells(
        (
            statement["population"]["condition"],
            statement["intervention"]["name"],
            statement["effect_direction"],
            statement["certainty_of_evidence"] or "",
            " | ".join(reference["key"] for reference in statement["references"]),
        )
        for statement in data["statements"]
    )
    for gap in data["not_summarised"]:
        cells[f"cell-{gap['population']['condition']}-{gap['intervention']['id']}"] = Reading(absence=NOT_SUMMARISED)
    return cells


def _cells(rows):
    marks, keys, rows_of = {}, {}, interventions()
    for condition, intervention, effect, level, references in rows:
        cell = f"cell-{condition}-{rows_of[intervention]}"
        marks.setdefault(cell, Counter())[effect, level] += 1
        keys.setdefault(cell, set()).update(filter(None, references.split(" | ")))
    return {cell: Reading(dict(marks[cell]), len(keys[cell])) for cell in marks}


NOT_SUMMARISED = "Not summarised yet"


def from_database(conditions, statements=None):
    """What every form must say, computed from the database without the code that makes the map."""
    statements = EvidenceStatement.objects.filter(state="published") if statements is None else statements
    cells = {}
    for condition in conditions:
        for intervention in interventions().values():
            here = statements.filter(condition=condition, intervention=intervention)
            marks = Counter((s.get_effect_display(), s.get_certainty_display()) for s in here)
            papers = {
                reference.key
                for statement in here
                for reference in statement.references.exclude(status=ReferenceStatus.REJECTED)
                if reference.status != ReferenceStatus.RETRACTED
            }
            absence = "" if marks else NOT_SUMMARISED
            cells[f"cell-{condition.slug}-{intervention}"] = Reading(dict(marks), len(papers), absence)
    return cells


def _anchor(link):
    return link.attributes["href"].partition("#")[2]


def _times(words):
    effect, _, times = words.partition(" ×")
    return effect, int(times or 1)


def _notes(words):
    papers = re.search(r"(\d+) papers?$", words)
    rest = words[: papers.start()] if papers else words
    return int(papers[1]) if papers else 0, rest.strip()
