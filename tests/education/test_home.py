import pytest

from tests.education.factories import make_published_article, make_statement

pytestmark = pytest.mark.django_db


def test_examples_of_certainty_come_from_different_conditions(client):
    acne = make_published_article("acne", title="Acne and your gut")
    eczema = make_published_article()
    for number, (condition, certainty) in enumerate(
        [(acne, "moderate"), (acne, "low"), (eczema, "low"), (acne, "very-low")]
    ):
        make_statement(condition, slug=f"statement-{number}", certainty=certainty)

    shown = client.get("/").context["statements"]

    assert [(statement.condition, statement.certainty) for statement in shown] == [(acne, "moderate"), (eczema, "low")]


def test_conditions_are_listed_by_their_names(client):
    make_published_article("urticaria", title="Hives (urticaria) and your gut")
    make_published_article("coeliac", title="Coeliac disease and your skin")
    make_published_article("acne", title="Acne and your gut")

    shown = client.get("/").context["conditions"]

    assert [article.short_title for article in shown] == ["Acne", "Coeliac disease", "Hives"]


def test_an_empty_site_has_a_home_page(client):
    assert client.get("/").status_code == 200
