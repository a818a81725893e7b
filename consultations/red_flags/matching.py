"""Matches signs of red flags against free text, however it is typed, in time that grows linearly with the text.

A sign is written like `lip / lips / tongue + swell* / swollen & fever*`:

- `/` separates alternatives, and `*` stands for any ending.
- `>` means followed by, directly or with one word between.
- `+` means within a few words in the same sentence, in any order.
- `&` means anywhere in the answers.
- `=name:value` is an answer that was chosen from a list.

Signs contain no regular expressions, so no text can make one run for ever (ReDoS).
"""

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict

from consultations.red_flags.vocabulary import Sign, Vocabulary

# How many words apart two parts of a `+` may be.
NEAR = 8
# A word, the end of a sentence, or a separator within one: anything but blanks and a hyphen between letters.
PIECE = re.compile(r"(?P<word>[^\W_]+)|(?P<end>[.!?;])(?=\s|$)|[^\w \t-]|(?<!\w)-|-(?!\w)")
# The apostrophe in words such as don't, and the characters that people and their phones type instead.
APOSTROPHES = re.compile("['’‘ʼ`´′＇]")
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss"})
# The longest prefix that is indexed, so that a text without spaces cannot fill the memory.
WORD_LENGTH = 40


def normalise(text: str) -> str:
    """Lower-case letters without accents, apostrophes, ligatures, full-width forms and invisible characters."""
    text = unicodedata.normalize("NFKD", APOSTROPHES.sub("", text)).casefold().translate(LIGATURES)
    return "".join(letter for letter in text if unicodedata.category(letter) not in ("Mn", "Cf"))


class TextMatcher:
    """Indexes the positions of the words in some texts once, then matches any number of signs against them."""

    def __init__(self, texts: list[str], vocabulary: Vocabulary, facts: set[str] = frozenset()):
        """`facts` are answers that were chosen from a list, such as `=age_group:0-11`."""
        self.vocabulary = vocabulary
        self.facts = facts
        self.words: list[str] = []
        self.sentences: list[int] = []
        # Parts of sentences, between commas, line breaks and the like: a negation does not reach into the next part.
        self.parts: list[int] = []
        self._reversed_sentences: set[int] = set()
        self._positions_by_word: dict[str, list[int]] = defaultdict(list)
        self._positions_by_prefix: dict[str, list[int]] = {}
        sentence = part = 0
        for text in texts:
            for found in PIECE.finditer(normalise(text)):
                word = found["word"]
                if word is None:
                    part += 1
                    sentence += found["end"] is not None
                elif self._is_compound(word, part):
                    self._join_to_compound(f"{self.words[-1]} {word}")
                else:
                    self._add(word, sentence, part)
            # An empty word and a gap between two texts: words of different answers are never near each other.
            self._add("", sentence + 1, part + 1)
            sentence, part = sentence + 2, part + 2

    def matches(self, sign: Sign, *, respects_negation: bool = True) -> bool:
        return all(self._matches_clause(clause, respects_negation) for clause in sign.clauses)

    def _add(self, word, sentence, part):
        self._positions_by_word[word].append(len(self.words))
        self.words.append(word)
        self.sentences.append(sentence)
        self.parts.append(part)
        if word in self.vocabulary.reversals:
            self._reversed_sentences.add(sentence)

    def _is_compound(self, word, part):
        """Does it change the meaning of the word directly before it, in the same part of the sentence?"""
        return bool(self.words) and self.parts[-1] == part and word in self.vocabulary.compounds.get(self.words[-1], ())

    def _join_to_compound(self, compound):
        position = len(self.words) - 1
        self._positions_by_word[self.words[position]].pop()
        self._positions_by_word[compound].append(position)
        self.words[position] = compound

    def _matches_clause(self, clause, respects_negation):
        if len(clause) == 1 and len(clause[0]) == 1 and any(phrase[0] in self.facts for phrase in clause[0][0]):
            return True
        first, *others = (self._chain_starts(steps, respects_negation) for steps in clause)
        return any(all(self._is_near(position, positions) for positions in others) for position in first)

    def _is_near(self, position, positions):
        """Is one of these positions, which are in order, in the same sentence and at most NEAR words away?"""
        around = positions[bisect_left(positions, position - NEAR) : bisect_left(positions, position + NEAR + 1)]
        return any(self.sentences[other] == self.sentences[position] for other in around)

    def _chain_starts(self, steps, respects_negation):
        """Where a chain of steps begins."""
        found = self._positions(steps[0], respects_negation)
        for number, step in enumerate(steps[1:], start=1):
            follows = set(self._positions(step, respects_negation=False))
            # Each step is the next word or the one after it; a chain has two steps, rarely three.
            reach = range(number, 2 * number + 1)
            found = [position for position in found if any(position + further in follows for further in reach)]
        return found

    def _positions(self, phrases, respects_negation):
        positions = sorted({position for phrase in phrases for position in self._phrase_positions(phrase)})
        return [position for position in positions if not (respects_negation and self._is_negated(position))]

    def _phrase_positions(self, phrase):
        first, *rest = (self._word_positions(word) for word in phrase)
        followers = [set(positions) for positions in rest]
        return [
            position
            for position in first
            if all(position + further in positions for further, positions in enumerate(followers, start=1))
        ]

    def _word_positions(self, word):
        if not word.endswith("*"):
            return self._positions_by_word.get(word, [])
        if not self._positions_by_prefix:
            self._positions_by_prefix = self._prefixes()
        return self._positions_by_prefix.get(word[:-1], [])

    def _prefixes(self):
        positions = defaultdict(list)
        for position, word in enumerate(self.words):
            for length in range(2, min(len(word), WORD_LENGTH) + 1):
                positions[word[:length]].append(position)
        return positions

    def _is_negated(self, position):
        """Is there a negation directly before it, or with fillers between, in a sentence without a reversal?"""
        if self.sentences[position] in self._reversed_sentences:
            return False
        before = position - 1
        while before >= max(0, position - 4) and self.words[before] in self.vocabulary.fillers:
            before -= 1
        return (
            before >= 0
            and self.parts[before] == self.parts[position]
            and self.words[before] in self.vocabulary.negations
        )
