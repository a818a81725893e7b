"""Red flags in what readers type: a search shows advice above its results, feedback shows it before it is sent."""

import logging
import sys

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.http import urlencode

from education import search
from education.models import Feedback
from gutskin.red_flags import advice_on
from tests.consultations.form_pages import advice_read_on
from tests.education.factories import make_published_article
from tests.education.feedback_forms import answers, explain, open_why
from tests.pages import Page

pytestmark = pytest.mark.django_db
DANGER = "I want to die"
PAGES = ["/search/", "/search/suggestions/"]


@pytest.fixture
def revision():
    return make_published_article().live


def get(client, address="/search/", **values):
    return client.get(f"{address}?{urlencode(values)}")


def shows_advice(response):
    return 'class="care-card care-card--' in response.content.decode()


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize(
    "typed",
    [DANGER, "i WANT to   die", "how to kill myself", "my throat swells and I cannot breathe", "blood in my poo"],
)
def test_a_search_with_danger_in_it_shows_a_care_card(client, address, typed):
    assert shows_advice(get(client, address, q=typed))


# What a reader typed, for whom there was no card.
CRISIS = [
    *["I can't go on", "I want to give up", "feeling hopeless acne", "I am worthless because of my skin"],
    *["quiero morir", "no quiero vivir", "je veux mourir", "suizid", "أريد أن أموت", "my skin is going blue"],
]


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("typed", CRISIS)
def test_a_crisis_that_is_not_named_or_is_in_another_language_shows_a_card(client, address, typed):
    assert 'class="care-card care-card--emergency' in get(client, address, q=typed).content.decode()


@pytest.mark.parametrize("typed", CRISIS)
def test_without_results_the_card_comes_first_and_no_spelling_is_offered(client, typed):
    page = get(client, q=typed).content.decode()

    assert "<strong>0</strong> results" in page
    assert page.index("care-card--emergency") < page.index("<strong>0</strong> results")
    assert page.index("care-card--emergency") < page.index('id="other-ways"')
    assert "We have no page about" not in page
    assert "Did you mean" not in page


def test_a_better_spelling_that_is_a_sign_shows_the_card(client, monkeypatch):
    better = search.results.SearchResults(did_you_mean="suicide")
    monkeypatch.setattr(sys.modules["education.views.search"], "find", lambda *_args, **_options: better)

    page = get(client, q="sooicide").content.decode()

    assert "care-card--emergency" in page
    assert "Did you mean" not in page


@pytest.mark.parametrize("typed", ["quiero morir", "I can't go on"])
def test_feedback_in_such_words_shows_the_card_before_it_is_sent(client, revision, typed):
    response = explain(client, revision, open_why(client, revision), words=typed)

    assert shows_advice(response)
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("typed", ["", "eczema", "does dairy cause acne", "blood test for coeliac", "give up dairy"])
def test_other_searches_show_none(client, address, typed):
    assert not shows_advice(get(client, address, q=typed))


def test_the_card_is_above_the_results_and_the_results_stay(client):
    article = make_published_article()
    search.index_article(article)

    page = get(client, q="eczema I want to die").content.decode()

    assert page.index("care-card--emergency") < page.index('<ol class="entries">')
    assert article.get_absolute_url() in page
    assert '<a dir="ltr" href="tel:116123">116 123</a>' in page
    assert page.index("tel:116123") < page.index('<ol class="entries">')
    # No one is invited to follow these words.
    assert "/search/feed/" not in page


@pytest.mark.parametrize("typed", [DANGER, "quiero morir", "I can't go on"])
def test_a_search_costs_no_query_more_is_cacheable_and_stores_nothing(client, caplog, monkeypatch, typed):
    caplog.set_level(logging.DEBUG)
    with CaptureQueriesContext(connection) as with_advice:
        response = get(client, q=typed)
    monkeypatch.setattr("gutskin.red_flags._finders", [])
    with CaptureQueriesContext(connection) as without:
        assert not shows_advice(get(client, q=typed))

    assert shows_advice(response)
    assert len(with_advice) == len(without)
    assert not [query for query in with_advice if not query["sql"].lstrip().startswith(("SELECT", "WITH"))]
    directives = set(response.headers["Cache-Control"].replace(" ", "").split(","))
    assert directives == {"public", "no-cache"}
    assert not response.cookies
    logged = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    assert [message for message in logged if typed.split()[-1] in message] == []


@pytest.mark.parametrize(
    "typed", ["x" * 5000, "want to " * 2000, "I want to die " * 500, "cant go on " * 500, "\u202e\u200b", "die\ud800"]
)
def test_no_text_makes_the_look_slow_or_fail(typed):
    advice_on(typed)


def test_feedback_with_danger_in_it_shows_advice_first_and_keeps_what_was_typed(client, revision):
    form = open_why(client, revision)

    response = explain(client, revision, form, reason="something-else", words=f"Useless. {DANGER}.")

    page = Page(response.content.decode())
    assert response.status_code == 200
    assert shows_advice(response)
    assert page.one("section", **{"aria-labelledby": "advice-title"})["tabindex"] == "-1"
    assert f"Useless. {DANGER}." in page.text
    assert "checked" in page.one("input", value="something-else")
    assert page.one("input", name="nonce")["value"] == form["nonce"]
    assert "error-summary" not in response.content.decode()
    assert response.headers["Cache-Control"] == "no-store, private"
    assert not Feedback.objects.exists()


def test_after_the_advice_the_same_feedback_is_stored(client, revision):
    form = open_why(client, revision)
    advice = explain(client, revision, form, words=DANGER)

    response = explain(client, revision, form, words=DANGER, advice_read=advice_read_on(advice))

    assert response.status_code == 303
    assert answers() == [(False, "", DANGER)]


def test_feedback_over_the_limit_leads_with_the_advice(client, revision, monkeypatch):
    monkeypatch.setattr("gutskin.limits.FEEDBACK_PER_HOUR", 0)
    form = open_why(client, revision)
    advice = explain(client, revision, form, words=DANGER)

    response = explain(client, revision, form, words=DANGER, advice_read=advice_read_on(advice))

    html = response.content.decode()
    assert response.status_code == 429
    assert DANGER in html
    assert html.index("care-card--emergency") < html.index("We cannot take another answer")
    assert html.count(" autofocus") == 1


@pytest.mark.parametrize("forged", ["", "yes", "é" * 64, "\0", "x" * 9000])
def test_a_forged_acknowledgement_shows_the_advice(client, revision, forged):
    response = explain(client, revision, open_why(client, revision), words=DANGER, advice_read=forged)

    assert shows_advice(response)
    assert not Feedback.objects.exists()


def test_other_feedback_is_stored_at_once(client, revision):
    assert explain(client, revision, open_why(client, revision), words="Too long.").status_code == 303
