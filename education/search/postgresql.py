"""The index in PostgreSQL: the column search_vector, which PostgreSQL makes from the columns of terms, under GIN."""

from education.models import SearchWord

# Weights of text, headings, summary, title: PostgreSQL counts from D to A. 1: long texts do not win by their length.
# Below nought, so that the best score is the lowest as in SQLite.
MATCHED = """
SELECT id, subject,
    -ts_rank('{0.1, 0.3, 0.4, 1}', search_vector, %(match)s::tsquery, 1) AS score
FROM education_searchdocument
WHERE search_vector @@ %(match)s::tsquery AND language = %(language)s
"""


def expression(choices):
    """A finished tsquery: no parser or dictionary of PostgreSQL looks at the terms, which are letters and digits."""
    return " | ".join(f"({' & '.join(map(_group, groups))})" for groups in choices)


def _group(group):
    return f"({' | '.join(map(_alternative, group))})"


def _alternative(alternative):
    star = ":*" if alternative.prefix else ""
    glue = "' <-> '" if alternative.side_by_side else "' & '"
    return f"('{glue.join(alternative.terms)}'{star})"


def words_beginning_with(beginning, language):
    return SearchWord.objects.filter(language=language, word__startswith=beginning).values_list("word", flat=True)


def rebuild():
    """Nothing to do: the column is generated."""
