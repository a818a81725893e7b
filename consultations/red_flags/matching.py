"""Matches signs of red flags against free text, however it is typed, in time that grows linearly with the text.

A sign is written like `lip / lips / tongue + swell* / swollen & fever*`:

- `/` separates alternatives, and `*` stands for any ending.
- `>` means followed by, directly or with one word between.
- `+` means within a few words in the same sentence, in any order.
- `&` means anywhere in the answers.
- `=name:value` is an answer that was chosen from a list.
- `.` at the end of a phrase is the end of what was written, or a comma, full stop or line break there.

Signs contain no regular expressions, so no text can make one run for ever (ReDoS).
"""

import re
from bisect import bisect_left
from collections import defaultdict
from functools import cached_property

from consultations.red_flags.framing import framed_positions
from consultations.red_flags.negation import negated_positions
from consultations.red_flags.signs import Sign, normalise
from consultations.red_flags.vocabulary import Vocabulary

# How many words apart two parts of a `+` may be.
NEAR = 8
# A word or a number ("5days" is one of each), the end of a sentence, or a separator within one: anything but spaces and
# a hyphen between letters.
PIECE = re.compile(r"(?P<word>\d+|[^\W\d_]+)|(?P<end>[.!?;؟])(?=\s|$)|[^\w \t-]|(?<!\w)-|-(?!\w)")
# The longest prefix that is indexed, so that a text without spaces cannot fill the memory.
WORD_LENGTH = 40
NOTHING = frozenset()


class TextMatcher:
    """Indexes the positions of the words in some texts once, then matches any number of signs against them."""

    def __init__(self, texts: list[str], vocabulary: Vocabulary, facts: set[str] = frozenset()):
        """`facts` are answers that were chosen from a list, such as `=age_group:0-11`."""
        self.vocabulary = vocabulary
        self.facts = facts
        self.words: list[str] = []
        self.sentences: list[int] = []
        # Parts of sentences, between commas, line breaks and the like.
        self.parts: list[int] = []
        # By the position of the first word of a part: what stands before it, joined if there are several marks.
        self.separators: dict[int, str] = {}
        self._positions_by_word: dict[str, list[int]] = defaultdict(list)
        self._read(texts)
        self._positions_by_prefix = self._prefixes()
        # All that signs can name: chosen answers, words and beginnings of words.
        self._named = {*facts, *self._positions_by_word, *(f"{prefix}*" for prefix in self._positions_by_prefix)}
        self._possible = vocabulary.index.possible(self._named)

    def matches(self, sign: Sign, *, respects_negation: bool = True) -> bool:
        return sign.may_match(self._named) and all(
            self._matches_clause(clause, respects_negation) for clause in sign.clauses
        )

    def possible_among(self, signs: list[Sign]) -> set[Sign]:
        """Those of these signs of the vocabulary that may match: nearly always none."""
        return self._possible.intersection(signs)

    def positions_of(self, signs: list[Sign]) -> set[int]:
        """Where one of these signs of the vocabulary, each of one clause, begins."""
        return {start for sign in self.possible_among(signs) for start in self._clause_positions(sign.clauses[0])}

    # Few texts have a place for any sign of a rule. In the others, what is framed or negated makes no difference.
    @cached_property
    def _framed(self):
        return framed_positions(self)

    @cached_property
    def _negated(self):
        return negated_positions(self, self.positions_of(self.vocabulary.reversals))

    def _read(self, texts):
        sentence = part = 0
        for text in texts:
            marks = ""
            for found in PIECE.finditer(normalise(text)):
                word = found["word"]
                if word is None:
                    # Two marks are kept, which is enough to see that there is more than one.
                    marks = (marks + found[0])[:2]
                    part += 1
                    sentence += found["end"] is not None
                    continue
                if marks:
                    self._end_part()
                    self.separators[len(self.words)] = marks
                    marks = ""
                self._add(self.vocabulary.word_meant(word), sentence, part)
            self._end_part()
            # An empty word and a gap between two texts: words of different answers are never near each other.
            self._add("", sentence + 1, part + 1)
            sentence, part = sentence + 2, part + 2

    def _end_part(self):
        """Where the next word will be, so that the stop follows the last one and takes no place."""
        self._positions_by_word["."].append(len(self.words))

    def _add(self, word, sentence, part):
        pair = (self.words[-1], word) if self.words and self.parts[-1] == part else None
        if pair in self.vocabulary.pairs:
            self._positions_by_word[self.words.pop()].pop()
            self.sentences.pop()
            self.parts.pop()
            word = self.vocabulary.pairs[pair]
        self._positions_by_word[word].append(len(self.words))
        self.words.append(word)
        self.sentences.append(sentence)
        self.parts.append(part)

    def _matches_clause(self, clause, respects_negation):
        parts = clause.parts
        is_one_step = len(parts) == 1 and len(parts[0]) == 1
        if self.facts and is_one_step and any(phrase[0] in self.facts for phrase in parts[0][0]):
            return True
        framed, framed_for_all = self._framed
        framed = framed if respects_negation else framed_for_all
        negated = self._negated if respects_negation and not clause.says_no else NOTHING
        return any(True for _start in self._clause_positions(clause, negated, framed))

    def _clause_positions(self, clause, negated=NOTHING, framed=NOTHING):
        first, *others = (self._starts(steps, negated, framed) for steps in clause.parts)
        return (position for position in first if all(self._is_near(position, positions) for positions in others))

    def _is_near(self, position, positions):
        """Is one of these positions, which are in order, in the same sentence and at most NEAR words away?"""
        around = positions[bisect_left(positions, position - NEAR) : bisect_left(positions, position + NEAR + 1)]
        return any(self.sentences[other] == self.sentences[position] for other in around)

    def _starts(self, steps, negated=NOTHING, framed=NOTHING):
        """Where a chain of steps begins, in order: a step is the next word after the step before it, or the one after.

        A phrase that contains a negation, such as “not making sense”, is never negated by another. A chain is negated
        at its beginning, but framed wherever a frame reaches it: it may begin with an organ, which none does.
        """
        says_no = self.vocabulary.negations
        spans = {
            (start, last)
            for phrase, start, last in self._spans(steps[0], framed)
            if start not in negated or not says_no.isdisjoint(phrase)
        }
        for step in steps[1:]:
            follows = defaultdict(set)
            for _phrase, start, end in self._spans(step, framed):
                follows[start].add(end)
            spans = {(start, last) for start, end in spans for gap in (1, 2) for last in follows.get(end + gap, ())}
        return sorted({start for start, _end in spans})

    def _spans(self, phrases, framed):
        """The phrase, and the positions of its first and last word, wherever one of these is and is not framed."""
        for phrase in phrases:
            # Nearly all phrases have a first word that is not in the text.
            if phrase[0] in self._named and self._named.issuperset(phrase):
                for position in self._phrase_positions(phrase):
                    last = position + len(phrase) - 1
                    if framed.isdisjoint(range(position, last + 1)):
                        yield phrase, position, last

    def _phrase_positions(self, phrase):
        first, *rest = phrase
        starts = self._word_positions(first)
        if not starts or not rest:
            return starts
        followers = [set(self._word_positions(word)) for word in rest]
        return [
            position
            for position in starts
            if all(position + further in positions for further, positions in enumerate(followers, start=1))
        ]

    def _word_positions(self, word):
        if not word.endswith("*"):
            return self._positions_by_word.get(word, [])
        return self._positions_by_prefix.get(word[:-1], [])

    def _prefixes(self):
        positions = defaultdict(list)
        for position, word in enumerate(self.words):
            # "Peeling masks" are no ending of "peel".
            if " " in word:
                continue
            for length in range(2, min(len(word), WORD_LENGTH) + 1):
                positions[word[:length]].append(position)
        return positions
