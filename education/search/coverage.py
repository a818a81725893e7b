"""What the site does not cover is said: whether no page is about what was asked, and what is near."""

from education.models import Article, Kind, SearchDocument
from education.search.suggestions import ids_with_matching_title, is_last_word_unfinished

# The conditions that are shown instead, by name.
MOST_NEAR = 12
PAGES = {SearchDocument.Subject(kind.value) for kind in Kind}


def is_in_a_title(candidates, query) -> bool:
    """Whether the title of a page has all words of the query, or may have them once the last one is finished.

    A glossary term is no page.
    """
    return is_last_word_unfinished(candidates, query) or bool(
        ids_with_matching_title([match for match in candidates if match.subject in PAGES], query)
    )


def has_no_page(found, query) -> bool:
    """Whether no page is about the subject of the query. Only certain for one subject, not for a whole question."""
    if not found.counts:
        return not found.site_pages
    if found.is_in_a_title or found.site_pages or not found.has_every_word:
        return False
    if found.definition:
        article = found.definition.article
        return not (article and article.live)
    return len(query.groups) == 1 and not query.weak


def near(language: str) -> list[Article]:
    """Conditions that have a page. One query."""
    conditions = Article.objects.published().of_kind(Kind.CONDITION).in_language(language)
    found = list(conditions.as_links().order_by("title")[:MOST_NEAR])
    return sorted(found, key=lambda article: article.short_title.casefold())
