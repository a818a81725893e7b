"""What a sign is: a way in which patients describe a red flag, read from the notation that matching.py explains.

A thousand signs name the same words again and again. They share what they can, as each process has them in memory.
"""

import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import chain
from types import MappingProxyType
from typing import NamedTuple

# The apostrophe in words such as don't, and the characters that people and their phones type instead.
APOSTROPHES = re.compile("['’‘ʼ`´′＇]")
# Letters typed for emphasis: "soooo swolllen".
REPEATED = re.compile(r"([^\W\d_])\1{2,}")
# The last one is the stroke that stretches an Arabic word.
LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ـ": None})
NO_GROUPS = MappingProxyType({})


def normalise(text: str) -> str:
    """Lower-case letters without accents, apostrophes, ligatures, full-width forms and invisible characters."""
    text = APOSTROPHES.sub("", text)
    if text.isascii():
        # As most text is; the other way looks at each letter.
        text = text.lower()
    else:
        text = unicodedata.normalize("NFKD", text).casefold().translate(LETTERS)
        text = "".join(letter for letter in text if unicodedata.category(letter) not in ("Mn", "Cf"))
    return REPEATED.sub(r"\1\1", text)


@cache
def _kept_once(words: tuple[str, ...]) -> tuple[str, ...]:
    """The first tuple of these words: thousands of steps have the same ones. Sets would take four megabytes more."""
    return words


class Step:
    """Alternative phrases (/), each a tuple of words.

    Groups of them are in many steps, and are not repeated in each: that would take two megabytes.
    """

    __slots__ = ("beginnings", "groups", "own")

    def __init__(self, written: str, groups: Mapping[str, "Group"]):
        alternatives = [
            part
            for each in written.split(" / ")
            # A group that is part of a phrase is written out.
            for part in ([each] if each.startswith("{") else each.format_map(groups).split(" / "))
        ]
        self.own = tuple(_phrase(each) for each in alternatives if "{" not in each)
        self.groups = tuple(groups[each[1:-1]] for each in alternatives if "{" in each)
        # The words that its own phrases begin with.
        self.beginnings = _kept_once(tuple(dict.fromkeys(phrase[0] for phrase in self.own)))

    def __iter__(self):
        return chain(self.own, *self.groups)

    def may_match(self, named: set[str]) -> bool:
        return not named.isdisjoint(self.beginnings) or any(group.may_match(named) for group in self.groups)


class Group(Step):
    """A step with a name. As text, it is written out."""

    __slots__ = ("written",)

    def __init__(self, written, groups):
        super().__init__(written, groups)
        self.written = written.format_map(groups)
        self.beginnings = tuple(dict.fromkeys(phrase[0] for phrase in self))

    def __str__(self):
        return self.written

    def may_match(self, named):
        # Of its groups, too.
        return not named.isdisjoint(self.beginnings)


class Clause(NamedTuple):
    # Nested tuples: parts (+) of steps (>).
    parts: tuple[tuple[Step, ...], ...]
    # One of its parts is a mere negation, as in `not / hasnt > drinking`: then the negation is the sign.
    says_no: bool


class Sign:
    """One way in which patients describe a red flag; matching.py explains the notation."""

    __slots__ = ("_groups", "_written", "clauses", "steps")

    def __init__(self, written: str, groups: Mapping[str, Group] = NO_GROUPS, negations: frozenset[str] = frozenset()):
        self._written, self._groups = " ".join(written.split()), groups
        self.clauses = tuple(_clause(clause, groups, negations) for clause in self._written.split(" & "))
        # A text without any word that the phrases of one of them begin with has no place for this sign.
        self.steps = tuple(step for clause in self.clauses for part in clause.parts for step in part)

    def __repr__(self):
        return f"Sign({self.written!r})"

    @property
    def written(self) -> str:
        return self._written.format_map(self._groups)

    def may_match(self, named: set[str]) -> bool:
        """False for nearly all signs, and found out much faster than where the words of a sign are.

        `named` is all that a sign can name: the chosen answers, the words of a text and their beginnings.
        """
        return all(step.may_match(named) for step in self.steps)


class SignIndex:
    """Finds the signs that a text may match without looking at all the others: there are a thousand."""

    def __init__(self, signs: Iterable[Sign]):
        by_beginning = defaultdict(list)
        for sign in signs:
            # Under one of its steps only, that with the fewest words: the text has to have one of them.
            for beginning in min(({phrase[0] for phrase in step} for step in sign.steps), key=len):
                by_beginning[beginning].append(sign)
        self._by_beginning = {beginning: _kept_once(tuple(signs)) for beginning, signs in by_beginning.items()}

    def possible(self, named: set[str]) -> set[Sign]:
        found = {sign for beginning in self._by_beginning.keys() & named for sign in self._by_beginning[beginning]}
        return {sign for sign in found if sign.may_match(named)}


def _clause(written, groups, negations):
    parts = tuple(tuple(Step(step, groups) for step in part.split(" > ")) for part in written.split(" + "))
    single_words = {phrase[0] for part in parts for step in part for phrase in step if len(phrase) == 1}
    return Clause(parts, says_no=not single_words.isdisjoint(negations))


@cache
def _phrase(written):
    """A hundred thousand phrases of the signs are a few thousand different ones, which they share."""
    return tuple(map(sys.intern, normalise(written).split()))


def forget_what_was_shared() -> None:
    """Once all signs are read: they have it, and the caches would only keep its keys."""
    for shared in (_kept_once, _phrase):
        shared.cache_clear()
