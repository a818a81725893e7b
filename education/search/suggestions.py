"""Suggestions while a reader types: pages and glossary terms whose names have what was typed so far."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from education.models import SearchDocument
from education.search.backends import best_named
from education.search.parsing import parse
from education.search.ranking import rank, texts_to_count
from education.search.site_pages import beginning_with
from education.search.spelling import respelled, written_apart
from education.search.synonyms import groups_by_phrase
from gutskin import limits

MOST_SUGGESTIONS = 6
# How many of them are pages about the site, such as “Privacy”.
MOST_OF_SITE = 2
# How many matches in names, summaries and headings are examined. Names count most in the database's own order too.
CANDIDATES = 50


@dataclass(frozen=True)
class Suggestion:
    """`subject` is empty for a page about the site itself."""

    url: str
    title: str
    subject: str

    @property
    def subject_label(self):
        return SearchDocument.Subject(self.subject).label if self.subject else _("About this site")


def suggest(text: str, *, language: str = "en") -> list[Suggestion]:
    """The best suggestions, at most MOST_SUGGESTIONS; those of a certain spelling if no name has what was typed."""
    text = text[: limits.SEARCH_CHARACTERS]
    # The script asks while the reader types, so an answer without words must not cost a query.
    if not any(map(str.isalnum, text)):
        return []
    synonyms = groups_by_phrase(language)
    query = parse(text, language, synonyms)
    of_site = [Suggestion(page.url, page.title, "") for page in beginning_with(text, language)][:MOST_OF_SITE]
    found = [*_suggestions(query, language)[: MOST_SUGGESTIONS - len(of_site)], *of_site]
    if found:
        return found
    spelling = written_apart(text, query, language, synonyms) or respelled(text, language, synonyms)
    return _suggestions(spelling.query, language) if spelling and spelling.is_certain else []


def ids_with_matching_title(candidates, query) -> list[int]:
    """Ids of the candidates whose title has every word of the query, in their order. Statements have no title."""
    groups = [texts_to_count(group) for group in (*query.groups, *query.weak)]
    return [
        candidate.id
        for candidate in candidates
        if candidate.subject != SearchDocument.Subject.EVIDENCE and _has_all(f" {candidate.title_terms} ", groups)
    ]


def is_last_word_unfinished(candidates, query) -> bool:
    """Whether no candidate has the last word as it was typed, but only longer words that begin with it."""
    if not any(alternative.prefix for alternative in query.groups[-1]):
        return False
    last = f" {query.groups[-1][0].terms[-1]} "
    return not any(
        last in f" {terms} "
        for candidate in candidates
        for terms in (candidate.title_terms, candidate.summary_terms, candidate.heading_terms, candidate.text_terms)
    )


def as_suggestions(documents) -> list[Suggestion]:
    return [Suggestion(document.url, capfirst(document.title), document.subject) for document in documents]


def _has_all(title, groups):
    return all(any(all(text in title for text in texts) for texts in group) for group in groups)


def _suggestions(query, language):
    if not query.groups:
        return []
    best = best_named(query, language, limit=CANDIDATES)
    ids = ids_with_matching_title(rank(best, query), query)[:MOST_SUGGESTIONS]
    documents = SearchDocument.objects.in_bulk(ids)
    return as_suggestions(documents[document] for document in ids if document in documents)
