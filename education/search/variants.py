"""Other ways to write the same words: joined or apart (“skincare”, “pro-biotic”), and British or American (“anemia”).

They are searched besides what was typed, like synonyms, if some text has them. No word is replaced.
"""

from collections.abc import Iterator
from itertools import pairwise

from education.search.stemming import stem
from education.search.synonyms import Phrase

# In a shorter word, a change of spelling too often gives a different word: “ale” is not “aloe”.
SHORTEST_RESPELLED = 5
# The length of each part of a word that was written as one, as of the words that are known (SearchWord).
SHORTEST_PART = 3
LONGEST_WORD = 40

# British and American. Most are inside of words: “oestrogen”, “anaemia”, “tumour”, “moisturising”.
BRITISH_AND_AMERICAN = (
    *(("ae", "e"), ("oe", "e"), ("our", "or"), ("tre", "ter"), ("bre", "ber"), ("ence", "ense"), ("ogue", "og")),
    *(
        ("ise", "ize"),
        ("isi", "izi"),
        ("isa", "iza"),
        ("yse", "yze"),
        ("ysi", "yzi"),
        ("sulph", "sulf"),
        ("ageing", "aging"),
    ),
    *(("mould", "mold"), ("grey", "gray"), ("yogh", "yog"), ("programme", "program"), ("practise", "practice")),
)
BOTH_WAYS = (*BRITISH_AND_AMERICAN, *((american, british) for british, american in BRITISH_AND_AMERICAN))


def candidates(words: list[str]) -> set[str]:
    """Words to look up: other spellings of these, their halves, and neighbours written as one."""
    found = {part for word in words for parts in _halves(word) for part in (word, *parts)}
    found.update(spelling for word in words for spelling in _spellings(word))
    found.update(one + other for one, other in pairwise(words))
    return {form for word in found for form in _forms(word)}


def variants(words: list[str], language: str, known: set[str], synonyms) -> dict[Phrase, tuple[Phrase, ...]]:
    """Synonyms, and those of `candidates` that are `known`, each with its own synonyms, for these words."""

    def phrase(*parts):
        return tuple(stem(part, language) for part in parts)

    found: dict[Phrase, list[Phrase]] = {}
    for word in words:
        others = [phrase(spelling) for spelling in _spellings(word) if _has(known, spelling)]
        # Only if no text has the word itself: “sunlight” should not find “sun. Light”.
        others += [phrase(*parts) for parts in _halves(word) if not _has(known, word) and _has(known, *parts)]
        if others:
            found.setdefault(phrase(word), []).extend(others)
    for one, other in pairwise(words):
        if _has(known, one + other):
            found.setdefault(phrase(one, other), []).append(phrase(one + other))
    return {
        typed: tuple(
            dict.fromkeys(
                (*synonyms.get(typed, (typed,)), *(name for way in others for name in synonyms.get(way, (way,))))
            )
        )
        for typed, others in found.items()
    }


def in_two(word: str, known: set[str]) -> str:
    """The word as two known ones, “gut health” for “guthealth”, or an empty string. The longest beginning wins."""
    return next((" ".join(parts) for parts in _halves(word) if _has(known, *parts)), "")


def _forms(word) -> tuple[str, ...]:
    """Singular and plural, which have one stem: a text may have the other one."""
    return (word, word.removesuffix("s"), word + "s")


def _has(known, *words) -> bool:
    return all(not known.isdisjoint(_forms(word)) for word in words)


def _halves(word) -> Iterator[tuple[str, str]]:
    if word.isalpha() and len(word) <= LONGEST_WORD:
        for length in range(len(word) - SHORTEST_PART, SHORTEST_PART - 1, -1):
            yield word[:length], word[length:]


def _spellings(word) -> Iterator[str]:
    """Each with one change. Two in one word (“anaesthetise”) are rare."""
    if not word.isalpha() or not SHORTEST_RESPELLED <= len(word) <= LONGEST_WORD:
        return
    for here, there in BOTH_WAYS:
        place = word.find(here)
        while place >= 0:
            yield word[:place] + there + word[place + len(here) :]
            place = word.find(here, place + 1)
