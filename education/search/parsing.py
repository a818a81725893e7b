"""Parses what a reader typed into a Query: groups of alternatives that every database backend can search for."""

from dataclasses import dataclass

from education.search.backends import backend
from education.search.stemming import STOPWORDS, WEAK, plain_words, stem
from education.search.variants import candidates, in_two, variants
from gutskin import limits

# Longer questions are cut: each term adds a scan of the index, and people do not type more.
MOST_TERMS = 12
# Nearly every document has a word that begins with any one letter.
SHORTEST_PREFIX = 2
# A stem lacks only the end of its word, so a shorter beginning than this is the beginning of both.
SHORTEST_BEYOND_STEM = 4


@dataclass(frozen=True)
class Alternative:
    """One or more terms that a document must have, as a phrase if `side_by_side`; `prefix` concerns the last one."""

    terms: tuple[str, ...]
    side_by_side: bool = False
    prefix: bool = False


Group = tuple[Alternative, ...]


@dataclass(frozen=True)
class Query:
    """A document matches if it has one alternative of each group. Weak groups only affect the ranking.

    `apart` has the words that are two known ones written as one, in pairs: (“guthealth”, “gut health”).
    """

    groups: tuple[Group, ...]
    weak: tuple[Group, ...] = ()
    apart: tuple[tuple[str, str], ...] = ()


def one_line(typed: str) -> str:
    """A query from an address, ready to be shown and searched: without line breaks, and shortened."""
    return " ".join(typed.split())[: limits.SEARCH_CHARACTERS]


def parse(text: str, language: str, synonyms, *, look_up=True) -> Query:
    """The query for a text, with the synonyms of its words (see synonyms.groups_by_phrase).

    The last word may be unfinished, so that it also matches as a prefix. With `look_up`, one more query finds the
    stems of the longer words that begin with it, and other ways to write all words (variants.py).
    """
    words = plain_words(text[: limits.SEARCH_CHARACTERS])
    stopwords = STOPWORDS.get(language, ())
    # If there is nothing but stop words, they are all we have, so search for them.
    content_words = ([word for word in words if word not in stopwords] or words)[:MOST_TERMS]
    # “what is” after the last content word shows that the reader has finished it.
    is_unfinished = bool(content_words) and content_words[-1] == words[-1] and len(words[-1]) >= SHORTEST_PREFIX
    known = _known_words(content_words, is_unfinished, language) if look_up else frozenset()
    synonyms = synonyms | variants(content_words, language, known, synonyms)
    phrases = _phrases(content_words, language, synonyms)
    groups = [_group(phrase, language, synonyms) for phrase in phrases]
    if is_unfinished:
        groups[-1] = _unfinished(groups[-1], words[-1], _longer_stems(words[-1], known, language))
    weak_words = WEAK.get(language, ())
    is_weak = [len(phrase) == 1 and phrase[0] in weak_words for phrase in phrases]
    # A question of weak words only, such as “what helps”, has nothing else to match.
    if all(is_weak):
        is_weak = [False] * len(groups)
    return Query(
        tuple(group for group, weak in zip(groups, is_weak, strict=True) if not weak),
        tuple(group for group, weak in zip(groups, is_weak, strict=True) if weak),
        tuple((word, apart) for word in content_words if (apart := in_two(word, known))),
    )


def _phrases(words, language, synonyms):
    """Split the words into phrases: the longest run that has synonyms, or else a single word."""
    stems = [stem(word, language) for word in words]
    longest = max(map(len, synonyms), default=1)
    phrases, begin = [], 0
    while begin < len(words):
        lengths = range(min(longest, len(words) - begin), 1, -1)
        length = next((length for length in lengths if tuple(stems[begin : begin + length]) in synonyms), 1)
        phrases.append(words[begin : begin + length])
        begin += length
    return phrases


def _group(phrase, language, synonyms):
    """The phrase as typed comes first; its words need not be side by side in a document, those of a synonym must."""
    typed = tuple(stem(word, language) for word in phrase)
    others = [Alternative(names, side_by_side=True) for names in synonyms.get(typed, ()) if names != typed]
    return (Alternative(typed), *others)


def _known_words(words, is_unfinished, language):
    """Words of published texts: those that the last one begins, and other ways to write these. At most one query."""
    beginning = words[-1] if is_unfinished and len(words[-1]) >= SHORTEST_BEYOND_STEM else ""
    others = candidates(words)
    return frozenset(backend().known_words(beginning, others, language)) if beginning or others else frozenset()


def _longer_stems(beginning, known, language):
    if len(beginning) < SHORTEST_BEYOND_STEM:
        return set()
    return {stem(word, language) for word in known if word.startswith(beginning)}


def _unfinished(group, word, longer_stems):
    """“inflammati” begins “inflammation” but not its stem “inflamm”, so the stems of longer words are added."""
    before = group[0].terms[:-1]
    beginning = Alternative((*before, word), prefix=True)
    longer = [Alternative((*before, stem)) for stem in sorted(longer_stems) if not stem.startswith(word)]
    return tuple(dict.fromkeys((*group, beginning, *longer)))
