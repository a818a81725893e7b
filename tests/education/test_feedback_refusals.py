"""Why an answer to “Was this page helpful?” is refused, and that nothing typed is lost."""

import datetime
from unittest import mock

import pytest
import time_machine
from django.db import OperationalError
from django.test import Client

from education.models import Feedback, Revision
from tests.education.factories import make_published_article
from tests.education.feedback_forms import WORDS, answers, explain, give, open_why
from tests.pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def revision():
    return make_published_article().live


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "http://["},
    ],
)
def test_a_post_from_another_website_is_refused(client, revision, headers):
    response = give(client, revision, "no", **headers)

    assert response.status_code == 403
    assert "came from another website" in response.content.decode()
    response = client.post(f"/feedback/{revision.pk}/why/", {"words": WORDS}, headers=headers)
    assert response.status_code == 403
    # Otherwise, pressing our button would send what another site wrote.
    assert WORDS not in response.content.decode()
    assert not Feedback.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://testserver"},
        {},
    ],
)
def test_a_post_from_our_own_page_is_accepted(revision, headers):
    assert give(Client(enforce_csrf_checks=True), revision, "yes", **headers).status_code == 303


def test_a_bot_that_fills_in_the_honeypot_is_not_counted(client, revision):
    response = client.post(f"/feedback/{revision.pk}/", {"helpful": "yes", "homepage": "https://spam.example"})
    assert "A hidden field was filled in" in response.content.decode()

    form = open_why(client, revision)
    response = explain(client, revision, form, words=WORDS, homepage="https://spam.example")
    html = response.content.decode()
    assert "A hidden field was filled in" in html
    assert WORDS in html
    assert "spam.example" not in html
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("posted", [{}, {"helpful": ""}, {"helpful": "maybe"}, {"helpful": "<script>"}])
def test_neither_yes_nor_no_shows_the_question_again(client, revision, posted):
    response = client.post(f"/feedback/{revision.pk}/", posted)

    assert response.status_code == 400
    assert "We could not tell whether you meant" in response.content.decode()
    assert Page(response.content.decode()).all("button", value="yes")
    assert not Feedback.objects.exists()


def test_a_reason_or_a_few_words_are_needed(client, revision):
    response = explain(client, revision, open_why(client, revision), words="   ")

    assert response.status_code == 400
    assert "Choose a reason or write a few words." in response.content.decode()
    assert not Feedback.objects.exists()


def test_a_comment_that_is_too_long_is_kept_to_be_shortened(client, revision):
    words = "w" * 501

    response = explain(client, revision, open_why(client, revision), words=words)

    html = response.content.decode()
    assert response.status_code == 400
    assert "it has 501 characters, and there is room for 500" in html
    assert words in html
    page = Page(html)
    assert page.all("a", href="#id_words")
    assert page.title.startswith("Error:")


def test_a_comment_with_bytes_that_are_not_utf8_is_shown_again_without_them(client, revision):
    response = explain(client, revision, open_why(client, revision), words=WORDS + "\ufffd")

    html = response.content.decode()
    assert response.status_code == 400
    assert "could not be read" in html
    assert WORDS in html
    assert "\ufffd" not in html
    assert not Feedback.objects.exists()


def test_a_line_break_counts_as_one_character_as_in_the_browser(client, revision):
    words = "\r\n".join(["w" * 99] * 5)

    explain(client, revision, open_why(client, revision), words=words)

    assert Feedback.objects.get().words == words.replace("\r\n", "\n")


@pytest.mark.parametrize("reason", ["nonsense", "'; DROP TABLE", "x" * 5000])
def test_an_unknown_reason_is_refused_with_a_message(client, revision, reason):
    response = explain(client, revision, open_why(client, revision), reason=reason, words=WORDS)

    assert response.status_code == 400
    assert "Please choose one of these reasons." in response.content.decode()
    assert WORDS in response.content.decode()


@pytest.mark.parametrize(
    "words", ["nul \0 byte", "<script>alert(1)</script>", "half \ud83d", "‮ turned", "{{ 7|add:7 }}"]
)
def test_hostile_text_is_escaped(client, revision, words):
    body = ("nonce=&reason=&words=" + words).encode("utf-8", "surrogatepass")
    response = client.post(f"/feedback/{revision.pk}/why/", body, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 303
    stored = Feedback.objects.get().words
    assert "\0" not in stored
    assert stored.encode()


@pytest.mark.parametrize("nonce", ["", "x", "y" * 5000, "a b", "ü" * 20])
def test_a_form_without_a_nonce_counts_too(client, revision, nonce):
    assert client.post(f"/feedback/{revision.pk}/why/", {"nonce": nonce, "words": WORDS}).status_code == 303
    assert answers() == [(False, "", WORDS)]


def test_above_twenty_answers_an_hour_the_comment_is_kept_in_the_form(client, revision):
    with time_machine.travel(datetime.datetime(2026, 11, 22, 12, 1, tzinfo=datetime.UTC), tick=False) as traveller:
        for number in range(20):
            assert explain(client, revision, open_why(client, revision), words=f"Answer {number}").status_code == 303

        refused = give(client, revision, "yes")
        form = open_why(client, revision)
        kept = explain(client, revision, form, words=WORDS)
        assert refused.status_code == kept.status_code == 429
        assert kept.headers["Retry-After"] == str(59 * 60 + 1)
        assert WORDS in kept.content.decode()
        assert form["nonce"] in kept.content.decode()
        assert "press the button again after 13:00" in kept.content.decode()
        assert Feedback.objects.count() == 20

        traveller.shift(60 * 60)
        assert explain(client, revision, form, words=WORDS).status_code == 303
    assert Feedback.objects.count() == 21


def test_other_addresses_are_not_limited(client, revision):
    for number in range(21):
        explain(client, revision, open_why(client, revision), words=f"Answer {number}")

    assert give(Client(REMOTE_ADDR="192.0.2.9"), revision, "yes").status_code == 303


def test_without_a_database_the_comment_is_kept_in_the_form(revision):
    client = Client(raise_request_exception=False)
    form = open_why(client, revision)

    with mock.patch.object(Revision.objects, "filter", side_effect=OperationalError("down")):
        asked = give(client, revision, "yes")
        told = explain(client, revision, form, reason="hard-to-understand", words=WORDS)

    assert asked.status_code == told.status_code == 503
    assert Page(asked.content.decode()).all("button", value="no")
    page = Page(told.content.decode())
    assert WORDS in page.text
    assert page.one("input", name="reason", value="hard-to-understand").keys() >= {"checked"}
    assert page.one("input", name="nonce")["value"] == form["nonce"]
