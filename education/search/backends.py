"""Full-text queries on SQLite (FTS5) and PostgreSQL (tsvector): counts of matches and the best candidates.

Each backend builds a match expression in the language of its index; migration 0002_search_index creates the indexes.
"""

from enum import Enum
from itertools import combinations
from typing import NamedTuple

from django.db import connection

from education.models import SearchWord

# Counts and candidates come from one query, so that the index is scanned once. Only ids are ranked in SQL; the terms,
# which are long, are fetched for the best matches alone.
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

# The ids make the order of equal scores stable, so that no result is on two pages.
BEST_IDS = "SELECT id FROM ({matched}) AS matched ORDER BY score, id LIMIT %(limit)s"


class Words(Enum):
    """How many of a query's content words a document must have."""

    ALL = "all"
    ALL_BUT_ONE = "all but one"
    ANY = "any"


class Match(NamedTuple):
    """A row of COUNTS_AND_BEST: a count of one subject, where `id` is None, or else one candidate document."""

    subject: str
    matches: int | None
    score: float | None
    id: int | None
    title_terms: str
    summary_terms: str
    heading_terms: str
    text_terms: str


class Backend:
    """What both databases share: a match expression, which differs only in its operators."""

    any_of, all_of, quote, phrase, prefix = "", "", "", "", ""

    def match_expression(self, combinations_of_groups):
        """The query in the language of the index. Terms hold only letters and digits, so none can end its quotes."""
        return self.any_of.join(f"({self.all_of.join(map(self._group, groups))})" for groups in combinations_of_groups)

    def _group(self, group):
        return f"({self.any_of.join(map(self._alternative, group))})"

    def _alternative(self, alternative):
        separator = self.phrase if alternative.side_by_side else f"{self.quote}{self.all_of}{self.quote}"
        prefix = self.prefix if alternative.prefix else ""
        return f"({self.quote}{separator.join(alternative.terms)}{self.quote}{prefix})"


class SQLite(Backend):
    """The FTS5 table education_search, which triggers keep up to date with SearchDocument."""

    any_of, all_of, quote, phrase, prefix = " OR ", " AND ", '"', " ", " *"
    # bm25 weighs title, summary, headings and text; its scores are negative, and the lowest is the best.
    # CROSS JOIN and INDEXED BY stop the query planner from reading every document, or whole rows of the matching ones.
    matched = """
    SELECT document.id, document.subject,
        bm25(education_search, 10, 4, 3, 1) AS score
    FROM education_search CROSS JOIN education_searchdocument AS document INDEXED BY education_search_kinds
        ON document.id = education_search.rowid
    WHERE education_search MATCH %(match)s AND document.language = %(language)s
    """

    def words_beginning_with(self, beginning, language):
        """A range, because LIKE cannot use the index: in SQLite it ignores case."""
        words = SearchWord.objects.filter(language=language, word__gte=beginning, word__lt=beginning + "\U0010ffff")
        return words.values_list("word", flat=True)

    def rebuild(self):
        """Rebuild the FTS5 table from SearchDocument."""
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO education_search (education_search) VALUES ('rebuild')")


class PostgreSQL(Backend):
    """The column search_vector, which PostgreSQL generates from the columns of terms, with a GIN index."""

    # The expression is cast to tsquery, not parsed by to_tsquery, so no dictionary of PostgreSQL changes a term.
    any_of, all_of, quote, phrase, prefix = " | ", " & ", "'", "' <-> '", ":*"
    # Weights are listed from D (text) to A (title). The 1 divides by the logarithm of the length, so that long texts
    # do not win by length alone. Negated, so that the lowest score is the best, as on SQLite.
    matched = """
    SELECT id, subject,
        -ts_rank('{0.1, 0.3, 0.4, 1}', search_vector, %(match)s::tsquery, 1) AS score
    FROM education_searchdocument
    WHERE search_vector @@ %(match)s::tsquery AND language = %(language)s
    """

    def words_beginning_with(self, beginning, language):
        return SearchWord.objects.filter(language=language, word__startswith=beginning).values_list("word", flat=True)

    def rebuild(self):
        """Nothing to do: the column is generated."""


# By django.db.connection.vendor. Both are stateless, so one instance serves all threads.
BACKENDS = {"postgresql": PostgreSQL(), "sqlite": SQLite()}


def backend():
    """The backend of the default database."""
    return BACKENDS[connection.vendor]


def counts_and_best(query, language, *, words=Words.ALL, kind, limit, offset) -> tuple[dict[str, int], list[Match]]:
    """Count the matching documents by subject, and fetch the best `limit` of one `kind` by the database's own score.

    An empty `kind` stands for all kinds; the counts always cover all of them. One query.
    """
    values = {
        "match": backend().match_expression(_combinations(query.groups, words)),
        "language": language,
        "kind": kind,
        "limit": limit,
        "offset": offset,
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNTS_AND_BEST.format(matched=backend().matched), values)
        rows = [Match(*row) for row in cursor.fetchall()]
    return {row.subject: row.matches for row in rows if row.id is None}, [row for row in rows if row.id is not None]


def has_matches(query, language: str) -> bool:
    """Whether any document has every content word of the query. One query."""
    counts, _best = counts_and_best(query, language, kind="", limit=0, offset=0)
    return bool(counts)


def matching_ids(query, language, *, limit) -> list[int]:
    """Ids of the documents that match every group, the best by the database's own score first. One query."""
    expression = backend().match_expression(_combinations(query.groups, Words.ALL))
    values = {"match": expression, "language": language, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(BEST_IDS.format(matched=backend().matched), values)
        return [row[0] for row in cursor.fetchall()]


def _combinations(groups, words):
    """Every combination of groups that is enough; a document has to match all groups of at least one."""
    # At least one group, or a query of one word would match every document.
    needed = {Words.ALL: len(groups), Words.ALL_BUT_ONE: len(groups) - 1, Words.ANY: 1}[words]
    return combinations(groups, max(needed, 1))
