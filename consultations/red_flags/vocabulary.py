"""The words of each language: words/en.toml is what English-speaking patients write. Another file adds a language."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "words"


class Sign:
    """One way in which patients describe a red flag; matching.py explains the notation."""

    def __init__(self, written: str):
        self.written = written
        # Nested lists: clauses (&) of parts (+) of steps (>) of alternative phrases (/).
        self.clauses = [
            [[_phrases(step) for step in part.split(" > ")] for part in clause.split(" + ")]
            for clause in written.split(" & ")
        ]

    def __repr__(self):
        return f"Sign({self.written!r})"


@dataclass(frozen=True)
class Vocabulary:
    """The words of one language: for the signs, and for saying that there is no sign."""

    signs: dict[str, list[Sign]]  # by the id of the rule
    negations: frozenset[str]
    # Words allowed between a negation and what it negates: "no sign of any blood".
    fillers: frozenset[str]
    # With one of these in the sentence, a negation may have ended or be partial: "no blood until yesterday". It is then
    # ignored, because a false alarm costs a patient less than a missed sign.
    reversals: frozenset[str]
    # Words that change the meaning of the word before them: a blood test is not blood.
    compounds: dict[str, frozenset[str]]


def load_vocabulary(file: Path) -> Vocabulary:
    """Reads a file of words/. Raises KeyError if it names a group or lacks a part that does not exist."""
    content = tomllib.loads(file.read_text("utf-8"))
    groups = content["groups"]
    return Vocabulary(
        signs={
            rule_id: [Sign(" ".join(written.format_map(groups).split())) for written in alternatives]
            for rule_id, alternatives in content["signs"].items()
        },
        negations=frozenset(content["negations"].split()),
        fillers=frozenset(content["fillers"].split()),
        reversals=frozenset(content["reversals"].split()),
        compounds={word: frozenset(others.split()) for word, others in content["compounds"].items()},
    )


def _phrases(alternatives):
    return [tuple(phrase.split()) for phrase in alternatives.split(" / ")]


# Each text is matched in every language, because a patient may write in Spanish on an English page.
VOCABULARIES = {file.stem: load_vocabulary(file) for file in sorted(FOLDER.glob("*.toml"))}
