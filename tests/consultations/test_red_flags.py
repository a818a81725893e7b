"""Red flags: a table of texts for every rule and language, and how free text is matched."""

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from consultations.forms.choices import AgeGroup, GutSymptom
from consultations.management.demo_data import REQUESTS
from consultations.models import Urgency
from consultations.red_flags import (
    LEVELS,
    RULES,
    TEXTS,
    VERSION,
    VOCABULARIES,
    advice_for,
    find_red_flags,
    find_red_flags_in,
    most_urgent,
    rule_labels,
    vocabulary,
)
from consultations.red_flags.matching import TextMatcher, normalise
from consultations.red_flags.signs import Sign
from gutskin.encryption.digests import keyed_digest
from tests.consultations.factories import ANSWERS

LANGUAGES = [code for code, _name in settings.LANGUAGES]
WORDS = Path(vocabulary.__file__).parent / "words"
# How people write, by language; the head of each file explains its columns.
ROWS = {
    file.stem: yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)
    for file in sorted((Path(__file__).parent / "red_flag_texts").glob("*.yaml"))
}
NO_WORD = re.compile(r"[\W_]+")
TABLE = [(code, rule.id) for code in LANGUAGES for rule in RULES]
KNOWN = {
    # Each version and a digest of its rules. Add a line for a new version, because stored results name the old ones.
    "2026-11": "ef42eeba109cc1d3",
    "2026-11.2": "ef42eeba109cc1d3",  # the same rules; a negation reaches less far
    "2026-11.3": "3884d61148fa496b",  # from here on, the digest is also of the advice and of all words
    "2026-11.4": "6a2f42ced8d5b192",
    "2026-11.5": "50b42ce29456b5de",
    "2026-11.6": "4f5262f8af03a1ba",
}


def found(text, **answers):
    return [rule.id for rule in find_red_flags({"question": text} | answers)]


@cache
def found_in(text):
    return {rule.id for rule in find_red_flags_in(text)}


def missed_and_alarms(row):
    """The rules that a text should match and does not, and those that it matches without being one of theirs."""
    matched, wanted = found_in(row["text"]), set(row.get("rules", ()))
    return wanted - matched, matched - wanted - set(row.get("may", ()))


def test_every_language_of_the_site_has_words_for_every_rule():
    assert set(LANGUAGES) <= VOCABULARIES.keys()
    for language in VOCABULARIES.values():
        assert language.signs.keys() == {rule.id for rule in RULES}
        assert all(language.signs.values())


@pytest.mark.parametrize(("language", "rule"), TABLE)
def test_at_least_three_texts_match_each_rule(language, rule):
    rows = [row for row in ROWS[language] if rule in row.get("rules", ()) and rule not in row.get("missed", ())]

    assert len(rows) >= 3
    assert [row["text"] for row in rows if rule in missed_and_alarms(row)[0]] == []


@pytest.mark.parametrize(("language", "rule"), TABLE)
def test_at_least_three_similar_texts_do_not_match(language, rule):
    rows = [row for row in ROWS[language] if row.get("near") == rule and rule not in row.get("alarm", ())]

    assert len(rows) >= 3
    assert [row["text"] for row in rows if rule in missed_and_alarms(row)[1]] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_does_not_work_yet_is_marked_in_the_table(language):
    """A text that a change begins to miss is named here, and so is one whose mark can go."""
    changed = [
        (row["text"], missed_and_alarms(row))
        for row in ROWS[language]
        if missed_and_alarms(row) != (set(row.get("missed", ())), set(row.get("alarm", ())))
    ]

    assert changed == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_recall_and_false_alarms(language):
    rows = ROWS[language]
    wanted = sum(len(row.get("rules", ())) for row in rows)
    missed = sum(len(missed_and_alarms(row)[0]) for row in rows)
    ordinary = [row for row in rows if not row.get("rules")]
    alarms = sum(bool(missed_and_alarms(row)[1]) for row in rows)
    alarms_in_ordinary = sum(bool(missed_and_alarms(row)[1]) for row in ordinary)
    recall, false_alarms = 1 - missed / wanted, alarms_in_ordinary / len(ordinary)
    print(  # noqa: T201  with `pytest -s`: the rates are to be read
        f"{language}: {len(rows)} texts, recall {recall:.1%} of {wanted}, {false_alarms:.1%} of {len(ordinary)} alarmed"
    )

    assert len(rows) >= 150
    assert recall >= 0.95
    assert false_alarms <= 0.05
    assert alarms / len(rows) <= 0.05


@pytest.mark.parametrize("language", LANGUAGES)
def test_four_ordinary_answers_together_alarm_seldom(language):
    """A sign may be spread over the answers of one request, so that unrelated ones can look like it."""
    texts = [row["text"] for row in ROWS[language] if not row.get("rules") and not row.get("alarm")]
    fields = [name for name in TEXTS if name != "relationship"]
    quarter = len(texts) // 4
    requests = list(zip(texts, texts[quarter:], texts[2 * quarter :], texts[3 * quarter :], strict=False))
    alarms = sum(bool(find_red_flags(dict(zip(fields, answers, strict=True)))) for answers in requests)
    print(f"{language}: {alarms} of {len(requests)} ordinary requests alarmed")  # noqa: T201

    assert alarms / len(requests) <= 0.08


def chains(language):
    """By the sign: all ways of writing words directly after each other that it asks for."""
    for signs in VOCABULARIES[language].signs.values():
        for sign in signs:
            for steps in [[list(step) for step in part] for clause in sign.clauses for part in clause.parts]:
                yield from ((sign, phrase) for step in steps for phrase in step)
                # A chain with one way of saying each step is a phrase, too.
                if all(len(step) == 1 for step in steps):
                    yield sign, tuple(word for step in steps for word in step[0])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_the_table_is_a_rule_of_its_own(language):
    texts = [f" {re.sub(NO_WORD, ' ', normalise(row['text']))} " for row in ROWS[language]]
    written_for_one = {
        " ".join(words)
        for _sign, words in chains(language)
        if len(words) >= 4 and sum(f" {' '.join(words)} " in text for text in texts) == 1
    }

    assert written_for_one == set()


@pytest.mark.slow
@pytest.mark.parametrize("language", VOCABULARIES)
def test_every_phrase_of_a_sign_can_be_found(language):
    """Not so if it holds a hyphen, or two words that are read as one."""
    words = VOCABULARIES[language]
    phrases = {" ".join(phrase) for _sign, phrase in chains(language) if not phrase[0].startswith("=")}
    never_found = [
        phrase
        for phrase in sorted(phrases)
        if not TextMatcher([phrase.replace("*", "")], words).matches(Sign(phrase), respects_negation=False)
    ]

    assert never_found == []


def test_changed_rules_have_a_new_version():
    words = {code: tomllib.loads((WORDS / f"{code}.toml").read_text("utf-8")) for code in VOCABULARIES}
    advice = [
        (level, [(str(line), [str(step) for step in line.steps], str(line.otherwise)) for line in lines])
        for level, lines in advice_for(RULES)
    ]
    rules = [(rule.id, rule.urgency, rule.respects_negation, sorted(rule.advice)) for rule in RULES] + advice
    written = re.sub(r"(\\n| )+", " ", f"{words}{rules}")  # wherever the lines of a file end
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "DIGEST_KEY", "for this test")
        assert KNOWN[VERSION] == keyed_digest("rules", written)[:16]


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


@pytest.mark.parametrize("text", ["There is blood in my poo", "I want to die", "Dry skin", ""])
def test_one_text_can_be_searched_alone(text):
    assert [rule.id for rule in find_red_flags_in(text)] == found(text)


def test_what_needs_a_chosen_answer_does_not_match_a_text_alone():
    assert found("fever since the antibiotic", gut_symptoms="diarrhoea") == ["antibiotic-diarrhoea"]
    assert find_red_flags_in("fever since the antibiotic") == []


@pytest.mark.parametrize("rule", ["painful-blisters", "skin-failure", "pustules"])
def test_fever_is_no_condition(rule):
    """For eczema herpeticum, erythroderma and pustular psoriasis."""
    advice = " ".join(str(line) for line in next(known.advice for known in RULES if known.id == rule).values())
    without = [row["text"] for row in ROWS["en"] if rule in row.get("rules", ()) and "fever" not in row["text"]]

    assert "You do not need to have a fever" in advice
    assert sum(rule in found_in(text) for text in without) >= 3


def test_skin_that_does_not_turn_red_is_meant_too():
    shown = [
        str(text) for rule in RULES for line in rule.advice.values() for text in (line, *line.steps, line.otherwise)
    ]

    assert [text for text in shown if "mottled" in text] == []
    assert [text for text in shown if re.search(r"\bred\b", text) and not re.search(r"dark|eyes", text)] == []


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


def test_one_answer_does_not_go_on_in_the_next():
    assert find_red_flags({"skin_problem": "I was short of", "gut_details": "breath"}) == []
    assert find_red_flags({"skin_problem": "Blood. Yes.", "gut_details": "poo"}) == []
