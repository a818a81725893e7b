import pytest
from django.db import connection

from education.actions import approve, submit_for_review, withdraw
from education.models import Clinician, EvidenceStatement, Reference
from tests.education.factories import (
    make_article,
    make_published_article,
    make_reference,
    make_statement,
    make_user,
)

pytestmark = pytest.mark.django_db
URL = "/conditions/atopic-dermatitis/"


def test_an_unpublished_article_has_no_page(client):
    make_article()

    assert client.get(URL).status_code == 404


def test_a_withdrawn_page_says_so_and_links_to_other_pages(client):
    article = make_published_article()
    withdraw(article, by=make_user("anna"), reason="A source was retracted.")

    response = client.get(URL)

    assert response.status_code == 410
    assert "This page has been taken down" in response.content.decode()
    assert "A source was retracted." not in response.content.decode()


def test_an_article_is_found_under_its_own_kind_only(client):
    make_published_article()

    assert client.get("/therapies/atopic-dermatitis/").status_code == 404


def test_references_of_the_evidence_follow_those_of_the_text(client):
    article = make_published_article()
    trial = make_reference("eguren2024", doi="10.2340/actadv.v104.33206")
    make_statement(article, references=[Reference.objects.get(key="petersen2019"), trial])

    context = client.get(URL).context

    assert [(c["number"], c["reference"].key) for c in context["citations"]] == [
        (1, "zhao2025"),
        (2, "petersen2019"),
        (3, "eguren2024"),
    ]
    (group,) = context["statement_groups"]
    assert group["label"] == "Probiotics"
    assert group["entries"][0]["numbers"] == [2, 3]


def test_a_reference_links_back_to_each_place_that_cites_it(client):
    make_published_article()

    context = client.get(URL).context

    assert context["citations"][0]["backlinks"] == ("cite-1-1", "cite-1-2")
    assert context["citations"][1]["backlinks"] == ("cite-2-1",)


def test_drafts_and_superseded_statements_are_not_shown(client):
    article = make_published_article()
    make_statement(article, state="draft")
    make_statement(article, slug="another", state="superseded")

    assert client.get(URL).context["statement_groups"] == []


def test_a_statement_is_also_on_the_page_of_its_therapy(client):
    condition = make_published_article()
    therapy = make_published_article("probiotics-and-prebiotics", kind="therapy", title="Probiotics")
    make_statement(condition, therapy=therapy)

    (group,) = client.get("/therapies/probiotics-and-prebiotics/").context["statement_groups"]

    assert group["label"] == "Eczema"
    assert group["entries"][0]["other"] == condition


def test_a_withdrawn_related_page_is_not_linked(client):
    neighbour = make_published_article("acne", title="Acne and your gut")
    article = make_article()
    article.related.add(neighbour)
    approve(submit_for_review(article), by=Clinician.objects.get().user)
    assert client.get(URL).context["related"] == [neighbour]

    withdraw(neighbour, by=make_user("anna"), reason="Being checked.")

    assert client.get(URL).context["related"] == []


def test_what_to_read_next_follows_the_evidence_after_what_the_authors_chose(client):
    chosen = make_published_article("rosacea", title="Rosacea")
    condition = make_article()
    condition.related.add(chosen)
    condition = approve(submit_for_review(condition), by=Clinician.objects.get().user).article
    diets, probiotics = (make_published_article(slug, kind="therapy", title=slug) for slug in ("diets", "probiotics"))
    for number, therapy in enumerate([diets, probiotics, probiotics, None]):
        make_statement(condition, slug=f"statement-{number}", therapy=therapy)

    assert client.get(URL).context["related"] == [chosen, probiotics, diets]
    assert client.get("/therapies/diets/").context["related"] == [condition]


def test_what_the_evidence_is_about_fills_up_to_four_pages(client):
    therapy = make_published_article("diets", kind="therapy", title="Diets")
    for number in range(7):
        page = make_published_article(f"condition-{number}", title=f"Condition {number}")
        make_statement(page, slug=f"statement-{number}", therapy=therapy)

    assert len(client.get("/therapies/diets/").context["related"]) == 4


@pytest.mark.parametrize(("words", "minutes"), [(0, 1), (200, 1), (201, 2), (1000, 5)])
def test_how_long_a_page_takes_to_read(client, words, minutes):
    article = make_published_article()
    type(article.live).objects.filter(pk=article.live_id).update(word_count=words)

    assert f"About {minutes} minute" in client.get(URL).content.decode()


def test_a_retracted_source_is_marked_in_text_and_references(client):
    make_published_article()
    Reference.objects.filter(key="zhao2025").update(status="retracted", status_reason="The data were made up.")

    assert "Retracted" in client.get(URL).content.decode()


@pytest.mark.parametrize("statements", [0, 5, 30])
def test_number_of_queries(client, django_assert_max_num_queries, statements):
    article = make_published_article()
    for number in range(statements):
        make_statement(article, slug=f"statement-{number}")

    with django_assert_max_num_queries(4):
        assert client.get(URL).status_code == 200


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by how many rows there are.")
def test_statements_of_a_page_are_found_by_condition_and_by_therapy():
    plan = EvidenceStatement.objects.published().for_article(make_published_article()).explain()

    assert "(condition_id=?)" in plan
    assert "(therapy_id=?)" in plan
