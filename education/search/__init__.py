"""Full-text search over what is published."""

from education.search.finding import Found, find
from education.search.index import forget, forget_term, rebuild, remember, remember_term
from education.search.query import LONGEST_QUERY

__all__ = ["LONGEST_QUERY", "Found", "find", "forget", "forget_term", "rebuild", "remember", "remember_term"]
