"""While a reader types: pages and glossary words whose names have what was typed so far."""

from dataclasses import dataclass

from django.utils.text import capfirst

from education.models import SearchDocument
from education.search.matches import counts_and_best
from education.search.parsing import respelled, understood
from education.search.ranking import ranked, wanted
from education.search.synonyms import groups_by_phrase
from gutskin import limits

MOST_SUGGESTIONS = 6
# Of these the names are looked at; titles count most in a database's own order, too.
CANDIDATES = 50


@dataclass(frozen=True)
class Suggestion:
    url: str
    title: str
    subject: str

    @property
    def subject_label(self):
        return SearchDocument.Subject(self.subject).label


def suggest(text: str, *, language: str = "en") -> list[Suggestion]:
    """The best few, at most MOST_SUGGESTIONS; of a better spelling if no name has what was typed."""
    text = text[: limits.SEARCH_CHARACTERS]
    if not any(map(str.isalnum, text)):
        return []
    synonyms = groups_by_phrase(language)
    query = understood(text, language, synonyms)
    return _named(query, language) or _named(respelled(text, language, synonyms)[1], language)


def named(candidates, query) -> list[int]:
    """Ids of the candidates whose name has all that was asked for, in their order. Statements have no name."""
    groups = [wanted(group) for group in (*query.groups, *query.weak)]
    return [
        candidate.id
        for candidate in candidates
        if candidate.subject != SearchDocument.Subject.EVIDENCE and _has_all(f" {candidate.title_terms} ", groups)
    ]


def is_unfinished(candidates, query) -> bool:
    """Whether nothing that was found has the last word as it was typed, but only longer ones."""
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


def _named(query, language):
    if query is None or not query.groups:
        return []
    _counts, best = counts_and_best(query, language, kind="", limit=CANDIDATES, offset=0)
    ids = named(ranked(best, query), query)[:MOST_SUGGESTIONS]
    documents = SearchDocument.objects.in_bulk(ids)
    return as_suggestions(documents[document] for document in ids if document in documents)
