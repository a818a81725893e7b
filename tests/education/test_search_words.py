"""A word that no page has is not a typing error: it is never searched as another word."""

import gzip
import random
from pathlib import Path

import pytest
import yaml
from django.db import connection, transaction
from django.utils.http import urlencode

from education import search
from education.search.spelling import WORD_LISTS, replacements
from tests.content import load_content
from tests.examples import examples

pytestmark = pytest.mark.django_db

TYPED = yaml.load(Path(__file__).with_name("typed_words.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
WHAT_PEOPLE_TYPE = [row["typed"] for row in TYPED]
REAL_WORDS = """
abscess alopecia anaemia arthritis asthma athlete bacteria bandage bedbugs bites blister blood bowels bread bruise
bunion calcium callus candle cannabis carbs carrots cataract cheese chicken chilblains chocolate cholesterol cider
cocoa coffee collagen colitis constipation corns cortisol cough cramps curcumin cystitis dental depression detox
diabetes dizzy eczema eggs eyelids fasting fatigue fever fibroid fish flaky flatulence fleas folate freckles frostbite
fructose fungus garlic ghee ginger glands glucose gluten goat hangover headache heartburn hernia herpes histamine
honey insulin iron itchy jaundice keto kidney lactose lashes laser leprosy lipoma liver magnesium mango measles
melatonin menopause migraine milia moles mosquito nails nettles nickel nuts obesity olive onions orange oregano
pancreas parasites peanut peptides pregnancy quinoa retinol rice rosehip salmon salt scar scurvy selenium sesame
shellfish smoking soap soy steroids stool sugar swimming tattoo tea thyroid tomatoes ulcer vaccine vegan walnut warts
water wrinkles yoghurt
"""


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    """The seed content, loaded once."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_content()
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("row", TYPED, ids=WHAT_PEOPLE_TYPE)
def test_what_people_type_is_searched_as_it_is(client, site, row):
    typed = row["typed"]
    response = client.get(f"/search/?{urlencode({'q': typed})}")
    found, page = response.context["found"], response.content.decode()

    assert (found.is_corrected, found.query, found.did_you_mean) == (False, typed, "")
    assert "These results are for" not in page
    shown = {
        "typed": typed,
        "explains": found.definition and found.definition.term,
        "first": found.results[0].url if found.results else None,
        "has_no_page": found.has_no_page,
        "apart": found.written_apart,
    }
    other_first = row.get("first_on_postgresql")
    expected = {name: value for name, value in row.items() if name != "first_on_postgresql"}
    if other_first and connection.vendor == "postgresql":
        expected["first"] = other_first
    assert {name: value for name, value in shown.items() if value} == expected
    # What the site does not cover is said, and what is near is shown.
    assert ("We have no page about" in page or "No page is about" in page) == found.has_no_page
    assert ("No page on this site has these words." in page) == (not found.total and not found.definition)
    assert ("No page has all these words." in page) == (found.total > 0 and not found.has_every_word)
    assert ("Conditions that we write about" in page) == (found.has_no_page and not found.results)


def test_no_real_word_is_replaced_or_doubted(site):
    words = set(REAL_WORDS.split()) - set(WHAT_PEOPLE_TYPE)
    assert len(words) >= 100
    found = {word: search.find(word) for word in words}

    replaced = {word: each for word, each in found.items() if each.query != word or each.is_corrected}
    assert replaced == {}
    assert {word: each.did_you_mean for word, each in found.items() if each.did_you_mean} == {}


@pytest.mark.parametrize("typed", ["gelatin", "creatine", "oats", "giraffe", "stomach ulcer"])
def test_a_real_word_suggests_no_page_about_another(site, typed):
    assert search.suggest(typed) == []


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("cancer", {"Skin cancer"}),
        ("scabies", {"Scabies"}),
        ("gastritis", {"Gastritis"}),
        ("hives", {"Hives (urticaria) and your gut", "Hives", "Weal"}),
    ],
)
def test_a_real_word_suggests_what_has_its_name(site, typed, titles):
    assert {suggestion.title for suggestion in search.suggest(typed)} == titles


def test_no_english_word_is_replaced(site):
    words = gzip.decompress(WORD_LISTS["en"].read_bytes()).decode().split()
    some = random.Random(54).sample(words, examples(600))  # noqa: S311  the same words each time

    assert {word: certain for word in some if (certain := replacements(word, "en")[0])} == {}
