"""The evidence map: every published statement by intervention and condition, drawn, as a table and as files."""

from education.evidence_map.address import CELL_PAGE, address_on_map
from education.evidence_map.drawing import Drawing, draw
from education.evidence_map.exports import as_csv, as_json
from education.evidence_map.filters import UNRATED_VALUES, Choice
from education.evidence_map.marks import LONGEST_LIST_OF_MARKS, Mark, marks_of
from education.evidence_map.queries import CONDITIONS_ON_A_PAGE, Evidence, chosen_evidence
from education.evidence_map.table import (
    CONDITIONS_IN_A_STRIP,
    Cell,
    Column,
    EvidenceMap,
    build_map,
    column_strip,
    row_strip,
)

__all__ = [
    "CELL_PAGE",
    "CONDITIONS_IN_A_STRIP",
    "CONDITIONS_ON_A_PAGE",
    "LONGEST_LIST_OF_MARKS",
    "UNRATED_VALUES",
    "Cell",
    "Choice",
    "Column",
    "Drawing",
    "Evidence",
    "EvidenceMap",
    "Mark",
    "address_on_map",
    "as_csv",
    "as_json",
    "build_map",
    "chosen_evidence",
    "column_strip",
    "draw",
    "marks_of",
    "row_strip",
]
