"""“Did you mean”: the nearest words that stand in published pages, for words that nobody has written there."""

from difflib import get_close_matches
from functools import reduce
from operator import or_

from django.db.models import Q
from django.db.models.functions import Length

from education.models import SearchWord
from education.search.terms import WORD, fold, stem

# Shorter words are near to too many others.
SHORTEST = 4
LENGTH_DIFFERENCE = 2
# "exzema" and "eczema" are 0.83 alike, "acen" and "acne" 0.75.
LIKENESS = 0.75


def corrected(text: str, language: str) -> str:
    """The text with unknown words replaced, or nothing when there is nothing better to offer."""
    spelling = {word for found in WORD.findall(text) for word in fold(found) if len(word) >= SHORTEST}
    candidates = _candidates(spelling, language)
    replacements = {
        word: nearest[0]
        for word in spelling
        if not _is_known(word, candidates, language)
        if (nearest := get_close_matches(word, candidates, n=1, cutoff=LIKENESS))
    }
    if not replacements:
        return ""
    return WORD.sub(lambda match: _replaced(match[0], replacements), text)


def _is_known(word, candidates, language):
    """Whether some form of the word is there. Looks only at those that begin like its stem: stemming takes time."""
    own_stem = stem(word, language)
    return any(stem(candidate, language) == own_stem for candidate in candidates if candidate.startswith(own_stem[:-1]))


def _replaced(found, replacements):
    words = fold(found)
    if replacements.keys().isdisjoint(words):
        return found
    return " ".join(replacements.get(word, word) for word in words)


def _candidates(words, language):
    """Words of about the same length that share a beginning or an end, in one query."""
    if not words:
        return []
    near = reduce(or_, (_near(word) for word in sorted(words)))
    known = SearchWord.objects.alias(length=Length("word")).filter(near, language=language)
    return sorted(known.values_list("word", flat=True))


def _near(word):
    shares_an_end = Q(word__startswith=word[0]) | Q(word__startswith=word[1]) | Q(word__endswith=word[-3:])
    lengths = (len(word) - LENGTH_DIFFERENCE, len(word) + LENGTH_DIFFERENCE)
    return Q(shares_an_end, length__range=lengths)
