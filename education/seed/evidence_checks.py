"""What `load_content --check` reports about evidence statements and interventions. Needs no database."""

import re
from types import SimpleNamespace

from education import publication_rules
from education.models.effects import Effect
from education.readability import long_sentences

# How many people are in the numbers, each with its source; a sentence has none of its own.
COUNT = re.compile(r"\d[\d,.]* (?:in|out of) \d", re.IGNORECASE)
# Notes to ourselves, and what nobody can know.
NOTE = re.compile(
    r"\b(?:to be checked|still ha(?:ve|s) to check|we could not read|not on the page|nobody knows|no one knows|"
    r"there are none|more research is needed)\b",
    re.IGNORECASE,
)


def statement_problems(statement, references, articles, interventions):
    """`references`, `articles` and `interventions` are the keys and short names that there are."""
    words = (statement["sentence"], statement["certainty"], statement["effect"])
    yield from map(str, publication_rules.sentence_problems(*words))
    yield from publication_rules.word_problems(f"{statement['outcome']}\n{statement['sentence']}\n{statement['why']}")
    yield from (f"cites {key}, which does not exist." for key in statement["references"] if key not in references)
    pages = (statement["condition"], statement["therapy"])
    yield from (f"is about {slug}, which does not exist." for slug in pages if slug and slug not in articles)
    if statement["intervention"] not in interventions:
        yield f"has the intervention {statement['intervention']}, which does not exist."
    if statement["certainty"] and not statement["references"]:
        yield "has a certainty but no reference."
    yield from _wording_problems(statement)
    # The rules of admin, which read them from a row.
    yield from publication_rules.basis_problems(SimpleNamespace(**statement))
    if statement["effect"] == Effect.RECOMMENDATION and statement["certainty"]:
        yield "is a recommendation, and has a certainty of its own."
    yield from _number_problems(statement)


def _wording_problems(statement):
    if COUNT.search(statement["sentence"]):
        yield "has a number of people in its sentence: it belongs into `numbers`, with its source."
    for name in ("outcome", "sentence", "why"):
        if note := NOTE.search(statement[name]):
            yield f"says “{note.group()}” to readers."
        if publication_rules.PERCENTAGE.search(statement[name]):
            yield f"has a percentage in its {name}."
    for name in ("sentence", "why"):
        yield from (f"has a long sentence: {sentence}" for sentence in long_sentences(statement[name]))


def _number_problems(statement):
    for number in statement["numbers"]:
        if number["source"] not in statement["references"]:
            yield f"the source of “{number['what']}”, {number['source']}, is not among its references."
        if not number["worked_out"]:
            yield f"“{number['what']}” does not say how it was worked out."
        if note := NOTE.search(" ".join(str(value) for name, value in number.items() if name != "worked_out")):
            yield f"says “{note.group()}” to readers."
