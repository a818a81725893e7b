"""Search results: a page of them, with counts, the definition, suggestions and a better spelling."""

from dataclasses import dataclass, field, replace
from functools import cache

from django.utils.safestring import SafeString
from django.utils.text import capfirst

from education.models import Article, GlossaryTerm, SearchDocument
from education.search.backends import Words, counts_and_best, has_matches, matching_ids
from education.search.coverage import has_no_page, is_in_a_title, near
from education.search.definition import SHOWN_OF_A_TERM, definition, ids_of_terms
from education.search.highlight import Highlighter
from education.search.parsing import parse
from education.search.ranking import rank
from education.search.site_pages import SitePage, site_pages
from education.search.spelling import respelled, written_apart
from education.search.suggestions import (
    MOST_SUGGESTIONS,
    Suggestion,
    as_suggestions,
    ids_with_matching_title,
    is_last_word_unfinished,
)
from education.search.synonyms import Synonyms, groups_by_phrase
from gutskin import limits

# Results beyond the candidates keep the database's own order, so pages after the fifth may differ between databases.
RESULTS_ON_A_PAGE = 10
# How many of the database's best are ranked again by our own scores: five pages, and few people turn to the second.
CANDIDATES = 50
# Far beyond what anyone reads, and well within the OFFSET that a database accepts.
LAST_PAGE = 100_000
# If a question of MANY_WORDS words or more has fewer than ENOUGH results, pages may lack one of its words.
ENOUGH = 3
MANY_WORDS = 3
# For the search feed, which shows only the newest of them.
MOST_MATCHING = 500


@dataclass(frozen=True)
class Result:
    """One entry of the page; `flag` is "retracted" or "rejected" if a source behind a statement is, else None.

    `article_id` is that of a page; statements and glossary terms have none.
    """

    url: str
    title_html: SafeString
    snippet_html: SafeString
    subject: str
    certainty: str = ""
    flag: str | None = None
    article_id: int | None = None

    @property
    def subject_label(self):
        return SearchDocument.Subject(self.subject).label


@dataclass(frozen=True)
class SearchResults:
    """One page of results.

    `counts` covers every kind that has results; `total` counts those of the chosen kind, or of all.
    `definition` is the glossary term that the query names. It is shown above the first page, and not among the results.
    `suggestions` are titles that complete the last word, if that was unfinished.
    `site_pages` are those about the site itself that the query asks for. `has_no_page` says that no page is about the
    subject of the query, though some may mention it; if none does, `near` has the conditions that have a page.
    `query` is what the results are for. `did_you_mean` is a better spelling; if `is_corrected`, it is also the query.
    `written_apart` is the query with a blank in a word that no page has, if that is what was found.
    """

    results: list[Result] = field(default_factory=list)
    total: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    definition: GlossaryTerm | None = None
    suggestions: list[Suggestion] = field(default_factory=list)
    site_pages: list[SitePage] = field(default_factory=list)
    is_in_a_title: bool = False
    has_no_page: bool = False
    near: list[Article] = field(default_factory=list)
    query: str = ""
    did_you_mean: str = ""
    is_corrected: bool = False
    written_apart: str = ""
    has_every_word: bool = True
    page: int = 1
    last_page: int = 1

    @property
    def previous_page(self):
        return self.page - 1 if self.page > 1 else None

    @property
    def next_page(self):
        return self.page + 1 if self.page < self.last_page else None


def find(
    query: str, *, kind: str = "", language: str = "en", page: int | str = 1, as_typed: bool = False
) -> SearchResults:
    """Search what is published in one language.

    Results have every content word of the query; if a whole question has only a few, they may lack one of its words.
    If there are none, a spelling that is certain is searched instead, unless `as_typed` is true; one that is only
    possible is offered. If that also finds nothing, results may lack one word of a question, or have only one word of
    the query; `has_every_word` tells.
    A `page` that is not a number, or too low, counts as the first, and one that is too high as the last.
    """
    text = query[: limits.SEARCH_CHARACTERS]
    # Without a letter or a digit there are no terms, so there is nothing to ask the database.
    synonyms = groups_by_phrase(language) if any(map(str.isalnum, text)) else Synonyms()
    parsed = parse(text, language, synonyms)
    if not parsed.groups:
        return SearchResults()
    page = _page_number(page)
    found = _found(text, parsed, language, synonyms, kind, page, as_typed)
    if kind or page > 1:
        return found
    found = replace(found, site_pages=site_pages(text, language))
    # What was found for “gut health” says by itself that nothing was found for “guthealth”.
    found = replace(found, has_no_page=not found.written_apart and has_no_page(found, parsed))
    return replace(found, near=near(language)) if found.has_no_page and not found.results else found


def _found(text, parsed, language, synonyms, kind, page, as_typed):
    found = _find(parsed, language, kind, page, Words.ALL)
    is_long = len(parsed.groups) >= MANY_WORDS
    # A question of three words or more may use a word that our texts lack; two words are a deliberate choice, and both
    # must be there. The second query raised the mean reciprocal rank from 0.74 to 0.85 (decision 15).
    if found.counts and is_long and sum(found.counts.values()) < ENOUGH and not found.definition:
        # The first results do have every word, so the page needs no notice about missing words.
        found = replace(_find(parsed, language, kind, page, Words.ALL_BUT_ONE), has_every_word=True)
    if found.counts:
        return replace(found, query=text)
    apart = written_apart(text, parsed, language, synonyms)
    # In a question, two words anywhere on a page may have nothing to do with each other, so they are only offered.
    if apart and len(parsed.groups) == 1 and not as_typed:
        found = _find(apart.query, language, kind, page, Words.ALL)
        if found.counts:
            return replace(found, query=text, written_apart=apart.text)
    spelling = respelled(text, language, synonyms)
    # Only a spelling that finds something is used: SearchWord also holds words of pages that have since been withdrawn.
    if spelling and spelling.is_certain and not as_typed:
        corrected = _find(spelling.query, language, kind, page, Words.ALL)
        if corrected.counts:
            return replace(corrected, query=spelling.text, did_you_mean=spelling.text, is_corrected=True)
        spelling = None
    if is_long:
        found = _find(parsed, language, kind, page, Words.ALL_BUT_ONE)
    # `counts` and not `total` decides: a chosen kind without results must not change which words are required.
    if len(parsed.groups) > 1 and not found.counts:
        found = _find(parsed, language, kind, page, Words.ANY)
    spelling = spelling or apart
    offered = spelling.text if spelling and has_matches(spelling.query, language) else ""
    return replace(found, query=text, did_you_mean=offered)


def _page_number(page):
    try:
        return min(max(int(page), 1), LAST_PAGE)
    except ValueError:
        return 1


def _find(parsed, language, kind, page, words):
    offset = (page - 1) * RESULTS_ON_A_PAGE
    among_candidates = offset < CANDIDATES
    limit, skipped = (CANDIDATES, 0) if among_candidates else (RESULTS_ON_A_PAGE, offset)
    counts, best = counts_and_best(parsed, language, words=words, kind=kind, limit=limit, offset=skipped)
    total = counts.get(kind, 0) if kind else sum(counts.values())
    last_page = max(-(-total // RESULTS_ON_A_PAGE), 1)
    # An old link to a page that no longer exists shows the last one.
    if page > last_page:
        return _find(parsed, language, kind, last_page, words)
    explainable, suggested = [], []
    if among_candidates:
        best = rank(best, parsed)
        # Only for the first page of full matches: anything else is not a search for the name of a term.
        explainable = ids_of_terms(best, parsed) if page == 1 and words == Words.ALL else []
        suggested = _completions(best, parsed) if page == 1 else []
    shown = [match.id for match in (best[offset : offset + RESULTS_ON_A_PAGE] if among_candidates else best)]
    documents = _documents({*shown, *suggested, *explainable})
    terms = [documents[pk].term for pk in explainable if pk in documents]
    explained = definition(parsed, terms, language)
    return SearchResults(
        results=_results([documents[pk] for pk in shown if pk in documents], explained, Highlighter(parsed, language)),
        total=total,
        counts=counts,
        definition=explained,
        suggestions=as_suggestions(documents[pk] for pk in suggested if pk in documents),
        is_in_a_title=among_candidates and is_in_a_title(best, parsed),
        has_every_word=words == Words.ALL,
        page=page,
        last_page=last_page,
    )


def _completions(best, parsed):
    return ids_with_matching_title(best, parsed)[:MOST_SUGGESTIONS] if is_last_word_unfinished(best, parsed) else []


def _documents(ids):
    """Documents by id, with what a result shows."""
    return _shown_documents().in_bulk(ids) if ids else {}


# Composed once, which takes as long as answering it.
@cache
def _shown_documents():
    shown = ("subject", "url", "title", "summary", "text", "article", "term", "statement__certainty")
    documents = SearchDocument.objects.select_related("statement", "term__article__live").with_flag()
    return documents.only(*shown, *SHOWN_OF_A_TERM)


def _results(documents, explained, highlighter):
    return [
        Result(
            url=document.url,
            title_html=highlighter.title(capfirst(document.title)),
            snippet_html=highlighter.snippet(f"{document.summary} {document.text}".strip()),
            subject=document.subject,
            certainty=document.statement.certainty if document.statement else "",
            flag=document.flag,
            article_id=document.article_id,
        )
        for document in documents
        # The term is already explained above the results.
        if not (explained and document.term_id == explained.pk)
    ]


def matching_documents(query: str, *, language: str = "en"):
    """SearchDocuments with every content word of the query, at most MOST_MATCHING, in no order."""
    text = query[: limits.SEARCH_CHARACTERS]
    if not any(map(str.isalnum, text)):
        return SearchDocument.objects.none()
    parsed = parse(text, language, groups_by_phrase(language))
    if not parsed.groups:
        return SearchDocument.objects.none()
    ids = matching_ids(parsed, language, limit=MOST_MATCHING)
    return SearchDocument.objects.filter(pk__in=ids)
