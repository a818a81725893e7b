"""A word that no page has is not a typing error: it is never searched as another word."""

import gzip
import random

import pytest
from django.db import transaction
from django.utils.http import urlencode

from education import search
from education.search.spelling import WORD_LISTS, replacements
from tests.content import load_content
from tests.examples import examples

pytestmark = pytest.mark.django_db

WHAT_PEOPLE_TYPE = """
hives, scabies, lupus, ringworm, vitiligo, cyst, burns, gout, lice, cancer, cold sores, sunburn, stomas, reflux,
gastritis, wheat, zinc, steroid cream, biologics, accutane, doxycycline, covid, pregnant, breastfeeding, babies, dog,
mould, yeast, mast cells, kombucha, vinegar, turmeric, gelatin, hair loss, dandruff, hidradenitis, pustulosis,
keratosis pilaris, impetigo, anti-biotics, micro-biome, flareup, flare up, skincare, guthealth, sugar-free,
gluten free, dairyfree, cows milk, whey protein, vitD, omega3, PCOS, oats, creatine, thrush
""".replace("\n", " ").split(",")
WHAT_PEOPLE_TYPE = [typed.strip() for typed in WHAT_PEOPLE_TYPE]


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    """The seed content, loaded once."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_content()
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("typed", WHAT_PEOPLE_TYPE)
def test_what_people_type_is_searched_as_it_is(client, site, typed):
    response = client.get(f"/search/?{urlencode({'q': typed})}")
    found, page = response.context["found"], response.content.decode()

    assert (found.is_corrected, found.query) == (False, typed)
    assert "These results are for" not in page
    # What the site does not cover is said.
    assert ("No page on this site has these words." in page) == (not found.total and not found.definition)
    assert ("No page has all these words." in page) == (found.total > 0 and not found.has_every_word)


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
