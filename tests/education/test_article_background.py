"""What an article shows on request: definitions and the evidence, on a page of their own that its script fetches."""

import pytest

from education.actions import withdraw
from education.models import EvidenceStatement, GlossaryTerm, Leaflet
from tests.education.factories import make_published_article, make_reference, make_statement, make_user

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


def test_an_article_leaves_definitions_and_evidence_to_its_background(client, article):
    statement = EvidenceStatement.objects.get()

    page, background = read(client, PAGE), read(client, BACKGROUND)

    for words in (
        "What keeps water in.",
        "Two small trials, which do not agree.",
        statement.sentence,
        "certainty</span>",
    ):
        assert (words in page, words in background) == (False, True), words
    assert f'href="{BACKGROUND}#skin-barrier"' in page
    assert f'href="{BACKGROUND}#part-evidence"' in page
    assert "1 finding, with numbers and sources" in page
    assert 'id="skin-barrier"' in background
    assert f'id="part-statement-{statement.slug}"' in background
    assert 'href="/references/zhao2025/"' in background


def test_paper_without_the_script_says_where_the_evidence_is(client, article, settings):
    address = f"{settings.SITE_URL}{PAGE[:-1]}.whole.pdf"
    page = read(client, PAGE)
    assert f"The findings are not on this paper. They are at {settings.SITE_URL}{BACKGROUND}" in page
    assert "All of it, to print" not in page

    Leaflet.objects.create(article=article, revision=article.live, format="whole-a4", pdf=b"%PDF-1.7", pages=14)

    assert f"All of it, to print: {address}" in read(client, PAGE)


def test_sources_of_the_text_stay_in_the_article_and_those_of_the_evidence_do_not(client, article):
    EvidenceStatement.objects.get().references.add(make_reference("eguren2024", doi="10.2340/x", title="One product"))

    page, background = read(client, PAGE), read(client, BACKGROUND)

    assert "doi:10." in page
    assert "2 sources" in page
    assert "One product" not in page
    assert 'href="/references/eguren2024/"' in background


def test_a_changed_reason_is_read_at_once(client, article):
    read(client, BACKGROUND)

    EvidenceStatement.objects.update(why="A third trial was published.")

    assert "A third trial was published." in read(client, BACKGROUND)


def test_a_definition_is_the_one_that_was_reviewed_with_the_page(client, article):
    GlossaryTerm.objects.update(definition="New words.")

    assert "What keeps water in." in read(client, BACKGROUND)


def test_it_takes_three_queries_and_search_engines_leave_it_out(client, article, django_assert_num_queries):
    with django_assert_num_queries(3):
        page = read(client, BACKGROUND)

    assert '<meta name="robots" content="noindex">' in page


def test_it_goes_with_its_article(client, article):
    withdraw(article, by=make_user("anna"), reason="A source was retracted.")

    assert client.get(BACKGROUND).status_code == 410
    assert client.get("/conditions/nothing/more/").status_code == 404
