"""Every sentence that is made from a number of ours reads as English, whoever wrote its parts."""

import re

import pytest

from education.evidence_numbers import FIELDS, sentences
from education.seed.files import read_content

STATEMENTS = read_content().statements
NUMBERS = [
    pytest.param(number, id=f"{statement['slug']}-{place}")
    for statement in STATEMENTS
    for place, number in enumerate(statement["numbers"])
]
TIME = r"(about |more than )?\d+( (to|months to) \d+)?( \w+)? (weeks?|months?|years?)( on average| (on|with) the \w+)?"
AMOUNT = r"(about |fewer than |less than )?(\d|a quarter|half|no change)"
# What each part has to be, so that it fits the sentence around it.
PARTS = {
    "what": r"[A-Z].*[^.:]",
    "who": r"[A-Z0-9].*[^.]",
    "with_label": r"[a-z].*[^.]",
    "without_label": r"[a-z].*[^.]",
    "difference": r"[a-z0-9].*[^.]",
    "interval_words": rf"((from|between) )?{AMOUNT}.*[^.]",
    "scale": r"-?\d.*[^.]",
    "noticeable": rf"{AMOUNT}.*[^.]",
    "after": TIME,
}
WITH_LABEL = re.compile(r"(with|without|on|after|when|in|among)\b")
DOUBLED = re.compile(r"\b(\w+) \1\b", re.IGNORECASE)


@pytest.mark.parametrize("number", NUMBERS)
def test_each_part_fits_into_its_sentence(number):
    wrong = {
        name: number[name] for name, form in PARTS.items() if number[name] and not re.fullmatch(form, number[name])
    }
    assert wrong == {}
    for label in filter(None, (number["with_label"], number["without_label"])):
        assert WITH_LABEL.match(label)


@pytest.mark.parametrize("number", NUMBERS)
def test_the_sentences_are_whole_and_repeat_nothing(number):
    found = sentences(number)
    text = " ".join(found)
    assert not DOUBLED.search(text)
    assert "  " not in text
    assert ".." not in text
    for sentence in found:
        assert re.fullmatch(r"[A-Z].*[^.]\.", sentence)


# No fixed range of its score was found in what can be cited.
WITHOUT_SCALE = "Score of Crohn’s disease"


@pytest.mark.parametrize("number", NUMBERS)
def test_points_come_with_their_scale_or_with_what_people_notice(number):
    if re.search(r"\d points?\b", number["difference"]) and not number["what"].startswith(WITHOUT_SCALE):
        assert number["scale"] or number["noticeable"], number["what"]


def test_what_a_label_adds_in_brackets_is_said_once():
    number = dict.fromkeys(FIELDS, "") | {"what": "Had headaches", "without_count": None}
    number |= {"with_count": 4, "out_of": 100, "low": 2, "high": 6, "with_label": "on it (no comparison group)"}

    assert sentences(number) == [
        "Had headaches: 4 in 100 on it (no comparison group).",
        "The true figure on it may be from 2 to 6.",
    ]


def test_nothing_found_stays_short_with_its_date():
    dated = {
        statement["slug"]: f"{statement['sentence'].rstrip('.')} (last looked 29 November 2026)."
        for statement in STATEMENTS
        if statement["search_date"]
    }
    parts = {slug: re.split(r"(?<=[.;:]) ", sentence) for slug, sentence in dated.items()}
    assert {slug: part for slug, found in parts.items() for part in found if len(part.split()) > 20} == {}
