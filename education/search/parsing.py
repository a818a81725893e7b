"""From what a reader typed to a question for the index, with the words and spellings that are known here."""

from education.search.matches import counts_and_best, engine
from education.search.query import Query, parse
from education.search.spelling import corrected
from education.search.terms import stem

# A stem lacks its word's ending only, so fewer letters than these begin the stem as well as the word.
SHORTEST_BEYOND_STEM = 4


def understood(text: str, language: str, synonyms) -> Query:
    """The query that the text is; its last word may be the beginning of a longer one."""

    def stems_beginning_with(beginning):
        if len(beginning) < SHORTEST_BEYOND_STEM:
            return set()
        return {stem(word, language) for word in engine().words_beginning_with(beginning, language)}

    return parse(text, language, synonyms, stems_beginning_with)


def respelled(text: str, language: str, synonyms) -> tuple[str, Query | None]:
    """A better spelling and its query, or nothing.

    A word stays in the list of words after its page has gone, so the spelling is to be tried before it is offered.
    """
    spelling = corrected(text, language)
    return spelling, parse(spelling, language, synonyms, lambda beginning: set()) if spelling else None


def finds_something(query: Query, language: str) -> bool:
    counts, _best = counts_and_best(query, language, kind="", limit=0, offset=0)
    return bool(counts)
