from dataclasses import dataclass, field, replace

from django.utils.safestring import SafeString
from django.utils.text import capfirst

from education.models import SearchDocument
from education.search.highlight import Highlighter
from education.search.matches import counts_and_best, engine
from education.search.query import LONGEST_QUERY, Query, parse
from education.search.suggestion import corrected
from education.search.terms import stem

RESULTS_ON_A_PAGE = 10
# Far beyond what anybody turns to, and well within what a database can count.
LAST_PAGE = 100_000
# A stem lacks its word's ending only, so fewer letters than these begin the stem as well as the word.
SHORTEST_BEYOND_STEM = 4


@dataclass(frozen=True)
class Result:
    url: str
    title_html: SafeString
    snippet_html: SafeString
    subject_label: str


@dataclass(frozen=True)
class Found:
    """`counts` has all kinds with results; `total` is of the kind asked for, or of all."""

    results: list[Result] = field(default_factory=list)
    total: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    did_you_mean: str = ""
    has_every_word: bool = True
    page: int = 1
    last_page: int = 1

    @property
    def previous_page(self):
        return self.page - 1 if self.page > 1 else None

    @property
    def next_page(self):
        return self.page + 1 if self.page < self.last_page else None


def find(query: str, *, kind: str = "", language: str = "en", page: int | str = 1) -> Found:
    """Pages with every word of the query. If there are none: those with one of its words, and a better spelling."""
    text = query[:LONGEST_QUERY]
    parsed = _parse(text, language)
    if not parsed.groups:
        return Found()
    found = _find(parsed, language, kind, _page_number(page), every=True)
    if found.counts:
        return found
    if len(parsed.groups) > 1:
        found = _find(parsed, language, kind, _page_number(page), every=False)
    return replace(found, did_you_mean=_spelling_with_results(text, language))


def _parse(text, language) -> Query:
    def stems_beginning_with(beginning):
        if len(beginning) < SHORTEST_BEYOND_STEM:
            return set()
        return {stem(word, language) for word in engine().words_beginning_with(beginning, language)}

    return parse(text, language, stems_beginning_with)


def _page_number(page):
    try:
        return min(max(int(page), 1), LAST_PAGE)
    except ValueError:
        return 1


def _find(parsed, language, kind, page, *, every):
    offset = (page - 1) * RESULTS_ON_A_PAGE
    counts, best = counts_and_best(parsed, language, every=every, kind=kind, limit=RESULTS_ON_A_PAGE, offset=offset)
    total = counts.get(kind, 0) if kind else sum(counts.values())
    last_page = max(-(-total // RESULTS_ON_A_PAGE), 1)
    if page > last_page:
        return _find(parsed, language, kind, last_page, every=every)
    highlighter = Highlighter(parsed, language)
    return Found(
        results=[_result(match, highlighter) for match in best],
        total=total,
        counts=counts,
        has_every_word=every,
        page=page,
        last_page=last_page,
    )


def _result(match, highlighter):
    return Result(
        url=match.url,
        title_html=highlighter.title(capfirst(match.title)),
        snippet_html=highlighter.snippet(f"{match.summary} {match.text}".strip()),
        subject_label=SearchDocument.Subject(match.subject).label,
    )


def _spelling_with_results(text, language):
    """A word stays in the list of words after its page has gone, so the spelling is tried before it is offered."""
    spelling = corrected(text, language)
    if not spelling:
        return ""
    parsed = parse(spelling, language, lambda beginning: set())
    counts, _best = counts_and_best(parsed, language, every=True, kind="", limit=0, offset=0)
    return spelling if counts else ""
