"""What a page says to machines: schema.org as JSON-LD, put together from what the page has loaded already."""

from education.structured_data.article import article_page
from education.structured_data.article_list import article_list_page
from education.structured_data.evidence import evidence_page
from education.structured_data.experts import experts_page
from education.structured_data.glossary import glossary_page
from education.structured_data.home import home_page
from education.structured_data.plain_pages import (
    about_page,
    accessibility_page,
    privacy_page,
    record_page,
    search_page,
    suggestions_page,
)
from education.structured_data.reference import reference_list_page, reference_page
from education.structured_data.script import as_json, as_script

__all__ = [
    "about_page",
    "accessibility_page",
    "article_list_page",
    "article_page",
    "as_json",
    "as_script",
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
