"""Red flags in what readers search for: a few words, in several languages, beside those that patients write."""

import time
from pathlib import Path

import pytest
import yaml

from consultations.red_flags import RULES, SEARCH_VOCABULARIES, find_red_flags_in, find_red_flags_in_search
from consultations.red_flags.matching import TextMatcher
from consultations.red_flags.vocabulary import Sign
from gutskin.red_flags import advice_on
from tests.counted_lines import lines_run

ROWS = {
    file.stem: yaml.safe_load(file.read_text("utf-8"))
    for file in sorted((Path(__file__).parent / "search_texts").glob("*.yaml"))
}
SIGNS = [(row["text"], row["rule"]) for rows in ROWS.values() for row in rows if "rule" in row]
NEIGHBOURS = [row["text"] for rows in ROWS.values() for row in rows if "rule" not in row]
ORDINARY = [row["text"] for row in ROWS["en"] if "rule" not in row]


def found(text):
    return {rule.id for rule in find_red_flags_in_search(text)}


@pytest.mark.parametrize(("text", "rule"), SIGNS)
def test_a_sign_is_found(text, rule):
    assert rule in found(text)


@pytest.mark.parametrize("text", NEIGHBOURS)
def test_a_harmless_neighbour_is_not(text):
    assert found(text) == set()


def test_each_language_has_texts_of_both_kinds():
    assert {"en", "es", "fr", "de", "ar"} <= SEARCH_VOCABULARIES.keys() == ROWS.keys()
    for language, rows in ROWS.items():
        for rule in SEARCH_VOCABULARIES[language].signs:
            assert sum(row.get("rule") == rule for row in rows) >= 2
        assert sum("rule" not in row for row in rows) >= 10
        assert sum(row.get("rule") == "self-harm" for row in rows) >= 15


@pytest.mark.parametrize("text", [text for text, rule in SIGNS if rule == "self-harm"])
def test_other_sentences_around_a_crisis_do_not_hide_it(text):
    assert "self-harm" in found(f"Eczema. {text}. Acne diet")


def test_capital_letters_mean_the_same():
    for text, rule in SIGNS:
        assert rule in found(text.upper())


def test_every_phrase_can_be_found():
    for vocabulary in SEARCH_VOCABULARIES.values():
        phrases = {
            " ".join(phrase)
            for signs in vocabulary.signs.values()
            for sign in signs
            for clause in sign.clauses
            for steps in clause.parts
            for step in steps
            for phrase in step
        }
        never_found = [
            phrase
            for phrase in sorted(phrases)
            if not TextMatcher([phrase.replace("*", "")], vocabulary).matches(Sign(phrase), respects_negation=False)
        ]
        assert never_found == []


def test_the_signs_are_of_rules_that_exist():
    ids = {rule.id for rule in RULES}

    assert all(vocabulary.signs.keys() <= ids for vocabulary in SEARCH_VOCABULARIES.values())


@pytest.mark.parametrize("text", ["I can't go on like this", "hopeless", "quiero morir", "suizid", "blue skin"])
def test_a_request_is_not_read_by_these_words(text):
    """There, they would interrupt and mark too many: see docs/clinicians/red-flags.md, “Left out on purpose”."""
    assert find_red_flags_in_search(text)
    assert find_red_flags_in(text) == []


def test_what_counts_in_a_request_counts_in_a_search():
    for text in ("I want to die", "blood in my poo", "my throat swells and I cannot breathe"):
        assert find_red_flags_in_search(text) == find_red_flags_in(text) != []


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("I want to give up", True),
        ("I want to give up. Dairy?", True),
        ("I want to give up, dairy", True),
        ("I want to give up\ndairy", True),
        ("I want to give up dairy", False),
        ("I want to give up-to-date", False),
        ("", False),
    ],
)
def test_a_stop_is_the_end_of_what_was_written(text, matches):
    matcher = TextMatcher([text], SEARCH_VOCABULARIES["en"])

    assert matcher.matches(Sign("want to give up ."), respects_negation=False) is matches


def test_a_stop_is_not_the_end_of_the_text_before_it():
    matcher = TextMatcher(["Give up", "milk"], SEARCH_VOCABULARIES["en"])

    assert matcher.matches(Sign("give up ."))
    assert matcher.matches(Sign("milk ."))
    assert not matcher.matches(Sign("give milk ."))


@pytest.mark.parametrize("filling", ["cant go on ", ". ", "hopeless at ", "skin going blue patch ", "quiero ", "لا "])
def test_the_steps_grow_linearly_with_the_text(filling):
    """Counted, not timed: how many lines of the program run for a text, and for one eight times as long."""

    def steps(length):
        return lines_run(lambda: find_red_flags_in_search((filling * length)[:length]))

    assert steps(8_000) <= 10 * steps(1_000)


def test_an_ordinary_search_takes_little_time():
    """Processor time, and far more than it takes, so that a busy machine does not fail it."""
    started = time.process_time()
    for text in ORDINARY:
        advice_on(text)

    assert (time.process_time() - started) / len(ORDINARY) < 0.02
