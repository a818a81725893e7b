"""“Did you mean”: the nearest words that stand in published pages, for words that nobody has written there."""

from difflib import get_close_matches

from django.db.models import Q
from django.db.models.functions import Left, Length, Right

from education.models import SearchWord
from education.search.terms import WORD, fold, stem

# Shorter words are near to too many others.
SHORTEST = 4
LENGTH_DIFFERENCE = 2
# A sentence has fewer; each costs a comparison with hundreds.
MOST_WORDS = 12
# "exzema" and "eczema" are 0.83 alike, "acen" and "acne" 0.75.
LIKENESS = 0.75


def corrected(text: str, language: str) -> str:
    """The text with unknown words replaced, or nothing when there is nothing better to offer."""
    words = [word for found in WORD.findall(text) for word in fold(found) if len(word) >= SHORTEST]
    spelling = set(words[:MOST_WORDS])
    candidates = _candidates(spelling, language)
    replacements = {
        word: nearest[0]
        for word in spelling
        if not _is_known(word, candidates, language)
        if (nearest := get_close_matches(word, _of_about_its_length(word, candidates), n=1, cutoff=LIKENESS))
    }
    if not replacements:
        return ""
    return WORD.sub(lambda match: _replaced(match[0], replacements), text)


def _of_about_its_length(word, candidates):
    return [candidate for candidate in candidates if abs(len(candidate) - len(word)) <= LENGTH_DIFFERENCE]


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
    """Words of about such lengths that share a beginning or an end with one of these, in one query."""
    if not words:
        return []
    lengths = [len(word) for word in words]
    known = SearchWord.objects.alias(length=Length("word"), first=Left("word", 1), end=Right("word", 3)).filter(
        Q(first__in={letter for word in words for letter in word[:2]}) | Q(end__in={word[-3:] for word in words}),
        language=language,
        length__range=(min(lengths) - LENGTH_DIFFERENCE, max(lengths) + LENGTH_DIFFERENCE),
    )
    return sorted(known.values_list("word", flat=True))
