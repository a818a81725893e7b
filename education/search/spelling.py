"""Spelling correction (“did you mean”): the closest name for a word that no page has.

Names are the words of titles, of the glossary and of synonyms. Any other word of a text is no better a guess than what
was typed.
"""

import gzip
import zlib
from bisect import bisect_right
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, reduce
from operator import or_
from pathlib import Path

from django.db.models import Q
from django.db.models.functions import Left, Length, Right

from education.models import SearchWord
from education.search.backends import backend
from education.search.parsing import Query, parse
from education.search.stemming import WORD, fold, stem

# Shorter words are close to too many others.
SHORTEST = 4
# A typing error rarely adds or drops more letters.
LENGTH_DIFFERENCE = 2
# Each word is compared with hundreds of candidates, so a pasted page must not be corrected word by word.
MOST_WORDS = 12
# The ratio of difflib: 0.83 for "exzema" and "eczema", 0.75 for "acen" and "acne".
LIKENESS = 0.75
# How many of the closest words are examined for a single slip.
CLOSEST = 5
# Lists of real words by language. english_words.LICENSE.txt says where the English one is from.
WORD_LISTS = {"en": Path(__file__).with_name("english_words.txt.gz")}


@dataclass(frozen=True)
class Spelling:
    """Another spelling of a text. If `is_certain`, it may be searched instead; otherwise it may only be offered."""

    text: str
    query: Query
    is_certain: bool


def written_apart(text: str, query: Query, language: str, synonyms) -> Spelling | None:
    """The text with a blank in words that are two known ones written as one, or None: “gut health” for “guthealth”."""
    if not query.apart:
        return None
    spelling = WORD.sub(lambda match: _replaced(match[0], dict(query.apart)), text)
    return Spelling(spelling, parse(spelling, language, synonyms, look_up=False), True)


def respelled(text: str, language: str, synonyms) -> Spelling | None:
    """A corrected spelling of a text and its query, or None.

    A word stays in SearchWord after its page has been withdrawn, so the caller has to try the query before offering it.
    """
    certain, possible = replacements(text, language, synonyms.words)
    if not certain and not possible:
        return None
    spelling = WORD.sub(lambda match: _replaced(match[0], certain or possible), text)
    return Spelling(spelling, parse(spelling, language, synonyms, look_up=False), bool(certain))


def replacements(text: str, language: str, names=frozenset()) -> tuple[dict[str, str], dict[str, str]]:
    """Similar names for the words that no page has: first those that are certain, then those to offer. One query.

    `names` are those that SearchWord may not have: the words of synonyms. Some are the wrong spellings of others.

    A word that no page has may be a real one: “cancer” is not a slip for “chance”. So a replacement is certain only
    for a word that is not real and one slip away. Without a list of real words, none is certain (decision 54).
    """
    words = [word for found in WORD.findall(text) for word in fold(found) if len(word) >= SHORTEST]
    unknown = set(words[:MOST_WORDS])
    known, candidates = _known_and_names(unknown, language)
    known, candidates, in_texts = {*known, *names}, sorted({*candidates, *names}), set(known)
    certain, possible = {}, {}
    for word in unknown:
        # “omega3” and “vitb12” are names, not slips.
        if not word.isalpha() or _is_known(word, known, language):
            continue
        near = get_close_matches(word, _of_similar_length(word, candidates), n=CLOSEST, cutoff=LIKENESS)
        near = [other for other in near if _begins_alike(word, other) and _is_spelt_well(other, in_texts, language)]
        slips = [other for other in near if _is_one_slip(word, other)]
        if is_real(word, language):
            near = [other for other in near if _is_swap(word, other)]
        elif slips and language in WORD_LISTS:
            certain[word] = slips[0]
        if near:
            possible[word] = near[0]
    return certain, possible


def is_real(word: str, language: str) -> bool:
    """Whether the list of the language has the word, in the form that `fold` returns. Always false without a list."""
    return language in WORD_LISTS and word in _word_list(language)


class WordList:
    """Words in alphabetical order, compressed in blocks, one of which is read to look a word up.

    They take a third of the memory of the text, and a look-up an eighth of the time of searching it.
    """

    BLOCK = 16_000  # bytes

    def __init__(self, words: bytes):
        blocks, start = [], 0
        while start < len(words):
            # Up to the end of a word.
            end = words.find(b"\n", start + self.BLOCK) + 1 or len(words)
            blocks.append(words[start:end])
            start = end
        self._first_words = [block.partition(b"\n")[0] for block in blocks]
        self._blocks = [zlib.compress(block, 1) for block in blocks]

    def __contains__(self, word: str) -> bool:
        sought = word.encode()
        number = bisect_right(self._first_words, sought) - 1
        return number >= 0 and b"\n%b\n" % sought in b"\n" + zlib.decompress(self._blocks[number])


@cache
def _word_list(language):
    return WordList(gzip.decompress(WORD_LISTS[language].read_bytes()))


def _is_swap(one, other):
    """Whether only two letters that are side by side have changed places."""
    one, other = _from_first_difference(one, other)
    return one[:2] == other[1::-1] and one[2:] == other[2:]


def _is_one_slip(one, other):
    """Two letters swapped; or, in words longer than SHORTEST, a letter that is missing, added or another."""
    if len(one) <= SHORTEST or _is_swap(one, other):
        return _is_swap(one, other)
    one, other = _from_first_difference(one, other)
    return one[1:] == other[1:] or one[1:] == other or one == other[1:]


def _from_first_difference(one, other):
    place = next((place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    if place is None:
        place = min(len(one), len(other))
    return one[place:], other[place:]


def _begins_alike(one, other):
    """The first letter is rarely mistyped; “hives” and “gives”, “gout” and “out” are different words."""
    return one[0] == other[0] or one[:2] == other[1::-1]


def _of_similar_length(word, candidates):
    return [candidate for candidate in candidates if abs(len(candidate) - len(word)) <= LENGTH_DIFFERENCE]


def _is_spelt_well(name, in_texts, language):
    """Some synonyms are wrong spellings, which are searched and never offered. Without a list, nobody can tell."""
    return name in in_texts or language not in WORD_LISTS or is_real(name, language)


def _is_known(word, candidates, language):
    """Whether some form of the word is known. Stemming is slow, so only words that begin like its stem are stemmed."""
    own_stem = stem(word, language)
    return any(stem(candidate, language) == own_stem for candidate in candidates if candidate.startswith(own_stem[:-1]))


def _replaced(found, spellings):
    words = fold(found)
    if spellings.keys().isdisjoint(words):
        return found
    return " ".join(spellings.get(word, word) for word in words)


def _known_and_names(words, language):
    """Known words that begin as these do, and names of similar lengths with the same beginning or ending. One query."""
    if not words:
        return [], []
    lengths = [len(word) for word in words]
    begins_alike = Q(first__in={letter for word in words for letter in word[:2]})
    ends_alike = Q(end__in={word[-3:] for word in words})
    similar = Q(
        begins_alike | ends_alike,
        is_name=True,
        length__range=(min(lengths) - LENGTH_DIFFERENCE, max(lengths) + LENGTH_DIFFERENCE),
    )
    wanted = reduce(or_, (backend().beginning_with(stem(word, language)[:-1]) for word in words), similar)
    rows = SearchWord.objects.alias(length=Length("word"), first=Left("word", 1), end=Right("word", 3))
    # Sorted, because the order of the rows could decide between equally close words.
    found = sorted(rows.filter(wanted, language=language).values_list("word", "is_name"))
    return [word for word, _is_name in found], [word for word, is_name in found if is_name]
