"""The words of the glossary: that readers find each of them, and what is said of conditions without a page."""

import re
from collections import defaultdict

import pytest
from django.db import transaction

from education import search
from education.models import GlossaryTerm
from education.readability import reading_grade, sentences
from education.search.stemming import terms
from education.seed.checking import READING_GRADE
from education.seed.files import CONTENT_DIR, read_content, read_yaml
from tests.content import load_content

pytestmark = pytest.mark.django_db

TERMS = read_yaml(CONTENT_DIR / "en" / "glossary.yaml")
NO_PAGE = re.compile(r"We do not have a page about it yet(?:; see “(.+)”)?\.$")
WITHOUT_A_PAGE = {term["slug"]: term for term in TERMS if NO_PAGE.search(term["definition"])}


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    """The seed content, loaded once."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_content()
        yield
        transaction.set_rollback(True)


def test_each_word_is_explained_by_each_of_its_names(site):
    names = [(term["slug"], name) for term in TERMS for name in (term["term"], *term["also"])]
    owners = defaultdict(set)
    for slug, name in names:
        owners[tuple(terms(name, "en"))].add(slug)
    assert [slugs for slugs in owners.values() if len(slugs) > 1] == []
    explained = {name: search.find(name).definition for _slug, name in names}
    wrong = {name: str(explained[name]) for slug, name in names if getattr(explained[name], "slug", "") != slug}
    assert wrong == {}


def test_the_glossary_is_easy_to_read():
    assert reading_grade("\n".join(term["definition"] for term in TERMS)) <= READING_GRADE
    assert [term["slug"] for term in TERMS if len(sentences(term["definition"])) > 4] == []


def test_words_are_sorted_and_short_enough_for_their_fields():
    assert [term["slug"] for term in TERMS] == sorted(term["slug"] for term in TERMS)
    longest = GlossaryTerm._meta.get_field("term").max_length
    assert [term["slug"] for term in TERMS if len(term["term"]) > longest] == []


def test_what_has_no_page_leads_at_most_to_one_that_speaks_of_it():
    titles = {article["slug"]: article["title"] for article in read_content().articles}
    named = {slug: NO_PAGE.search(term["definition"])[1] for slug, term in WITHOUT_A_PAGE.items()}

    assert named == {slug: titles.get(term["article"]) for slug, term in WITHOUT_A_PAGE.items()}
    bodies = {article["slug"]: article["body"].lower() for article in read_content().articles}
    for term in WITHOUT_A_PAGE.values():
        if term["article"]:
            assert any(name.lower() in bodies[term["article"]] for name in (term["term"], *term["also"])), term["slug"]
    assert named.keys() & titles.keys() == set()


@pytest.mark.parametrize(
    "slug",
    ["melanoma", "skin-cancer", "cellulitis", "shingles", "impetigo", "scabies", "lupus", "boil", "bullous-pemphigoid"],
)
def test_what_may_be_dangerous_says_to_see_a_doctor(slug):
    definition = WITHOUT_A_PAGE[slug]["definition"].lower()
    assert re.search(
        r"(see|show it to|to) (a pharmacist or )?a doctor (or pharmacist )?(soon|the same day)", definition
    )


def test_what_people_look_for_is_there():
    wanted = {
        "vitiligo", "alopecia-areata", "seborrhoeic-dermatitis", "perioral-dermatitis", "candida", "keratosis-pilaris",
        "helicobacter-pylori", "scabies", "ringworm", "impetigo", "shingles", "wart", "melanoma", "lupus",
        "contact-dermatitis", "lichen-planus", "dandruff", "chilblains",
    }  # fmt: skip
    assert wanted - WITHOUT_A_PAGE.keys() == set()
