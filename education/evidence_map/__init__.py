"""The evidence map: every published statement by intervention and condition, drawn, as a table and as files."""

from education.evidence_map.drawing import Drawing, draw
from education.evidence_map.exports import as_csv, as_json
from education.evidence_map.filters import UNRATED_VALUES, Choice
from education.evidence_map.marks import LONGEST_LIST_OF_MARKS, Mark, marks_of
from education.evidence_map.queries import Evidence, published_evidence
from education.evidence_map.table import Cell, Column, EvidenceMap, build_map, column_strip, row_strip

__all__ = [
    "LONGEST_LIST_OF_MARKS",
    "UNRATED_VALUES",
    "Cell",
    "Choice",
    "Column",
    "Drawing",
    "Evidence",
    "EvidenceMap",
    "Mark",
    "as_csv",
    "as_json",
    "build_map",
    "column_strip",
    "draw",
    "marks_of",
    "published_evidence",
    "row_strip",
]
