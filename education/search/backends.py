"""Full-text queries on SQLite (FTS5) and PostgreSQL (tsvector): counts of matches and the best candidates.

Each backend builds a match expression in the language of its index, and has its own statements: those of SQLite are
here, those of PostgreSQL in postgresql.py. Migrations 0002 and 0013 create the indexes.
"""

from enum import Enum
from itertools import combinations
from typing import NamedTuple

from django.db import connection
from django.db.models import Q

from education.models import SearchWord
from education.search import postgresql

# If there are more matches than this, only those in a title, summary or heading are candidates, provided there are any.
# To score all 10,000 pages that have a word somewhere in their text takes three times as long as everything else.
MANY_MATCHES = 1_000
# How many of these heads are candidates, the best first.
MOST_HEADS = 50
# How many of many texts PostgreSQL scores as a whole, if fewer heads match than are wanted.
MOST_TEXTS = 300

# Only ids are ranked in SQL. Terms are long, so they are fetched for the best results alone. Documents with equal
# scores are sorted by id, so that no result appears on two pages.
COUNTS_AND_BEST = """
WITH many AS MATERIALIZED (
    SELECT 1 WHERE (SELECT count(*) FROM (SELECT 1 {matching} LIMIT %(many)s) AS matched) >= %(many)s
        AND EXISTS (SELECT 1 {matching_heads})
), counted AS MATERIALIZED (
    {counted}
), heads AS MATERIALIZED (
    SELECT document.id, {score} AS score {matching_heads} AND %(kind)s IN ('', document.subject)
        AND EXISTS (SELECT 1 FROM many)
    ORDER BY score, document.id LIMIT %(most_heads)s
), others AS MATERIALIZED (
    SELECT document.id, {score} AS score {matching} AND %(kind)s IN ('', document.subject)
        AND (%(every_word)s = 1 OR NOT EXISTS (SELECT 1 FROM many)) AND (SELECT count(*) FROM heads) < %(stop)s
        AND document.id NOT IN (SELECT id FROM heads)
    ORDER BY score, document.id LIMIT %(stop)s
), best AS (
    SELECT id, 0 AS place, score FROM heads UNION ALL SELECT id, 1, score FROM others
    ORDER BY place, score, id LIMIT %(limit)s OFFSET %(offset)s
)
SELECT document.subject, NULL AS matches, best.place AS place, best.score AS score, document.id AS id, {terms}
FROM best JOIN education_searchdocument AS document ON document.id = best.id
UNION ALL
SELECT subject, matches, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM counted
ORDER BY place, score, id
"""

COUNTED = "SELECT document.subject, count(*) AS matches {matching} GROUP BY document.subject"
# Where pages may lack a word, half of a large site matches: there, only heads are results.
COUNTED_OF_SOME_WORDS = """
    SELECT document.subject, count(*) AS matches {matching} AND NOT EXISTS (SELECT 1 FROM many) GROUP BY subject
    UNION ALL
    SELECT document.subject, count(*) {matching_heads} AND EXISTS (SELECT 1 FROM many) GROUP BY subject
"""

# Statements have no name. As above, the terms are fetched for the best alone.
BEST_NAMED = """
SELECT document.subject, NULL, 0, best.score, document.id, {terms}
FROM (
    SELECT document.id, {score} AS score {matching_heads} AND document.subject <> 'evidence'
    ORDER BY score, document.id LIMIT %(limit)s
) AS best JOIN education_searchdocument AS document ON document.id = best.id
ORDER BY best.score, best.id
"""

BEST_IDS = "SELECT document.id, {score} AS score {matching} ORDER BY score, document.id LIMIT %(limit)s"
TERMS = "title_terms, summary_terms, heading_terms, text_terms"


class Words(Enum):
    """How many of a query's content words a document must have."""

    ALL = "all"
    ALL_BUT_ONE = "all but one"
    ANY = "any"


class Match(NamedTuple):
    """A row of COUNTS_AND_BEST: a count of one subject, where `id` is None, or else one candidate document."""

    subject: str
    matches: int | None
    place: int | None
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

    def known_words(self, beginning, others, language):
        """Words of published texts that start with `beginning`, unless that is empty, or that are in `others`."""
        wanted = Q(word__in=sorted(others)) | (self.beginning_with(beginning) if beginning else Q())
        return SearchWord.objects.filter(wanted, language=language).values_list("word", flat=True)

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
    score = "bm25(education_search, 10, 4, 3, 1)"
    # CROSS JOIN and INDEXED BY stop the query planner from reading every document, or whole rows of the matching ones.
    matching = """
    FROM education_search CROSS JOIN education_searchdocument AS document INDEXED BY education_search_kinds
        ON document.id = education_search.rowid
    WHERE education_search MATCH %(match)s AND document.language = %(language)s
    """
    matching_heads = matching.replace("%(match)s", "%(match_heads)s")
    names = {"score": score, "matching": matching, "matching_heads": matching_heads, "terms": TERMS}
    best_named, best_ids = BEST_NAMED.format(**names), BEST_IDS.format(**names)

    def counts_and_best(self, every_word):
        counted = COUNTED if every_word else COUNTED_OF_SOME_WORDS
        return COUNTS_AND_BEST.replace("{counted}", counted).format(**self.names)

    def expressions(self, groups, words):
        """Also the same expression for every column but the text."""
        match = self.match_expression(_combinations(groups, words))
        return {"match": match, "match_heads": f"- text_terms : ({match})"}

    def beginning_with(self, beginning):
        """A range, because LIKE cannot use the index: in SQLite it ignores case."""
        return Q(word__gte=beginning, word__lt=beginning + "\U0010ffff")

    def rebuild(self):
        """Rebuild the FTS5 table from SearchDocument."""
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO education_search (education_search) VALUES ('rebuild')")


class PostgreSQL(Backend):
    """The columns search_vector and heads_vector, which PostgreSQL generates from those of terms, with GIN indexes."""

    # The expression is cast to tsquery, not parsed by to_tsquery, so no dictionary of PostgreSQL changes a term.
    any_of, all_of, quote, phrase, prefix = " | ", " & ", "'", "' <-> '", ":*"
    best_named, best_ids = postgresql.BEST_NAMED, postgresql.BEST_IDS

    def counts_and_best(self, every_word):
        """One statement for both: it reads `every_word` from its parameters."""
        return postgresql.COUNTS_AND_BEST

    def expressions(self, groups, words):
        """Also an expression for documents that have some of the words."""
        return {
            "match": self.match_expression(_combinations(groups, words)),
            "match_some": self.match_expression(_combinations(groups, Words.ANY)),
        }

    def beginning_with(self, beginning):
        return Q(word__startswith=beginning)

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
    values = {"kind": kind, "limit": limit, "offset": offset, "stop": offset + limit}
    every_word = words == Words.ALL
    # If only heads are results, all of them are in order.
    values |= {"most_heads": MOST_HEADS if every_word else offset + limit, "every_word": int(every_word)}
    rows = [Match(*row) for row in _rows(backend().counts_and_best(every_word), query, language, words, values)]
    return {row.subject: row.matches for row in rows if row.id is None}, [row for row in rows if row.id is not None]


def best_named(query, language, *, limit) -> list[Match]:
    """The best pages and glossary terms that match without their text. One query."""
    return [Match(*row) for row in _rows(backend().best_named, query, language, Words.ALL, {"limit": limit})]


def has_matches(query, language: str) -> bool:
    """Whether any document has every content word of the query. One query."""
    counts, _best = counts_and_best(query, language, kind="", limit=0, offset=0)
    return bool(counts)


def matching_ids(query, language, *, limit) -> list[int]:
    """Ids of the documents that match every group, the best by the database's own score first. One query."""
    values = {"kind": "", "limit": limit, "offset": 0, "stop": limit, "most_heads": limit, "every_word": 1}
    return [pk for pk, _score in _rows(backend().best_ids, query, language, Words.ALL, values)]


def _rows(sql, query, language, words, values):
    """The rows of one of the statements above."""
    values |= backend().expressions(query.groups, words) | {"language": language}
    values |= {"many": MANY_MATCHES, "most_texts": MOST_TEXTS}
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _combinations(groups, words):
    """Every combination of groups that is enough; a document has to match all groups of at least one."""
    # At least one group, or a query of one word would match every document.
    needed = {Words.ALL: len(groups), Words.ALL_BUT_ONE: len(groups) - 1, Words.ANY: 1}[words]
    return combinations(groups, max(needed, 1))
