"""Which of all references have a problem that can be found without asking a register."""

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache

from education.models import Reference, ReferenceStatus
from education.references import integrity
from gutskin.page_cache.content_version import changes

# The code of any problem that keeps a text from relying on the reference.
ANY = "any"


def with_problem(code: str) -> frozenset[int]:
    """Primary keys of references with this problem, one of integrity.CODES, or ANY. One query if nothing changed."""
    # Each title is compared with all others: with 5,000 references, that takes a third of a second.
    return _found(tuple(changes())).get(code, frozenset())


@lru_cache(maxsize=1)
def _found(_changes: tuple[str, ...]) -> Mapping[str, frozenset[int]]:
    """By code. One query."""
    rows = list(Reference.objects.filter(merged_into=None).order_by().values("pk", *integrity.FIELDS))
    # A rejected reference may rightly share its values with the correct record.
    rivals = integrity.ReferenceIndex(row for row in rows if row["status"] != ReferenceStatus.REJECTED)
    found = defaultdict(set)
    for row in rows:
        for problem in integrity.problems(row, rivals):
            found[problem.code].add(row["pk"])
            if problem.blocks:
                found[ANY].add(row["pk"])
    return {code: frozenset(pks) for code, pks in found.items()}
