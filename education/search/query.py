"""What a reader typed, as groups of alternatives that every database can be asked for."""

from dataclasses import dataclass

from education.search.stopwords import STOPWORDS, WEAK
from education.search.terms import plain_words, stem
from gutskin import limits

MOST_TERMS = 12
# One letter would stand at the beginning of a word in nearly every document.
SHORTEST_PREFIX = 2


@dataclass(frozen=True)
class Alternative:
    """Terms side by side or anywhere in one document. The last may be the beginning of a longer one."""

    terms: tuple[str, ...]
    side_by_side: bool = False
    prefix: bool = False


Group = tuple[Alternative, ...]


@dataclass(frozen=True)
class Query:
    """A document matches when it has one alternative of each group. Weak groups only help to rank it."""

    groups: tuple[Group, ...]
    weak: tuple[Group, ...] = ()


def one_line(typed: str) -> str:
    """What came with an address as a query to show and to ask: no line breaks, no doubled blanks, not too long."""
    return " ".join(typed.split())[: limits.SEARCH_CHARACTERS]


def parse(text: str, language: str, synonyms, stems_beginning_with) -> Query:
    """`stems_beginning_with` is asked about the last word, which its reader may not have finished."""
    words = plain_words(text[: limits.SEARCH_CHARACTERS])
    stopwords = STOPWORDS.get(language, ())
    telling = ([word for word in words if word not in stopwords] or words)[:MOST_TERMS]
    rows = _rows(telling, language, synonyms)
    groups = [_group(row, language, synonyms) for row in rows]
    if telling and telling[-1] == words[-1] and len(telling[-1]) >= SHORTEST_PREFIX:
        groups[-1] = _unfinished(groups[-1], telling[-1], stems_beginning_with(telling[-1]))
    weak_words = WEAK.get(language, ())
    weak = [len(row) == 1 and row[0] in weak_words for row in rows]
    if all(weak):
        return Query(tuple(groups))
    return Query(
        tuple(group for group, is_weak in zip(groups, weak, strict=True) if not is_weak),
        tuple(group for group, is_weak in zip(groups, weak, strict=True) if is_weak),
    )


def _rows(words, language, synonyms):
    """The words one by one, but those together that have synonyms as a row: the longest such row counts."""
    stems = [stem(word, language) for word in words]
    longest = max(map(len, synonyms), default=1)
    rows, begin = [], 0
    while begin < len(words):
        lengths = range(min(longest, len(words) - begin), 1, -1)
        length = next((length for length in lengths if tuple(stems[begin : begin + length]) in synonyms), 1)
        rows.append(words[begin : begin + length])
        begin += length
    return rows


def _group(row, language, synonyms):
    """What was typed comes first in it."""
    typed = tuple(stem(word, language) for word in row)
    others = [Alternative(names, side_by_side=True) for names in synonyms.get(typed, ()) if names != typed]
    return (Alternative(typed), *others)


def _unfinished(group, word, longer_stems):
    """“inflammati” is the beginning of “inflammation”, but not of its stem “inflamm”: so such stems are added."""
    before = group[0].terms[:-1]
    beginning = Alternative((*before, word), prefix=True)
    longer = [Alternative((*before, stem)) for stem in sorted(longer_stems) if not stem.startswith(word)]
    return tuple(dict.fromkeys((*group, beginning, *longer)))
