"""The index in SQLite: the FTS5 table education_search, which triggers keep beside SearchDocument."""

from django.db import connection

from education.models import SearchWord

# bm25 weighs title, summary, headings, text; the best score is the lowest, below nought.
# CROSS JOIN and INDEXED BY: SQLite would else go through all documents, or through their whole rows.
MATCHED = """
SELECT document.id, document.subject,
    bm25(education_search, 10, 4, 3, 1) AS score
FROM education_search CROSS JOIN education_searchdocument AS document INDEXED BY education_search_kinds
    ON document.id = education_search.rowid
WHERE education_search MATCH %(match)s AND document.language = %(language)s
"""


def expression(choices):
    """The query in FTS5's language. Terms hold nothing but letters and digits, so the quotes always close."""
    return " OR ".join(f"({' AND '.join(map(_group, groups))})" for groups in choices)


def _group(group):
    return f"({' OR '.join(map(_alternative, group))})"


def _alternative(alternative):
    star = " *" if alternative.prefix else ""
    glue = " " if alternative.side_by_side else '" AND "'
    return f'("{glue.join(alternative.terms)}"{star})'


def words_beginning_with(beginning, language):
    """A range, because SQLite's LIKE cannot use an index."""
    words = SearchWord.objects.filter(language=language, word__gte=beginning, word__lt=beginning + "\U0010ffff")
    return words.values_list("word", flat=True)


def rebuild():
    """Makes the index anew from SearchDocument."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO education_search (education_search) VALUES ('rebuild')")
