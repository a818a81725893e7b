"""Full-text search over what is published."""

from education.search.finding import Found, find, matching
from education.search.index import (
    forget,
    forget_statement,
    forget_term,
    rebuild,
    remember,
    remember_statement,
    remember_term,
)
from education.search.query import one_line
from education.search.suggestions import suggest

__all__ = [
    "Found",
    "find",
    "forget",
    "forget_statement",
    "forget_term",
    "matching",
    "one_line",
    "rebuild",
    "remember",
    "remember_statement",
    "remember_term",
    "suggest",
]
