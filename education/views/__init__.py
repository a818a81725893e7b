from education.views.articles import article_detail, article_list
from education.views.evidence import evidence
from education.views.glossary import glossary
from education.views.home import home
from education.views.pages import about, accessibility, experts, privacy, robots
from education.views.references import reference_detail, reference_list
from education.views.search import search

__all__ = [
    "about",
    "accessibility",
    "article_detail",
    "article_list",
    "evidence",
    "experts",
    "glossary",
    "home",
    "privacy",
    "reference_detail",
    "reference_list",
    "robots",
    "search",
]
