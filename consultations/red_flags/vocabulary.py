"""The words of each language: words/en.toml is what English-speaking patients write. Another file adds a language.

words/search/ is what people type into a search, in more languages; it counts beside those words, for readers only.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from types import MappingProxyType

from consultations.red_flags.signs import Group, Sign, SignIndex, forget_what_was_shared, normalise

FOLDER = Path(__file__).parent / "words"
# What a file of words/search may leave out.
OPTIONAL_IN_SEARCH = {
    "reversals": (),
    "compounds": {},
    "contractions": {},
    "groups": {},
    **dict.fromkeys(("negations", "fillers", "alternatives", "heads", "statements", "often_misspelt"), ""),
}
# Longer words are not corrected: no one misspells a word of this length by one letter, and it would take long.
LONGEST_MISSPELT = 20


@dataclass(frozen=True)
class Framing:
    """How people write of a sign that no one has; framing.py says how far it reaches."""

    hearsay: list[Sign]  # "it can cause"
    elsewhere: list[Sign]  # "my dog has"; only the writer's own words begin a report
    imagined: list[Sign]  # "if I ever"; only words of now begin a report
    questions: list[Sign]  # "how common is"; only with a reassurance
    reassurances: list[Sign]  # "I have had none of that"
    good_mood: list[Sign]  # "my mood is good"; the only one that counts for self-harm
    past: list[Sign]  # "when I was 7"; only if it is over
    over: list[Sign]  # "nothing since"
    returned: list[Sign]  # "it is back"; with which it is not over
    feared: list[Sign]  # "I was sure"; only up to what it was
    explained: list[Sign]  # "it was just the light"
    alike: list[Sign]  # "now mine too": what was read or asked counts
    kept: list[Sign]  # "throat": no frame reaches it
    well: list[Sign]  # "I am well and happy now"; with words of the past, counts even for self-harm
    relapse: list[Sign]  # "again", with which it does not
    harmless: list[tuple[Sign, Sign]]  # "poo is black from iron", and the words with which it counts
    # What an answer must have to be an ordinary one, and the words with which it is none.
    ordinary: list[tuple[list[Sign], Sign]]
    figures: list[tuple[Sign, Sign]]  # "no point in going on with the diet"; the same, for self-harm as well
    # Words that begin a report and end a frame; those of them that are about the writer.
    reports: frozenset[str]
    own: frozenset[str]
    conjunctions: frozenset[str]
    # After "nothing since": it is not over.
    exceptions: frozenset[str]
    # With one of these, what began long ago may be going on.
    present: frozenset[str]
    # With one of these, a clause among those of long ago is about now.
    states: frozenset[str]

    def signs(self):
        waiting = list(vars(self).values())
        while waiting:
            value = waiting.pop()
            if isinstance(value, Sign):
                yield value
            elif isinstance(value, list | tuple):
                waiting += value


@dataclass(frozen=True)
class Vocabulary:
    """The words of one language: for the signs, and for saying that there is no sign."""

    signs: dict[str, list[Sign]]  # by the id of the rule
    negations: frozenset[str]
    # Words allowed between a negation and what it negates: "no sign of any blood".
    fillers: frozenset[str]
    # Words that continue a list under a negation: "no fever, weight loss or blood".
    alternatives: frozenset[str]
    # Words that make two words one thing: "no eye pain".
    heads: frozenset[str]
    # Words that begin a new statement: "no idea if my tongue is swollen".
    statements: frozenset[str]
    # With one of these near it, a negation may have ended or be partial: "no blood until yesterday". It is then
    # ignored, because a false alarm costs a patient less than a missed sign.
    reversals: list[Sign]
    framing: Framing
    # Pairs of words that mean something else than the first one: a blood test is not blood, and "do not" is "dont".
    pairs: dict[tuple[str, str], str]
    # The words that signs name. They are right as they are: "breath" is not a wrong "breathe".
    known: frozenset[str]
    # Words that are often misspelt, and what is left of them without one letter: the word meant.
    spellings: dict[str, str]
    # Of all signs above.
    index: SignIndex

    def word_meant(self, typed: str) -> str:
        """The word that was probably meant, if one letter is missing, wrong, or too many; else the word as typed."""
        if typed in self.known or len(typed) > LONGEST_MISSPELT:
            return typed
        # "Swellin", "wakin": the g is not spoken, and many do not write it.
        if typed.endswith("in") and f"{typed}g" in self.known:
            return f"{typed}g"
        tried = [typed, *_with_a_letter_less(typed)]
        return next((self.spellings[spelling] for spelling in tried if spelling in self.spellings), typed)


def load_vocabulary(file: Path, optional: Mapping = MappingProxyType({})) -> Vocabulary:
    """Reads a file of words/. Raises KeyError if it names a group or lacks a part that does not exist."""
    content = optional | tomllib.loads(file.read_text("utf-8"))
    # A group may contain groups that stand above it.
    groups = {}
    for name, written in content["groups"].items():
        groups[name] = Group(" ".join(written.split()), groups)
    negations = _words(content["negations"])
    signs = {
        rule_id: [Sign(written, groups, negations) for written in alternatives]
        for rule_id, alternatives in content["signs"].items()
    }
    reversals = [Sign(written) for written in content["reversals"]]
    framing = _framing(content.get("framing", {}), groups)
    return Vocabulary(
        signs=signs,
        negations=negations,
        fillers=_words(content["fillers"]),
        alternatives=_words(content["alternatives"]),
        heads=_words(content["heads"]),
        statements=_words(content["statements"]),
        reversals=reversals,
        framing=framing,
        pairs=_pairs(content),
        known=_words_of(signs),
        spellings=_spellings(_words(content["often_misspelt"])),
        index=SignIndex([*chain(*signs.values()), *reversals, *framing.signs()]),
    )


def _words(written):
    return frozenset(normalise(written).split())


def _framing(content, groups):
    def sign(written):
        return Sign(written, groups)

    lists = (
        *("hearsay", "elsewhere", "imagined", "questions", "reassurances", "good_mood", "alike", "kept"),
        *("past", "over", "returned", "feared", "explained", "well", "relapse"),
    )
    words = ("reports", "own", "conjunctions", "exceptions", "present", "states")
    explained = ("harmless", "figures")
    return Framing(
        **{name: [sign(written) for written in content.get(name, ())] for name in lists},
        **{name: _words(content.get(name, "")) for name in words},
        **{name: [(sign(said["if"]), sign(said["unless"])) for said in content.get(name, ())] for name in explained},
        ordinary=[([sign(part) for part in said["if"]], sign(said["unless"])) for said in content.get("ordinary", ())],
    )


def _pairs(content):
    compounds = {
        (normalise(word), other): f"{normalise(word)} {other}"
        for word, others in content["compounds"].items()
        for other in _words(others)
    }
    contractions = {
        tuple(normalise(pair).split()): normalise(short)
        for short, pairs in content["contractions"].items()
        for pair in pairs
    }
    return compounds | contractions


def _words_of(signs):
    steps = {step for alternatives in signs.values() for sign in alternatives for step in sign.steps}
    return frozenset(word for step in steps for phrase in step for word in phrase)


def _spellings(words):
    shorter = {spelling: word for word in sorted(words) for spelling in _with_a_letter_less(word)}
    return shorter | {word: word for word in words}


def _with_a_letter_less(word):
    """Never without its first letter: a word that begins differently is usually another word."""
    return [word[:number] + word[number + 1 :] for number in range(1, len(word))]


# Each text is matched in every language, because a patient may write in Spanish on an English page.
VOCABULARIES = {file.stem: load_vocabulary(file) for file in sorted(FOLDER.glob("*.toml"))}
SEARCH_VOCABULARIES = {
    file.stem: load_vocabulary(file, OPTIONAL_IN_SEARCH) for file in sorted(FOLDER.glob("search/*.toml"))
}
forget_what_was_shared()
