"""Full-text search of published pages, evidence statements and glossary terms."""

from education.search.indexing import (
    index_article,
    index_statement,
    index_term,
    unindex_article,
    unindex_statement,
    unindex_term,
)
from education.search.parsing import one_line
from education.search.rebuilding import rebuild_articles, rebuild_terms, remove_outdated
from education.search.results import SearchResults, find, matching_documents
from education.search.suggestions import suggest

__all__ = [
    "SearchResults",
    "find",
    "index_article",
    "index_statement",
    "index_term",
    "matching_documents",
    "one_line",
    "rebuild_articles",
    "rebuild_terms",
    "remove_outdated",
    "suggest",
    "unindex_article",
    "unindex_statement",
    "unindex_term",
]
