"""Finding signs in free text: however it is typed, and in a time that grows with the text and with nothing else.

A sign is written like `lip / lips / tongue + swell* / swollen & fever*`:
`/` parts ways of saying the same; `*` stands for any ending; `>` means followed at once, or with one word between;
`+` means within a few words of the same sentence, in any order; `&` means anywhere in the answers. `=name:value` is an
answer that was chosen. There is no regular expression in a sign: no text can make one run for ever.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass

NEAR = 8
# A word, the end of a sentence, or what parts words within one: all but blanks, and a hyphen between letters.
PIECE = re.compile(r"(?P<word>[^\W_]+)|(?P<end>[.!?;])(?=\s|$)|[^\w \t-]|(?<!\w)-|-(?!\w)")
# Between the letters of one word, as in don't, and what people and their phones type instead.
APOSTROPHES = re.compile("['’‘ʼ`´′＇]")
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss"})
# Longer is no word, and its endings are not looked at.
WORD_LENGTH = 40


@dataclass(frozen=True)
class Language:
    """How a language says a sign, and how it says that there is none."""

    signs: dict[str, list["Sign"]]  # by the id of the rule
    no: frozenset[str]
    # What may stand between a "no" and what it denies: "no sign of any blood".
    between: frozenset[str]
    # With one of these in the sentence, a "no" may be over or half: "no blood until yesterday". Then it does not count.
    turning: frozenset[str]
    # Which words make of the one before something else: a blood test is no blood.
    compounds: dict[str, frozenset[str]]


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def plain(text: str) -> str:
    """Small letters without accents, apostrophes, ligatures, full-width forms and invisible characters."""
    text = unicodedata.normalize("NFKD", APOSTROPHES.sub("", text)).casefold().translate(LIGATURES)
    return "".join(letter for letter in text if unicodedata.category(letter) not in ("Mn", "Cf"))


class Sign:
    """One way in which a rule shows; see the top of this file."""

    def __init__(self, written: str):
        self.written = written
        # Clauses found anywhere, each of parts near each other, each of steps that follow each other.
        self.clauses = [
            [[_phrases(step) for step in part.split(" > ")] for part in clause.split(" + ")]
            for clause in written.split(" & ")
        ]

    def __repr__(self):
        return f"Sign({self.written!r})"


def signs(by_rule: dict[str, list[str]]) -> dict[str, list[Sign]]:
    return {rule_id: [Sign(written) for written in alternatives] for rule_id, alternatives in by_rule.items()}


def _phrases(alternatives):
    return [tuple(phrase.split()) for phrase in alternatives.split(" / ")]


class Reading:
    """Some texts, read once: where which word stands."""

    def __init__(self, texts: list[str], language: Language, facts: set[str] = frozenset()):
        """`facts` are answers that were chosen, as `=age_group:0-11`."""
        self.language = language
        self.facts = facts
        self.words: list[str] = []
        self.sentences: list[int] = []
        # Parts of sentences, between commas, line breaks and the like: a "no" does not reach into the next.
        self.parts: list[int] = []
        self._turned: set[int] = set()
        self._places: dict[str, list[int]] = defaultdict(list)
        self._by_beginning: dict[str, list[int]] = {}
        sentence = part = 0
        for text in texts:
            for found in PIECE.finditer(plain(text)):
                word = found["word"]
                if word is None:
                    part += 1
                    sentence += found["end"] is not None
                elif self._is_compound(word, part):
                    self._becomes(f"{self.words[-1]} {word}")
                else:
                    self._add(word, sentence, part)
            # What is near each other is in one text: a word of none stands between two.
            self._add("", sentence + 1, part + 1)
            sentence, part = sentence + 2, part + 2

    def holds(self, sign: Sign, *, heeds_no: bool = True) -> bool:
        return all(self._clause(clause, heeds_no) for clause in sign.clauses)

    def _add(self, word, sentence, part):
        self._places[word].append(len(self.words))
        self.words.append(word)
        self.sentences.append(sentence)
        self.parts.append(part)
        if word in self.language.turning:
            self._turned.add(sentence)

    def _is_compound(self, word, part):
        """Does it make something else of the word right before? Not of the last one of a sentence or line."""
        return bool(self.words) and self.parts[-1] == part and word in self.language.compounds.get(self.words[-1], ())

    def _becomes(self, compound):
        place = len(self.words) - 1
        self._places[self.words[place]].pop()
        self._places[compound].append(place)
        self.words[place] = compound

    def _clause(self, clause, heeds_no):
        if len(clause) == 1 and len(clause[0]) == 1 and any(phrase[0] in self.facts for phrase in clause[0][0]):
            return True
        first, *others = (self._steps(steps, heeds_no) for steps in clause)
        return any(all(self._near(place, places) for places in others) for place in first)

    def _near(self, place, places):
        """Is one of these places, which are in order, in the same sentence and at most NEAR words away?"""
        around = places[bisect_left(places, place - NEAR) : bisect_left(places, place + NEAR + 1)]
        return any(self.sentences[other] == self.sentences[place] for other in around)

    def _steps(self, steps, heeds_no):
        """Where a chain of steps begins."""
        found = self._any(steps[0], heeds_no)
        for number, step in enumerate(steps[1:], start=1):
            follows = set(self._any(step, heeds_no=False))
            # Each step is the next word or the one after; a chain has two steps, rarely three.
            reach = range(number, 2 * number + 1)
            found = [place for place in found if any(place + further in follows for further in reach)]
        return found

    def _any(self, phrases, heeds_no):
        places = sorted({place for phrase in phrases for place in self._phrase(phrase)})
        return [place for place in places if not (heeds_no and self._denied(place))]

    def _phrase(self, phrase):
        first, *rest = (self._word(word) for word in phrase)
        followers = [set(places) for places in rest]
        return [
            place
            for place in first
            if all(place + further in places for further, places in enumerate(followers, start=1))
        ]

    def _word(self, word):
        if not word.endswith("*"):
            return self._places.get(word, [])
        if not self._by_beginning:
            self._by_beginning = self._beginnings()
        return self._by_beginning.get(word[:-1], [])

    def _beginnings(self):
        places = defaultdict(list)
        for place, word in enumerate(self.words):
            for length in range(2, min(len(word), WORD_LENGTH) + 1):
                places[word[:length]].append(place)
        return places

    def _denied(self, place):
        """Does a "no" stand right before it, with nothing that parts them, in a sentence that does not turn?"""
        if self.sentences[place] in self._turned:
            return False
        before = place - 1
        while before >= max(0, place - 4) and self.words[before] in self.language.between:
            before -= 1
        return before >= 0 and self.parts[before] == self.parts[place] and self.words[before] in self.language.no
