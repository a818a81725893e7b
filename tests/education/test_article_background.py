"""What an article explains on request: definitions and reasons, on a page of their own that its script fetches."""

import pytest

from education.actions import withdraw
from education.models import EvidenceStatement, GlossaryTerm
from tests.education.factories import make_published_article, make_statement, make_user

pytestmark = pytest.mark.django_db
PAGE = "/conditions/atopic-dermatitis/"
BACKGROUND = f"{PAGE}more/"


@pytest.fixture
def article():
    GlossaryTerm.objects.update_or_create(
        slug="skin-barrier", defaults={"term": "skin barrier", "definition": "What keeps water in."}
    )
    article = make_published_article()
    make_statement(article, why="Two small trials, which do not agree.")
    return article


def read(client, address):
    return client.get(address).content.decode()


def test_an_article_leaves_definitions_and_reasons_to_its_background(client, article):
    statement = EvidenceStatement.objects.get()

    page, background = read(client, PAGE), read(client, BACKGROUND)

    for words in ("What keeps water in.", "Two small trials, which do not agree."):
        assert (words in page, words in background) == (False, True), words
    assert f'href="{BACKGROUND}#skin-barrier"' in page
    assert f'href="{BACKGROUND}#why-{statement.slug}"' in page
    assert 'id="skin-barrier"' in background
    assert f'id="why-{statement.slug}"' in background


def test_certainty_sentences_and_identifiers_stay_in_the_article(client, article):
    page = read(client, PAGE)

    assert EvidenceStatement.objects.get().sentence in page
    assert "certainty</span>" in page
    assert "doi:10." in page


def test_a_changed_reason_is_read_at_once(client, article):
    read(client, BACKGROUND)

    EvidenceStatement.objects.update(why="A third trial was published.")

    assert "A third trial was published." in read(client, BACKGROUND)


def test_a_definition_is_the_one_that_was_reviewed_with_the_page(client, article):
    GlossaryTerm.objects.update(definition="New words.")

    assert "What keeps water in." in read(client, BACKGROUND)


def test_it_takes_two_queries_and_search_engines_leave_it_out(client, article, django_assert_num_queries):
    with django_assert_num_queries(2):
        page = read(client, BACKGROUND)

    assert '<meta name="robots" content="noindex">' in page


def test_it_goes_with_its_article(client, article):
    withdraw(article, by=make_user("anna"), reason="A source was retracted.")

    assert client.get(BACKGROUND).status_code == 410
    assert client.get("/conditions/nothing/more/").status_code == 404
