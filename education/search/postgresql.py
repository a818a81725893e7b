"""The statements of search on PostgreSQL. They have the same parameters and columns as those of SQLite, in backends.py.

Each reads an index once and works on what it found. The query is in a subquery, `(SELECT %(match)s::tsquery)`, so that
PostgreSQL plans without looking at it: otherwise, it expects thousands of matches of a common word, prefers to read the
whole table, and unpacks every text. See decision 59.
"""

# Weights are listed from D (text) to A (title). The 1 divides by the logarithm of the length, so that long texts do not
# win by length alone. Negated, so that the lowest score is the best, as on SQLite.
SCORE = "-ts_rank('{{0.1, 0.3, 0.4, 1}}', document.{vector}, (SELECT {query}::tsquery), 1)"
MATCHING = """
    FROM education_searchdocument AS document
    WHERE {vector} @@ (SELECT {query}::tsquery) AND document.language = %(language)s
"""
ALL_WORDS, SOME_WORDS = "%(match)s", "%(match_some)s"
PARTS = {
    # 30 µs for a long text; of title, summary and headings alone, 1 µs.
    "score": SCORE.format(vector="search_vector", query=ALL_WORDS),
    "score_of_heads": SCORE.format(vector="heads_vector", query=ALL_WORDS),
    "score_of_some_words": SCORE.format(vector="heads_vector", query=SOME_WORDS),
    "matching": MATCHING.format(vector="document.search_vector", query=ALL_WORDS),
    "matching_heads": MATCHING.format(vector="document.heads_vector", query=ALL_WORDS),
    "matching_some_heads": MATCHING.format(vector="document.heads_vector", query=SOME_WORDS),
    # The expression of the index education_search_names: see migration 0013.
    "matching_names": MATCHING.format(vector="ts_filter(document.heads_vector, '{a}')", query=ALL_WORDS),
    "terms": "title_terms, summary_terms, heading_terms, text_terms",
}

# If more than `many` match, and too few with all words in title, summary and headings, those with some of the words
# there follow; then texts, of which only the first are scored.
BEST = """
WITH matched AS MATERIALIZED (
    SELECT document.id, document.subject {matching}
), matched_heads AS MATERIALIZED (
    SELECT document.id, document.subject, {score_of_heads} AS score {matching_heads}
        AND (SELECT count(*) FROM matched) >= %(many)s
), heads AS MATERIALIZED (
    SELECT id, score FROM matched_heads WHERE %(kind)s IN ('', subject) ORDER BY score, id LIMIT %(most_heads)s
), some_words AS MATERIALIZED (
    SELECT document.id, {score_of_some_words} AS score {matching_some_heads}
        AND (SELECT count(*) FROM matched) >= %(many)s AND (SELECT count(*) FROM heads) < %(stop)s
), texts AS (
    SELECT id, some_words.score, row_number() OVER (PARTITION BY some_words.score IS NULL ORDER BY id) AS number
    FROM matched LEFT JOIN some_words USING (id)
    WHERE %(kind)s IN ('', subject) AND (%(every_word)s = 1 OR NOT EXISTS (SELECT 1 FROM matched_heads))
        AND (SELECT count(*) FROM heads) < %(stop)s AND id NOT IN (SELECT id FROM heads)
), others AS MATERIALIZED (
    SELECT id, CASE WHEN score IS NULL THEN 2 ELSE 1 END AS place, CASE
        WHEN score IS NOT NULL THEN score
        WHEN number <= %(most_texts)s OR (SELECT count(*) FROM matched) < %(many)s
        THEN (SELECT {score} FROM education_searchdocument AS document WHERE document.id = texts.id)
        -- After all of these, whose scores are negative.
        ELSE number END AS score
    FROM texts ORDER BY place, score, id LIMIT %(stop)s
), best AS (
    SELECT id, 0 AS place, score FROM heads UNION ALL SELECT id, place, score FROM others
    ORDER BY place, score, id LIMIT %(limit)s OFFSET %(offset)s
)
"""

# Where pages may lack a word, and there are many, only heads are results.
COUNTS_AND_BEST = """
{best}, counted AS (
    SELECT subject FROM matched WHERE %(every_word)s = 1 OR NOT EXISTS (SELECT 1 FROM matched_heads)
    UNION ALL
    SELECT subject FROM matched_heads WHERE %(every_word)s = 0
)
SELECT document.subject, NULL AS matches, best.place AS place, best.score AS score, document.id AS id, {terms}
FROM best JOIN education_searchdocument AS document ON document.id = best.id
UNION ALL
SELECT subject, count(*), NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM counted GROUP BY subject
ORDER BY place, score, id
"""

BEST_IDS = "{best} SELECT id, score FROM best ORDER BY place, score, id"

# If many have the words in title, summary or headings, only those with all of them in the title are candidates.
BEST_NAMED = """
WITH some_heads AS MATERIALIZED (
    SELECT document.id, {score_of_heads} AS score {matching_heads} AND document.subject <> 'evidence' LIMIT %(many)s
), found AS (
    SELECT id, score FROM some_heads WHERE (SELECT count(*) FROM some_heads) < %(many)s
    UNION ALL
    SELECT document.id, {score_of_heads} {matching_names} AND document.subject <> 'evidence'
        AND (SELECT count(*) FROM some_heads) >= %(many)s
)
SELECT document.subject, NULL, 0, best.score, document.id, {terms}
FROM (SELECT id, score FROM found ORDER BY score, id LIMIT %(limit)s) AS best
    JOIN education_searchdocument AS document ON document.id = best.id
ORDER BY best.score, best.id
"""

PARTS["best"] = BEST.format(**PARTS)
COUNTS_AND_BEST, BEST_IDS, BEST_NAMED = (sql.format(**PARTS) for sql in (COUNTS_AND_BEST, BEST_IDS, BEST_NAMED))
