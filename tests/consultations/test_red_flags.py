"""Red flags: a table of texts for every rule and language, and how free text is matched."""

import re

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from consultations.forms.choices import AgeGroup, GutSymptom
from consultations.management.demo_data import REQUESTS
from consultations.models import Urgency
from consultations.red_flags import (
    LEVELS,
    RULES,
    TEXTS,
    VERSION,
    VOCABULARIES,
    find_red_flags,
    most_urgent,
    rule_labels,
)
from consultations.red_flags.matching import TextMatcher, normalise
from consultations.red_flags.vocabulary import Sign
from gutskin.encryption.digests import keyed_digest
from tests.consultations.factories import ANSWERS
from tests.consultations.red_flag_texts import MATCHING, NOT_MATCHING

LANGUAGES = [code for code, _name in settings.LANGUAGES]
TABLE = [(code, rule.id) for code in LANGUAGES for rule in RULES]
KNOWN = {
    # Each version and a digest of its rules. Add a line for a new version, because stored results name the old ones.
    "2026-11": "ef42eeba109cc1d3",
    "2026-11.2": "ef42eeba109cc1d3",  # the same rules; a negation reaches less far
}


def found(text, **answers):
    return [rule.id for rule in find_red_flags({"question": text} | answers)]


def test_every_language_of_the_site_has_words_for_every_rule():
    assert set(LANGUAGES) <= VOCABULARIES.keys()
    for language in VOCABULARIES.values():
        assert language.signs.keys() == {rule.id for rule in RULES}
        assert all(language.signs.values())


@pytest.mark.parametrize(("language", "rule"), TABLE)
def test_at_least_three_texts_match_each_rule(language, rule):
    texts = MATCHING[language][rule]

    assert len(texts) >= 3
    assert [text for text in texts if rule not in found(text)] == []


@pytest.mark.parametrize(("language", "rule"), TABLE)
def test_at_least_three_similar_texts_do_not_match(language, rule):
    texts = NOT_MATCHING[language][rule]

    assert len(texts) >= 3
    assert [text for text in texts if rule in found(text)] == []


def test_changed_rules_have_a_new_version():
    written = {
        code: {i: [s.written for s in signs] for i, signs in sp.signs.items()} for code, sp in VOCABULARIES.items()
    }
    rules = [(rule.id, rule.urgency, rule.respects_negation, sorted(rule.advice)) for rule in RULES]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "DIGEST_KEY", "for this test")
        assert KNOWN[VERSION] == keyed_digest("rules", f"{written}{rules}")[:16]


def test_rules_are_complete():
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert re.fullmatch(r"[a-z-]+", rule.id)
        assert rule.urgency in {Urgency.URGENT, Urgency.SOON}
        assert rule.advice
        assert set(rule.advice) <= set(LEVELS)
        assert (rule.urgency == Urgency.SOON) == (set(rule.advice) == {"non-urgent"})


def test_rule_ids_can_be_stored_and_shown_again():
    assert all("," not in rule.id for rule in RULES)
    assert rule_labels(",".join(rule.id for rule in RULES)) == [str(rule.label) for rule in RULES]
    assert rule_labels("airway,of-an-older-version") == [str(RULES[0].label), "of-an-older-version"]
    assert rule_labels("") == []


def test_the_most_serious_rule_sets_the_urgency():
    by_id = {rule.id: rule for rule in RULES}

    assert most_urgent([]) == "routine"
    assert most_urgent([by_id["weight-loss"]]) == "soon"
    assert most_urgent([by_id["weight-loss"], by_id["airway"]]) == "urgent"


@pytest.mark.parametrize("field", TEXTS)
def test_every_text_is_searched(field):
    assert [rule.id for rule in find_red_flags(ANSWERS | {field: "There is blood in my poo"})] == ["blood-in-poo"]


def test_words_of_different_answers_are_not_near_each_other():
    assert found("my stools are loose", tried="Cream on the blood") == []


def test_anywhere_means_in_any_answer():
    assert found("diarrhoea", tried="Antibiotics", gut_details="fever") == ["antibiotic-diarrhoea"]


def test_chosen_answers_count():
    assert found("fever since the antibiotic", gut_symptoms="bloating,diarrhoea") == ["antibiotic-diarrhoea"]
    assert found("Not growing.", age_group="0-11") == ["child-not-growing"]
    assert found("Not growing.", age_group="40-64") == []


def test_the_choices_that_signs_name_exist():
    offered = {f"=age_group:{value}" for value in AgeGroup.values} | {f"=gut_symptoms:{v}" for v in GutSymptom.values}
    written = " ".join(sign.written for sp in VOCABULARIES.values() for signs in sp.signs.values() for sign in signs)

    named = set(re.findall(r"=[^\s]+", written))
    assert named
    assert named <= offered


@pytest.mark.parametrize(
    "answers", [ANSWERS, *(request.answers for request in REQUESTS if "lips swelled" not in str(request.answers))]
)
def test_ordinary_requests_are_not_interrupted(answers):
    assert find_red_flags(answers) == []


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("I don’t", "i dont"),
        ("DON'T", "dont"),
        ("Diarrhœa", "diarrhoea"),
        ("bl\u00edst\u00e9r", "blister"),
        ("su\u00adici\u200dde", "suicide"),
        ("ＢＬＯＯＤ", "blood"),
    ],
)
def test_text_is_normalised(typed, seen):
    assert normalise(typed) == seen


@pytest.mark.parametrize("turn", ["until yesterday", "before, now there is", "but a little", "only on paper"])
def test_a_negation_that_may_have_ended_does_not_count(turn):
    assert found(f"No blood in my poo {turn}.") == ["blood-in-poo"]


@pytest.mark.parametrize("field", TEXTS)
def test_a_no_that_begins_an_answer_counts(field):
    """In the first field, nothing at all comes before it."""
    assert find_red_flags({field: "No blood in my poo."}) == []
    assert find_red_flags({field: "Blood in my poo."}) != []


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("No sign of any blood in my poo.", True),
        ("I had no sign of my blood in my poo.", True),
        ("I had no sign of any the blood in my poo.", True),  # four words between
        ("I had no sign of any of the blood in my poo.", False),  # five
        ("I can catch no breath", False),
    ],
)
def test_how_far_a_no_reaches(text, counts):
    assert bool(found(text)) is not counts


def reads(text, sign):
    return TextMatcher([text], VOCABULARIES["en"]).matches(Sign(sign))


def test_near_is_within_eight_words_before_or_after():
    assert reads("blood 1 2 3 4 5 6 7 poo", "blood + poo")
    assert reads("poo 1 2 3 4 5 6 7 blood", "blood + poo")
    assert not reads("blood 1 2 3 4 5 6 7 8 poo", "blood + poo")
    assert not reads("poo 1 2 3 4 5 6 7 8 blood", "blood + poo")


def test_followed_means_with_at_most_one_word_between():
    assert reads("blood 1 poo", "blood > poo")
    assert not reads("blood 1 2 poo", "blood > poo")
    assert reads("blood 1 poo 2 fever", "blood > poo > fever")
    assert not reads("blood poo 1 2 3 fever", "blood > poo > fever")


def test_a_beginning_is_read_to_its_last_letter():
    assert reads("poop", "poop*")
    assert not reads("poor", "poop*")


def test_one_answer_does_not_go_on_in_the_next():
    assert find_red_flags({"skin_problem": "I was short of", "gut_details": "breath"}) == []
    assert find_red_flags({"skin_problem": "Blood. Yes.", "gut_details": "poo"}) == []


SOME_SIGN = Sign("blood / bloody* > in + poo & fever*")


@given(st.text(max_size=300))
def test_any_text_can_be_searched(text):
    assert isinstance(found(text), list)


@given(st.lists(st.sampled_from(["blood", "in", "poo", "fever", "no", ".", "the"]), max_size=60))
def test_a_sign_is_found_where_a_simple_search_finds_it(words):
    matcher = TextMatcher([" ".join(words)], VOCABULARIES["en"])
    texts, sentence = [], 0
    for word in words:
        sentence += word == "."
        if word != ".":
            texts.append((word, sentence))
    starts = [
        n
        for n, (word, _) in enumerate(texts)
        if word == "blood" and any(follows == "in" for follows, _ in texts[n + 1 : n + 3])
    ]
    near = any(
        texts[n][1] == place and abs(n - m) <= 8 and word == "poo"
        for n in starts
        for m, (word, place) in enumerate(texts)
    )
    assert matcher.matches(SOME_SIGN, respects_negation=False) == (near and "fever" in words)


@pytest.mark.parametrize("filling", ["blood ", "a", "no ", ".", "lips swell ", "blood test ", "\u0301", " "])
def test_the_work_grows_linearly_with_the_text(filling):
    """Counted, not timed: how many positions are indexed for a text, and for one ten times as long."""

    def work(length):
        matcher = TextMatcher([(filling * length)[:length]], VOCABULARIES["en"])
        return sum(map(len, matcher._positions_by_word.values())) + sum(map(len, matcher._prefixes().values()))

    assert work(10_000) <= 12 * work(1_000) + 100


def test_a_sign_is_not_a_regular_expression():
    matcher = TextMatcher(["(a+)+$ .* [x]"], VOCABULARIES["en"])

    assert not matcher.matches(Sign("(a+)+$"))
    assert not any(
        set(sign.written) & set("()[]{}\\^$|?") for sp in VOCABULARIES.values() for s in sp.signs.values() for sign in s
    )
