"""Spelling correction (“did you mean”): the closest words of published pages for words that no page has."""

from difflib import get_close_matches

from django.db.models import Q
from django.db.models.functions import Left, Length, Right

from education.models import SearchWord
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


def respelled(text: str, language: str, synonyms) -> tuple[str, Query | None]:
    """A corrected spelling and its query, or "" and None.

    A word stays in SearchWord after its page has been withdrawn, so the caller has to try the query before offering it.
    """
    spelling = corrected(text, language)
    return spelling, parse(spelling, language, synonyms, complete_last_word=False) if spelling else None


def corrected(text: str, language: str) -> str:
    """The text with unknown words replaced by similar known ones; "" if there is nothing to replace. One query."""
    words = [word for found in WORD.findall(text) for word in fold(found) if len(word) >= SHORTEST]
    spelling = set(words[:MOST_WORDS])
    candidates = _candidates(spelling, language)
    replacements = {
        word: nearest[0]
        for word in spelling
        if not _is_known(word, candidates, language)
        if (nearest := get_close_matches(word, _of_similar_length(word, candidates), n=1, cutoff=LIKENESS))
    }
    if not replacements:
        return ""
    return WORD.sub(lambda match: _replaced(match[0], replacements), text)


def _of_similar_length(word, candidates):
    return [candidate for candidate in candidates if abs(len(candidate) - len(word)) <= LENGTH_DIFFERENCE]


def _is_known(word, candidates, language):
    """Whether some form of the word is known. Stemming is slow, so only words that begin like its stem are stemmed."""
    own_stem = stem(word, language)
    return any(stem(candidate, language) == own_stem for candidate in candidates if candidate.startswith(own_stem[:-1]))


def _replaced(found, replacements):
    words = fold(found)
    if replacements.keys().isdisjoint(words):
        return found
    return " ".join(replacements.get(word, word) for word in words)


def _candidates(words, language):
    """Known words of similar lengths that share a beginning or an ending with one of these, in one query."""
    if not words:
        return []
    lengths = [len(word) for word in words]
    known = SearchWord.objects.alias(length=Length("word"), first=Left("word", 1), end=Right("word", 3)).filter(
        Q(first__in={letter for word in words for letter in word[:2]}) | Q(end__in={word[-3:] for word in words}),
        language=language,
        length__range=(min(lengths) - LENGTH_DIFFERENCE, max(lengths) + LENGTH_DIFFERENCE),
    )
    # Sorted, because the order of the rows could decide between equally close words.
    return sorted(known.values_list("word", flat=True))
