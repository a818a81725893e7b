"""Checks of an article's text, saved or not, for its author. Rules that block are in education/publication_rules.py."""

from education.article_checks.finding import Finding
from education.article_checks.panel import Panel, check, warnings

__all__ = ["Finding", "Panel", "check", "warnings"]
