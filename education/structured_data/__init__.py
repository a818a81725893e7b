"""Structured data for machines: schema.org as JSON-LD, made from what the view has already loaded."""

from education.structured_data.articles import article_background_page, article_list_page, article_page
from education.structured_data.json_ld import as_json, as_script
from education.structured_data.pages import (
    about_page,
    accessibility_page,
    diary_page,
    emergency_numbers_page,
    evidence_page,
    experts_page,
    glossary_page,
    home_page,
    privacy_page,
    record_page,
    search_page,
    suggestions_page,
)
from education.structured_data.references import reference_list_page, reference_page

__all__ = [
    "about_page",
    "accessibility_page",
    "article_background_page",
    "article_list_page",
    "article_page",
    "as_json",
    "as_script",
    "diary_page",
    "emergency_numbers_page",
    "evidence_page",
    "experts_page",
    "glossary_page",
    "home_page",
    "privacy_page",
    "record_page",
    "reference_list_page",
    "reference_page",
    "search_page",
    "suggestions_page",
]
