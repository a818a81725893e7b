"""One paper, as our record has it and as a register has it."""

from education.actions import record_check
from education.references.record import Record
from education.references.registers import compare
from tests.education.factories import make_reference
from tests.education.register_server import DOI

TITLE = "The gut-skin axis: Emerging insights (Review)"


def paper(**values):
    """The register's record of the paper that stored() makes."""
    defaults = {
        "authors": ["Zhao Y", "Yu C"],
        "title": "The gut–skin axis: emerging insights",
        "container_title": "International Journal of Molecular Medicine",
        "year": 2025,
        "volume": "56",
        "page": "1-20",
        "doi": DOI,
        "years": [2025],
    }
    return Record(**defaults | values)


def stored(**values):
    defaults = {"title": TITLE, "doi": DOI, "volume": "56", "page": "1-20"}
    return make_reference(**defaults | values)


def checked(reference, *records, register="crossref"):
    record_check(reference, [compare(reference, register, record) for record in records])
    reference.refresh_from_db()
    return reference.checks.first()
