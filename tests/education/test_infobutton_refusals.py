"""The Infobutton responder: refused requests, headers for caches and browsers, hostile input."""

import random
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from django.test import Client

from tests.education.factories import make_published_article, make_statement
from tests.education.health_record import ATOM, ICD, SNOMED, ask, code, coded_eczema
from tests.examples import examples

pytestmark = pytest.mark.django_db


@pytest.fixture
def eczema():
    return coded_eczema()


# Errors and headers


@pytest.mark.parametrize("path", ["/connect/service", "/connect/application"])
@pytest.mark.parametrize(
    ("query", "named"),
    [
        ([], "mainSearchCriteria.v.cs"),
        ([("cs", ICD)], "mainSearchCriteria.v.c"),
        ([("cs", ICD), ("c", " ")], "mainSearchCriteria.v.c"),
        ([("c", "L20")], "mainSearchCriteria.v.cs"),
        ([("cs", ICD), ("c", "L20"), ("c", "L40")], "mainSearchCriteria.v.c"),
        ([("cs", ICD), ("cs", ICD), ("c", "L20")], "mainSearchCriteria.v.cs"),
        ([("cs", ICD), ("c", "L20"), ("dn", "a"), ("dn", "b")], "mainSearchCriteria.v.dn"),
    ],
)
def test_a_missing_or_repeated_parameter_is_named(client, eczema, path, query, named):
    response = client.get(f"{path}?{urlencode([(f'mainSearchCriteria.v.{name}', value) for name, value in query])}")

    assert response.status_code == 400
    assert f"{named} " in response.content.decode()


@pytest.mark.parametrize("path", ["/connect/service", "/connect/application"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_other_methods_are_not_allowed(path, method):
    response = getattr(Client(enforce_csrf_checks=True), method)(path)

    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"
    assert "GET" in response.content.decode()


def test_an_unknown_response_type_is_refused(client, eczema):
    response = ask(client, form="application/pdf")

    assert response.status_code == 415
    assert "application/json" in response.content.decode()


@pytest.mark.parametrize("form", ["", "text/xml", "application/json"])
def test_answers_can_be_cached_and_revalidated(client, eczema, form):
    response = ask(client, form=form)

    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Cache-Control"] == "public, max-age=43200"
    assert "Cookie" not in response.headers.get("Vary", "")
    assert not response.cookies
    query = urlencode({"mainSearchCriteria.v.cs": ICD, "mainSearchCriteria.v.c": "L20", "knowledgeResponseType": form})
    again = client.get(f"/connect/service?{query}", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304
    assert client.head(f"/connect/service?{query}").status_code == 200


def test_other_parameters_make_no_difference(client, eczema):
    plain = ask(client).content
    more = {
        "taskContext.c.c": "PROBLISTREV",
        "informationRecipient": "PAT",
        "patientPerson.administrativeGenderCode.c": "F",
        "age.v.v": "34",
        "age.v.u": "a",
        "ageGroup.v.c": "D000328",
        "performer": "PROV",
        "performer.languageCode.c": "en",
        "subTopic.v.cs": "2.16.840.1.113883.6.177",
        "representedOrganization.id.root": "1.2.3",
        "xsltTransform": "Infobutton_UI_VA",
    }

    assert ask(client, **more).content == plain


# For clinicians


def test_the_application_shows_a_clinician_the_page(client, eczema):
    response = ask(client, path="/connect/application", name="Atopic dermatitis")
    page = response.content.decode()

    assert response.status_code == 200
    assert "Patient information for ICD-10-CM L20" in page and "Atopic dermatitis" in page
    assert 'href="/conditions/atopic-dermatitis/"' in page
    assert "2 March 2026" in page and "Moderate certainty" in page
    assert "noindex" in page


def test_the_application_says_when_there_is_no_page(client, eczema):
    response = ask(client, "Z99.9", path="/connect/application")

    assert response.status_code == 200
    assert "We have no page for this code" in response.content.decode()


# Hostile and heavy


def test_jsonp_is_refused_to_pages_of_our_own_site(client, eczema):
    """Otherwise HTML injected into a page could call a function there, although the policy forbids inline scripts."""
    query = {
        "mainSearchCriteria.v.cs": ICD,
        "mainSearchCriteria.v.c": "L20",
        "knowledgeResponseType": "application/javascript",
        "callback": "document.forms.decide.submit",
    }
    own = client.get("/connect/service", query, headers={"Sec-Fetch-Site": "same-origin"})
    foreign = client.get("/connect/service", query, headers={"Sec-Fetch-Site": "cross-site"})

    assert own.status_code == 403
    assert b"submit" not in own.content
    assert foreign.status_code == 200
    assert "Sec-Fetch-Site" in own.headers["Vary"] and "Sec-Fetch-Site" in foreign.headers["Vary"]


def test_what_a_record_sends_is_escaped(client, eczema):
    hostile = "<script>alert(1)</script>&\x01\u202e"
    page = ask(client, hostile, path="/connect/application", name=hostile).content.decode()
    assert "<script>alert" not in page

    answer = ElementTree.fromstring(ask(client, hostile, name=hostile).content)  # noqa: S314  our own answer
    assert answer.find("a:category", ATOM).get("term") == "<script>alert(1)</script>&\u202e"


def test_an_invisible_character_in_a_title_leaves_the_answer_well_formed(client, eczema):
    eczema.live.title = "Eczema\x02 and your\x0b gut"
    eczema.live.save()

    answer = ElementTree.fromstring(ask(client).content)  # noqa: S314  our own answer

    assert answer.find("a:entry/a:title", ATOM).text == "Eczema and your gut"
    assert answer.find("a:entry/a:link", ATOM).get("title") == "Eczema and your gut"


@pytest.mark.slow
def test_random_parameters_cause_no_error(client, eczema):
    chance = random.Random(20)  # noqa: S311  the same strings each time
    alphabet = "".join(map(chr, range(1, 256))) + "L20.9\ud7ff\ufffe\U0001f600ا"
    for _ in range(examples(500)):
        words = ["".join(chance.choices(alphabet, k=chance.randrange(12))) for _ in range(4)]
        form = chance.choice(["", "text/xml", "application/json", "application/javascript", words[3]])
        response = ask(client, words[0], chance.choice([ICD, SNOMED, words[1]]), name=words[2], form=form)
        assert response.status_code in {200, 400, 415}
        if response.headers["Content-Type"].startswith("text/xml"):
            ElementTree.fromstring(response.content)  # noqa: S314  our own answer


def test_many_pages_take_as_many_queries_as_one(client, eczema, django_assert_num_queries):
    with django_assert_num_queries(4):
        ask(client)
    for number in range(10):
        article = make_published_article(f"eczema-{number}")
        code(article, "L20")
        make_statement(article, slug=f"statement-{number}")
    with django_assert_num_queries(4):
        assert len(ElementTree.fromstring(ask(client).content).findall("a:entry", ATOM)) == 11  # noqa: S314  ours
    with django_assert_num_queries(3):
        ask(client, path="/connect/application")
