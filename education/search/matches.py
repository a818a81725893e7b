"""One question to the index of whichever database: how many match, of which kind, and the best of them."""

from enum import Enum
from itertools import combinations
from typing import NamedTuple

from django.db import connection

from education.search import postgresql, sqlite

ENGINES = {"postgresql": postgresql, "sqlite": sqlite}

# The index is asked once for counts and candidates together. It ranks ids alone; terms are fetched for the best only.
COUNTS_AND_BEST = """
WITH matched AS MATERIALIZED ({matched})
SELECT document.subject, NULL AS matches, best.score AS score, document.id AS id,
    title_terms, summary_terms, heading_terms, text_terms
FROM (
    SELECT id, score FROM matched WHERE %(kind)s IN ('', subject) ORDER BY score, id LIMIT %(limit)s OFFSET %(offset)s
) AS best JOIN education_searchdocument AS document ON document.id = best.id
UNION ALL
SELECT subject, count(*), NULL, NULL, NULL, NULL, NULL, NULL FROM matched GROUP BY subject
ORDER BY score, id
"""

BEST_IDS = "SELECT id FROM ({matched}) AS matched ORDER BY score, id LIMIT %(limit)s"


class Words(Enum):
    """How many of a query's telling words a document needs."""

    ALL = "all"
    ALL_BUT_ONE = "all but one"
    ANY = "any"


class Match(NamedTuple):
    subject: str
    matches: int | None
    score: float | None
    id: int | None
    title_terms: str
    summary_terms: str
    heading_terms: str
    text_terms: str


def engine():
    return ENGINES[connection.vendor]


def counts_and_best(query, language, *, words=Words.ALL, kind, limit, offset) -> tuple[dict[str, int], list[Match]]:
    """Documents that have so many of the query's words: how many of each kind, and the best by the database."""
    values = {
        "match": engine().expression(_choices(query.groups, words)),
        "language": language,
        "kind": kind,
        "limit": limit,
        "offset": offset,
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNTS_AND_BEST.format(matched=engine().MATCHED), values)
        rows = [Match(*row) for row in cursor.fetchall()]
    return {row.subject: row.matches for row in rows if row.id is None}, [row for row in rows if row.id is not None]


def _choices(groups, words):
    """Ways to have so many words: in each, every group has to be there."""
    needed = {Words.ALL: len(groups), Words.ALL_BUT_ONE: len(groups) - 1, Words.ANY: 1}[words]
    return combinations(groups, max(needed, 1))


def matching_ids(query, language, *, limit) -> list[int]:
    """Documents that match every group, the best by the database."""
    values = {"match": engine().expression(_choices(query.groups, Words.ALL)), "language": language, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(BEST_IDS.format(matched=engine().MATCHED), values)
        return [row[0] for row in cursor.fetchall()]
