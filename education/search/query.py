"""What a reader typed, as groups of alternatives that every database can be asked for."""

from dataclasses import dataclass

from education.search.stopwords import STOPWORDS
from education.search.synonyms import groups_by_phrase
from education.search.terms import plain_words, stem

LONGEST_QUERY = 200
MOST_TERMS = 12
# One letter would stand at the beginning of a word in nearly every document.
SHORTEST_PREFIX = 2


@dataclass(frozen=True)
class Alternative:
    """Terms side by side or anywhere in one document. The last may be the beginning of a longer one."""

    terms: tuple[str, ...]
    side_by_side: bool = False
    prefix: bool = False


@dataclass(frozen=True)
class Query:
    """A document matches when it has one alternative of each group."""

    groups: tuple[tuple[Alternative, ...], ...]


def parse(text: str, language: str, stems_beginning_with) -> Query:
    """`stems_beginning_with` is asked about the last word, which its reader may not have finished."""
    words = plain_words(text[:LONGEST_QUERY])
    stopwords = STOPWORDS.get(language, ())
    telling = ([word for word in words if word not in stopwords] or words)[:MOST_TERMS]
    groups = _groups([stem(word, language) for word in telling], language)
    if telling and telling[-1] == words[-1] and len(telling[-1]) >= SHORTEST_PREFIX:
        groups[-1] = _unfinished(groups[-1], telling[-1], stems_beginning_with(telling[-1]))
    return Query(tuple(groups))


def _groups(stems, language):
    """A group for each word, or for the longest row of words that has synonyms. What was typed comes first in it."""
    synonyms = groups_by_phrase(language)
    longest = max(map(len, synonyms), default=1)
    groups = []
    while stems:
        rows = (tuple(stems[:length]) for length in range(min(longest, len(stems)), 0, -1))
        typed = next((row for row in rows if row in synonyms), (stems[0],))
        others = [Alternative(names, side_by_side=True) for names in synonyms.get(typed, ()) if names != typed]
        groups.append((Alternative(typed), *others))
        stems = stems[len(typed) :]
    return groups


def _unfinished(group, word, longer_stems):
    """“inflammati” is the beginning of “inflammation”, but not of its stem “inflamm”: so such stems are added."""
    before = group[0].terms[:-1]
    beginning = Alternative((*before, word), prefix=True)
    longer = [Alternative((*before, stem)) for stem in sorted(longer_stems) if not stem.startswith(word)]
    return tuple(dict.fromkeys((*group, beginning, *longer)))
