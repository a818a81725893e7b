"""When another spelling is searched, when it is only offered, and when there is none."""

import pytest

from education import search
from education.models import SearchWord
from education.search.spelling import WordList, is_real, replacements
from tests.education.factories import make_published_article
from tests.education.test_search_words import WHAT_PEOPLE_TYPE

pytestmark = pytest.mark.django_db

# Words of everyday texts, each close to one that people type.
CLOSE = """
gives babies lumps cost cast turns out gut mice like chance old stomach arthritis heat what mild could east least
pregnancy acute avoid beads doc mast vine reaction create eating hairy rosette fats cats coats pros scan through thrust
biotic flare vital omega dairy whey rash burn cancel dancer haves lives hive
"""


@pytest.mark.parametrize("typed", WHAT_PEOPLE_TYPE)
def test_no_text_changes_what_people_type(typed):
    """Whatever words the pages will have."""
    make_published_article("close", body=f"<p>{CLOSE}</p>")

    found = search.find(typed)

    assert (found.is_corrected, found.query) == (False, typed)
    assert not (found.did_you_mean and is_real(typed, "en"))


@pytest.mark.parametrize(
    ("typed", "meant"), [("cane", "acne"), ("exczemma", "eczema"), ("psoreeasis", "psoriasis"), ("akne", "acne")]
)
def test_a_spelling_that_is_not_certain_is_offered(client, typed, meant):
    make_published_article("words", title="Eczema, acne, psoriasis")

    page = client.get(f"/search/?q={typed}")

    assert (page.context["found"].query, page.context["found"].did_you_mean) == (typed, meant)
    assert not page.context["found"].results
    assert f'Did you mean <a href="?q={meant}">' in page.content.decode()
    assert search.suggest(typed) == []


@pytest.mark.parametrize(
    ("typed", "certain"),
    [
        ("exzema", "eczema"),  # another letter
        ("eczma", "eczema"),  # a missing one
        ("ecczema", "eczema"),  # one more
        ("ezcema", "eczema"),  # two swapped
        ("sporiasis", "psoriasis"),  # at the beginning too
        ("eczemas", None),  # another form
        ("eczema2", None),  # a name
        ("oczema", None),  # another first letter
        ("ezxcma", None),  # two slips
        ("ance", "acne"),
        ("acnr", None),  # too short for another letter
        ("exzéma", "eczema"),
    ],
)
def test_one_slip_in_a_word_that_is_not_real_is_certain(typed, certain):
    names = ("eczema", "psoriasis", "acne")
    SearchWord.objects.bulk_create(SearchWord(language="en", word=word, is_name=True) for word in names)

    found, _possible = replacements(typed, "en")

    assert list(found.values()) == ([certain] if certain else [])


def test_only_words_that_are_not_real_are_replaced_in_a_question():
    make_published_article("words", body="<p>Eczema gives no chance of cancer.</p>")

    assert search.find("exzema cancer").query == "eczema cancer"
    assert search.find("exzema hives").query == "exzema hives"


def test_without_a_list_of_real_words_a_spelling_is_only_offered():
    make_published_article("dermatitis", language="es", title="La dermatitis")

    found = search.find("dermattitis", language="es")

    assert (found.is_corrected, found.query, found.did_you_mean) == (False, "dermattitis", "dermatitis")


@pytest.mark.parametrize("word", ["cancer", "hives", "thrush", "colour", "color", "vitiligo", "keratosis"])
def test_real_words(word):
    assert is_real(word, "en")
    assert not is_real(word, "es")


@pytest.mark.parametrize("word", ["exzema", "", "\n", "ance", "cancer\nhives", "ancer"])
def test_words_that_are_not_real(word):
    assert not is_real(word, "en")


@pytest.mark.parametrize("block", [1, 9, 1000])
def test_a_word_list_finds_its_words_wherever_a_block_ends(monkeypatch, block):
    monkeypatch.setattr(WordList, "BLOCK", block)
    words = ["acne", "acnes", "bowel", "bowels", "colon", "gut", "skin"]
    found = WordList("\n".join([*words, ""]).encode())

    assert [word for word in words if word not in found] == []
    assert [word for word in ("", "a", "acn", "owel", "cola", "skins", "zinc") if word in found] == []
