"""What a request is about: a list of conditions and, on a site with more of them than fit in it, a search."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consultations.forms.topics import TOPICS_OFFERED
from consultations.models import Inquiry
from education.models import SearchDocument
from tests.consultations.factories import posted
from tests.education.factories import make_published_article, make_statement, make_synonyms
from tests.education.grown_site import MANY, copies_of
from tests.pages import Page
from tests.silent_database import silent_database

pytestmark = pytest.mark.django_db
URL = "/consult/"
FIND = {"find_topic": "yes"}


@pytest.fixture
def acne():
    return make_published_article("acne", title="Acne and your gut")


@pytest.fixture
def many(acne):
    """More conditions than the list has. One of them is known to the search, and nothing is known about it."""
    copies = copies_of(acne, MANY)
    make_statement(acne)
    for number, copy in enumerate(copies[70:]):
        make_statement(copy, slug=f"statement-{number}")
    hives = make_published_article("hives", title="Hives and your gut")
    make_synonyms("hives", "urticaria")
    return hives


def offered(page):
    return [option["value"] for option in page.all("option")]


def chosen(page):
    return [option["value"] for option in page.all("option") if "selected" in option]


def get(client, **query):
    return Page(client.get(URL, query).content.decode())


def post(client, **answers):
    response = client.post(URL, posted(**answers))
    return response, Page(response.content.decode()) if response.status_code == 200 else None


def test_a_usual_number_of_conditions_is_listed_and_not_searched(client, acne):
    copies_of(acne, 59)

    page = get(client)

    assert len(offered(page)) == 61
    assert not page.all("input", name="topic_words")
    assert not page.all("button", name="find_topic")


def test_of_many_conditions_those_with_most_evidence_are_listed(client, many):
    page = get(client)

    assert len(offered(page)) == 61
    assert {"", "acne", "acne-70", "acne-128"} <= set(offered(page))
    assert not {"acne-0", "acne-69", "hives"} & set(offered(page))
    assert page.one("button", name="find_topic")


def test_the_form_weighs_and_asks_no_more_with_many_conditions(client, acne):
    def visit():
        with CaptureQueriesContext(connection) as queries:
            response = client.get(URL)
        return len(response.content), len(queries)

    # How soon requests were answered is counted once a minute.
    client.get(URL)
    few, queries_for_few = visit()
    copies_of(acne, 400)
    many, queries_for_many = visit()

    assert queries_for_many == queries_for_few == 1
    assert many < 2 * few


@pytest.mark.parametrize("slug", ["acne-3", "hives", "probiotics"])
def test_the_article_that_a_patient_comes_from_is_chosen(client, many, slug):
    make_published_article("probiotics", kind="therapy", title="Probiotics")

    assert chosen(get(client, topic=slug)) == [slug]

    post(client, topic=slug)
    assert Inquiry.objects.get().condition.slug == slug


def test_a_condition_is_found_by_another_name_and_nothing_typed_is_lost(client, many):
    response, page = post(client, topic_words="urticaria", consent=None, name="Amina Okafor", **FIND)

    assert response.status_code == 200
    assert offered(page)[:2] == ["", "hives"]
    assert page.one("optgroup", label="Found for “urticaria”")
    assert page.one("input", name="name")["value"] == "Amina Okafor"
    assert page.one("input", name="topic_words")["value"] == "urticaria"
    assert "at the top of the list" in page.text
    # Nothing is sent, and what is still missing is no error yet.
    assert not Inquiry.objects.exists()
    assert "Tick the box" not in page.text

    post(client, topic="hives", topic_words="urticaria", topic_asked="urticaria")
    assert Inquiry.objects.get().condition == many


@pytest.mark.parametrize(
    ("words", "sentence"),
    [("", "Write the name of the condition first"), ("quincunx", "We found no condition for “quincunx”.")],
)
def test_finding_nothing_is_said_in_a_sentence(client, many, words, sentence):
    _, page = post(client, topic_words=words, **FIND)

    assert sentence in page.text
    assert page.all("a", href="#id_topic_words")


@pytest.mark.parametrize(("words", "sentence"), [("urticaria", "at the top of the list"), ("quincunx", "no condition")])
def test_words_that_were_not_searched_for_are_asked_about_once(client, many, words, sentence):
    response, page = post(client, topic_words=words)
    assert "Your request has not been sent yet." in response.content.decode()

    assert sentence in page.text
    assert not Inquiry.objects.exists()

    post(client, topic_words=words, topic_asked=page.one("input", name="topic_asked")["value"])
    assert Inquiry.objects.get().condition is None


def test_a_topic_that_was_chosen_needs_no_search(client, many):
    post(client, topic="acne", topic_words="acne")

    assert Inquiry.objects.get().condition.slug == "acne"


def test_a_chosen_condition_takes_no_query_of_its_own(client, many):
    for query in ({}, {"topic": "acne"}, {"topic": "hives"}):
        with CaptureQueriesContext(connection) as queries:
            page = get(client, **query)
        assert sum("education_article" in each["sql"] for each in queries) == 1, query
    assert chosen(page) == ["hives"]
    assert len(offered(page)) == TOPICS_OFFERED + 1


@pytest.mark.parametrize("how", [{}, FIND, {"topic": "acne"}])
@pytest.mark.parametrize("words", ["I want to kill myself", "I can't go on", "quiero morir"])
def test_words_of_danger_in_the_search_show_the_advice(client, many, how, words):
    _, page = post(client, topic_words=words, **how)
    assert not page.all("optgroup")

    assert page.all("section", **{"class": "care-card care-card--emergency"}) or "crisis" in page.text.lower()
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize("words", ["\0", "a\0b", "\ud800".encode("utf-8", "surrogatepass"), "%", "'", "💊", "x" * 3000])
def test_any_words_can_be_searched_for(client, many, words):
    assert client.post(URL, posted(topic_words=words, **FIND)).status_code == 200


def test_the_words_are_kept_while_the_database_is_silent(client, many):
    client.raise_request_exception = False
    with silent_database():
        response = client.post(URL, posted(topic="acne", topic_words="urticaria"))

    page = Page(response.content.decode())
    assert response.status_code == 503
    assert page.one("input", name="topic_words")["value"] == "urticaria"
    assert "We found no condition" not in page.text


def test_what_was_found_goes_with_the_advice_page(client, many):
    response, page = post(
        client, topic="hives", topic_words="urticaria", topic_asked="urticaria", question="I want to kill myself"
    )

    assert response.status_code == 200
    assert page.one("input", name="topic")["value"] == "hives"
    assert page.one("input", name="topic_asked")["value"] == "urticaria"


def test_find_sends_nothing_even_if_there_is_no_search_any_more(client, acne):
    response, _ = post(client, topic_words="hives", **FIND)

    assert response.status_code == 200
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize("words", ["Hives and your gut", "hives", "HIVES gut", "hive", '"hives'])
def test_a_title_is_found_while_the_index_of_the_search_is_empty(client, many, words):
    SearchDocument.objects.all().delete()

    page = post(client, topic_words=words, **FIND)[1]

    assert "What we found for" in page.text
    assert "hives" in offered(page)
    assert "We found no condition" in post(client, topic_words='"', **FIND)[1].text
