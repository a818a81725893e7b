"""Full-text search over what is published."""

from education.search.finding import Found, find, matching
from education.search.indexing import (
    index_article,
    index_statement,
    index_term,
    rebuild,
    unindex_article,
    unindex_statement,
    unindex_term,
)
from education.search.query import one_line
from education.search.suggestions import suggest

__all__ = [
    "Found",
    "find",
    "index_article",
    "index_statement",
    "index_term",
    "matching",
    "one_line",
    "rebuild",
    "suggest",
    "unindex_article",
    "unindex_statement",
    "unindex_term",
]
