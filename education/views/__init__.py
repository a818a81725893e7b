from education.views.articles import article_background, article_data, article_detail, article_list, language_home
from education.views.evidence import evidence, evidence_csv, evidence_json, evidence_statement
from education.views.feedback import feedback_give, feedback_thanks, feedback_why
from education.views.home import home
from education.views.infobutton import connect_application, connect_service
from education.views.leaflets import leaflet
from education.views.pages import (
    about,
    accessibility,
    diary,
    emergency_numbers,
    experts,
    glossary,
    glossary_term,
    privacy,
)
from education.views.references import reference_copies, reference_copy, reference_detail, reference_list
from education.views.search import search, search_feed, search_suggestions
from education.views.site_files import feed, robots, security_txt

__all__ = [
    "about",
    "accessibility",
    "article_background",
    "article_data",
    "article_detail",
    "article_list",
    "connect_application",
    "connect_service",
    "diary",
    "emergency_numbers",
    "evidence",
    "evidence_csv",
    "evidence_json",
    "evidence_statement",
    "experts",
    "feed",
    "feedback_give",
    "feedback_thanks",
    "feedback_why",
    "glossary",
    "glossary_term",
    "home",
    "language_home",
    "leaflet",
    "privacy",
    "reference_copies",
    "reference_copy",
    "reference_detail",
    "reference_list",
    "robots",
    "search",
    "search_feed",
    "search_suggestions",
    "security_txt",
]
