"""What `load_content --check` reports about evidence statements and interventions. Needs no database."""

import re
from types import SimpleNamespace

from education import publication_rules
from education.models.effects import NOTHING_FOUND, Certainty, Effect
from education.readability import long_sentences
from education.seed.files import NOT_COUNTED

# How many people are in the numbers, each with its source; a sentence has none of its own.
COUNT = re.compile(
    r"\d[\d,.]*(?: (?:people|adults|children|babies|women|men))? (?:in|of|out of|per)(?: every| each)? \d|\d/\d",
    re.IGNORECASE,
)
# Notes to ourselves, and what nobody can know.
NOTE = re.compile(
    r"\b(?:todo|fixme|tb[cd]|to be (?:checked|fetched|looked up)|"
    r"still ha(?:ve|s) to (?:be )?(?:check|fetch|find|look|read)(?:ed)?|"
    r"(?:get|fetch|check) the (?:paper|source|reference)|we could not read|not on the page|"
    r"nobody knows|no one knows|there are none|more research is needed)\b",
    re.IGNORECASE,
)
VERY_UNCERTAIN = "The evidence is very uncertain about"
# What readers see of a statement, besides its numbers.
SHOWN = ("outcome", "sentence", "why", "strength", "search_where", "search_nearest")


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
    yield from _effect_problems(statement)
    yield from _search_problems(statement)
    # The rules of admin, which read them from a row.
    yield from publication_rules.basis_problems(SimpleNamespace(**statement))
    if statement["effect"] == Effect.RECOMMENDATION and statement["certainty"]:
        yield "is a recommendation, and has a certainty of its own."
    yield from _number_problems(statement)


def _effect_problems(statement):
    """Evidence that is very uncertain shows no effect, and an unclear effect is never more certain than that."""
    effect, certainty = statement["effect"], statement["certainty"]
    claims = effect in (Effect.BETTER, Effect.WORSE)
    if claims and certainty == Certainty.VERY_LOW and not statement["sentence"].startswith(VERY_UNCERTAIN):
        yield f"has the effect “{effect}” with very low certainty: its sentence must begin with “{VERY_UNCERTAIN}”."
    if effect == Effect.UNCLEAR and certainty != Certainty.VERY_LOW:
        yield f"has the effect “{effect}” with the certainty “{certainty}”: what is unclear is very uncertain."


def _search_problems(statement):
    if statement["effect"] not in NOTHING_FOUND:
        return
    read = statement["search_read"]
    # A bool is an int too, and YAML reads “yes” as one.
    is_number = isinstance(read, int) and not isinstance(read, bool) and read >= 0
    if not (is_number or (read is None and statement["search_says_how_many"])):
        yield f"does not say how many records were read: give a number, or “{NOT_COUNTED}”."
    if not statement["search_nearest"].strip():
        yield "does not say what the nearest thing was that the search found."


def _wording_problems(statement):
    if COUNT.search(statement["sentence"]):
        yield "has a number of people in its sentence: it belongs into `numbers`, with its source."
    yield from (f"says “{note.group()}” to readers." for name in SHOWN if (note := NOTE.search(statement[name])))
    for name in ("outcome", "sentence", "why"):
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
