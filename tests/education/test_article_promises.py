"""What our own articles do for those who read them, beside plain words: see docs/content-quality.md."""

import re

import pytest

from education.models import Kind
from education.publication_rules import glossary_slugs
from education.readability import sentences
from education.rendering import plain_text
from education.seed.files import read_content

ARTICLES = {article["slug"]: article for article in read_content().articles}
# Pages about a therapy say how long a scale is in fewer words.
NOT_ON_THERAPIES = {slug: article for slug, article in ARTICLES.items() if article["kind"] != Kind.THERAPY}
# Only a finding knows when somebody last looked, and prints it.
UNDATED = re.compile(r"\bwe found no (?:[\w-]+ ){0,3}(?:trials?|evidence)\b", re.IGNORECASE)
TAKES_NOTES = re.compile(r"\b(?:note (?:how|when)|write down (?:your|the date)|diary)\b", re.IGNORECASE)
NOT_AFTER_A_REACTION = re.compile(
    r"(?:Food: )?peanut is not for a baby who has (?:already )?reacted to it\.", re.IGNORECASE
)
TREATMENTS = {
    "acne": {"benzoyl-peroxide", "doxycycline", "isotretinoin", "retinoid", "spironolactone"},
    "atopic-dermatitis": {"dupilumab", "moisturiser", "steroid-cream"},
    "coeliac-disease": {"dapsone"},
    "hidradenitis-suppurativa": {"adalimumab", "clindamycin", "il-17-blocker", "rifampicin", "tetracycline"},
    "inflammatory-bowel-disease": {"anti-tnf-medicine", "il-17-blocker", "ustekinumab"},
    "other-skin-conditions": {"metronidazole", "steroid-cream", "tetracycline"},
    "psoriasis": {"anti-tnf-medicine", "etanercept", "glp-1-medicine", "il-17-blocker", "light-treatment"},
    "rosacea": {"azelaic-acid", "brimonidine", "doxycycline", "ivermectin", "metronidazole", "oxymetazoline"},
    "urticaria": {"antihistamine"},
}


def words_of(article):
    """In short, what you can do, and the text."""
    return "\n".join([article["key_points"], article["actions"], plain_text(article["body"])])


@pytest.mark.parametrize("slug", ARTICLES)
def test_that_nothing_was_found_is_left_to_the_findings_which_have_a_date(slug):
    assert UNDATED.findall(words_of(ARTICLES[slug])) == []


@pytest.mark.parametrize("slug", ARTICLES)
def test_who_is_asked_to_take_notes_is_given_the_diary(slug):
    article = ARTICLES[slug]

    assert not TAKES_NOTES.search(article["actions"]) or 'href="/diary/"' in article["body"]


@pytest.mark.parametrize("slug", ["atopic-dermatitis", "barrier-integrity"])
def test_peanut_is_first_said_not_to_be_for_a_baby_who_has_reacted_to_it(slug):
    lines = [line for line in words_of(ARTICLES[slug]).splitlines() if "peanut" in line.lower()]
    benefits = [line for line in lines if "reduces peanut allergy" in line]

    assert benefits
    assert [line for line in benefits if not NOT_AFTER_A_REACTION.match(line)] == []
    assert "to a baby who has reacted to it" in lines[0] or NOT_AFTER_A_REACTION.match(lines[0])


@pytest.mark.parametrize("slug", NOT_ON_THERAPIES)
def test_points_of_a_score_come_with_their_scale(slug):
    points = [
        sentence for sentence in sentences(words_of(NOT_ON_THERAPIES[slug])) if re.search(r"\d points\b", sentence)
    ]

    assert [sentence for sentence in points if "scale from" not in sentence] == []


@pytest.mark.parametrize("slug", TREATMENTS)
def test_treatments_are_explained_where_they_are_named(slug):
    assert TREATMENTS[slug] - set(glossary_slugs(ARTICLES[slug]["body"])) == set()


def test_every_condition_names_its_treatments_here():
    assert set(TREATMENTS) == {slug for slug, article in ARTICLES.items() if article["kind"] == Kind.CONDITION}


def test_that_there_is_no_page_is_said_once():
    text = words_of(ARTICLES["other-skin-conditions"])

    assert len(re.findall(r"page of (?:its|their) own", text)) == 1
