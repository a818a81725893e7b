from dataclasses import dataclass, field, replace

from django.utils.safestring import SafeString
from django.utils.text import capfirst

from education.models import GlossaryTerm, SearchDocument
from education.search.definition import definition
from education.search.highlight import Highlighter
from education.search.matches import Words, counts_and_best, matching_ids
from education.search.parsing import finds_something, respelled, understood
from education.search.ranking import ranked
from education.search.suggestions import MOST_SUGGESTIONS, Suggestion, as_suggestions, is_unfinished, named
from education.search.synonyms import groups_by_phrase
from gutskin import limits

RESULTS_ON_A_PAGE = 10
# The best by the database's own measure, compared once more by ours: five pages, and few people turn to the second.
CANDIDATES = 50
# Far beyond what anybody turns to, and well within what a database can count.
LAST_PAGE = 100_000
# With fewer than so many pages, a question of at least so many words is asked again with one word less.
ENOUGH = 3
MANY_WORDS = 3
# Of a feed: only the newest of them are told.
MOST_MATCHING = 500


@dataclass(frozen=True)
class Result:
    url: str
    title_html: SafeString
    snippet_html: SafeString
    subject: str
    certainty: str = ""
    flag: str | None = None  # of a statement: "retracted" or "rejected" if a source behind it is

    @property
    def subject_label(self):
        return SearchDocument.Subject(self.subject).label


@dataclass(frozen=True)
class Found:
    """`counts` has all kinds with results; `total` is of the kind asked for, or of all.

    `definition` is the glossary word that the query names; on the first page it stands above the results, not in them.
    `suggestions` are names with a word that begins as the last one typed, if it was not finished.
    `asked` is what the results are of. `did_you_mean` is a better spelling; where `is_corrected`, it is what was asked.
    """

    results: list[Result] = field(default_factory=list)
    total: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    definition: GlossaryTerm | None = None
    suggestions: list[Suggestion] = field(default_factory=list)
    asked: str = ""
    did_you_mean: str = ""
    is_corrected: bool = False
    has_every_word: bool = True
    page: int = 1
    last_page: int = 1

    @property
    def previous_page(self):
        return self.page - 1 if self.page > 1 else None

    @property
    def next_page(self):
        return self.page + 1 if self.page < self.last_page else None


def find(query: str, *, kind: str = "", language: str = "en", page: int | str = 1, as_typed: bool = False) -> Found:
    """Pages with every telling word of the query; a whole question that finds few, also those that lack one word.

    If there are none: those of a better spelling, unless it is to be taken `as_typed`; and if there is no such
    spelling, those that lack one word of a question, or have one of the words.
    """
    text, page = query[: limits.SEARCH_CHARACTERS], _page_number(page)
    synonyms = groups_by_phrase(language) if any(map(str.isalnum, text)) else {}
    parsed = understood(text, language, synonyms)
    if not parsed.groups:
        return Found()
    found = _find(parsed, language, kind, page, Words.ALL)
    is_long = len(parsed.groups) >= MANY_WORDS
    if found.counts and is_long and sum(found.counts.values()) < ENOUGH and not found.definition:
        # The first ones do have every word, and there is nothing to be excused.
        found = replace(_find(parsed, language, kind, page, Words.ALL_BUT_ONE), has_every_word=True)
    if found.counts:
        return replace(found, asked=text)
    spelling, spelled = respelled(text, language, synonyms)
    if spelling and not as_typed:
        of_spelling = _find(spelled, language, kind, page, Words.ALL)
        if of_spelling.counts:
            return replace(of_spelling, asked=spelling, did_you_mean=spelling, is_corrected=True)
        spelling = ""
    if is_long:
        found = _find(parsed, language, kind, page, Words.ALL_BUT_ONE)
    if len(parsed.groups) > 1 and not found.counts:
        found = _find(parsed, language, kind, page, Words.ANY)
    offered = spelling if spelling and finds_something(spelled, language) else ""
    return replace(found, asked=text, did_you_mean=offered)


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
    if page > last_page:
        return _find(parsed, language, kind, last_page, words)
    explained, suggested = None, []
    if among_candidates:
        best = ranked(best, parsed)
        explained = definition(parsed, best, language) if page == 1 and words == Words.ALL else None
        suggested = named(best, parsed)[:MOST_SUGGESTIONS] if page == 1 and is_unfinished(best, parsed) else []
        best = best[offset : offset + RESULTS_ON_A_PAGE]
    shown = [match.id for match in best]
    documents = _documents({*shown, *suggested})
    return Found(
        results=_results([documents[pk] for pk in shown if pk in documents], explained, Highlighter(parsed, language)),
        total=total,
        counts=counts,
        definition=explained,
        suggestions=as_suggestions(documents[pk] for pk in suggested if pk in documents),
        has_every_word=words == Words.ALL,
        page=page,
        last_page=last_page,
    )


def _documents(ids):
    """With what a result shows, by id. For no ids, no query is even put together: that is most of a search's time."""
    return SearchDocument.objects.select_related("statement").with_flag().in_bulk(ids) if ids else {}


def _results(documents, explained, highlighter):
    return [
        Result(
            url=document.url,
            title_html=highlighter.title(capfirst(document.title)),
            snippet_html=highlighter.snippet(f"{document.summary} {document.text}".strip()),
            subject=document.subject,
            certainty=document.statement.certainty if document.statement else "",
            flag=document.flag,
        )
        for document in documents
        if not (explained and document.term_id == explained.pk)
    ]


def matching(query: str, *, language: str = "en"):
    """Documents with every telling word of the query, at most MOST_MATCHING, in no order, with what they are of."""
    text = query[: limits.SEARCH_CHARACTERS]
    if not any(map(str.isalnum, text)):
        return SearchDocument.objects.none()
    parsed = understood(text, language, groups_by_phrase(language))
    if not parsed.groups:
        return SearchDocument.objects.none()
    ids = matching_ids(parsed, language, limit=MOST_MATCHING)
    documents = SearchDocument.objects.filter(pk__in=ids).with_flag()
    return documents.select_related("article__live__reviewer", "statement__condition__live")
