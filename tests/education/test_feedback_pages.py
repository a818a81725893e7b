"""“Was this page helpful?”, as a reader answers it: no cookie, no account, no JavaScript, nothing counted twice."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from education.actions import approve, submit_for_review, withdraw
from education.models import Article, Clinician, Feedback, FeedbackLimit
from tests.education.factories import make_article, make_published_article, make_user
from tests.education.feedback_forms import WORDS, answers, explain, give, open_why
from tests.pages import Page

pytestmark = pytest.mark.django_db
ARTICLE = "/conditions/atopic-dermatitis/"


@pytest.fixture
def revision():
    return make_published_article().live


# Yes and no -----------------------------------------------------------


def test_the_question_is_below_the_article_and_needs_no_javascript(client, revision):
    page = Page(client.get(ARTICLE).content.decode())

    form = page.one("form", action=f"/feedback/{revision.pk}/")
    assert form["method"] == "post"
    assert [button["value"] for button in page.all("button", name="helpful")] == ["yes", "no"]
    assert "csrfmiddlewaretoken" not in client.get(ARTICLE).content.decode()


def test_yes_takes_one_click(client, revision):
    response = give(client, revision, "yes")

    assert (response.status_code, response.headers["Location"]) == (303, f"/feedback/{revision.pk}/thanks/")
    assert answers() == [(True, "", "")]
    assert not response.cookies
    page = client.get(response.headers["Location"])
    assert "Thank you for your answer" in page.content.decode()
    assert ARTICLE in page.content.decode()


def test_no_is_counted_at_once_and_asks_why(client, revision):
    response = give(client, revision, "no")

    assert (response.status_code, response.headers["Location"]) == (303, f"/feedback/{revision.pk}/why/")
    assert answers() == [(False, "", "")]
    page = client.get(response.headers["Location"])
    text = " ".join(Page(page.content.decode()).text.split())
    assert "Please write no names and nothing about your health here." in text
    assert "we cannot answer you" in text
    assert Page(page.content.decode()).all("a", href="/consult/")
    assert page.headers["Cache-Control"] == "no-store, private"
    assert not page.cookies


def test_the_reason_is_added_to_the_no_already_counted(client, revision):
    give(client, revision, "no")

    response = explain(client, revision, open_why(client, revision), reason="something-is-missing", words=WORDS)

    assert (response.status_code, response.headers["Location"]) == (303, f"/feedback/{revision.pk}/thanks/")
    assert answers() == [(False, "something-is-missing", WORDS)]


@pytest.mark.parametrize("helpful", ["yes", "no"])
def test_a_double_click_counts_once(client, revision, helpful):
    first = give(client, revision, helpful)
    second = give(client, revision, helpful)

    assert first.headers["Location"] == second.headers["Location"]
    assert Feedback.objects.count() == 1


def test_a_double_click_across_two_periods_counts_once(client, revision):
    with time_machine.travel(datetime.datetime(2026, 11, 22, 12, 59, 59, tzinfo=datetime.UTC), tick=False) as traveller:
        give(client, revision, "yes")
        traveller.shift(2)
        give(client, revision, "yes")

    assert Feedback.objects.count() == 1


def test_another_reader_at_the_same_address_is_counted_later(client, revision):
    with time_machine.travel(datetime.datetime(2026, 11, 22, 12, 1, tzinfo=datetime.UTC), tick=False) as traveller:
        give(client, revision, "yes")
        traveller.shift(11 * 60)
        give(client, revision, "yes")

    assert Feedback.objects.count() == 2


def test_readers_at_different_addresses_or_pages_are_each_counted(revision):
    other = make_published_article("acne", title="Acne and your gut").live
    for address in ("192.0.2.1", "192.0.2.2", "2001:db8::1"):
        client = Client(REMOTE_ADDR=address)
        give(client, revision, "yes")
        give(client, other, "yes")

    assert Feedback.objects.count() == 6


def test_one_ipv6_network_counts_as_one_address(revision):
    give(Client(REMOTE_ADDR="2001:db8::1"), revision, "yes")
    give(Client(REMOTE_ADDR="2001:db8::2"), revision, "yes")

    assert Feedback.objects.count() == 1


def test_a_double_click_on_send_counts_once(client, revision):
    give(client, revision, "no")
    form = open_why(client, revision)

    explain(client, revision, form, words=WORDS)
    again = explain(client, revision, form, words=WORDS)

    assert again.status_code == 303
    assert answers() == [(False, "", WORDS)]


def test_the_form_sent_again_hours_later_counts_once(client, revision):
    """A tab that the browser restores the next morning."""
    with time_machine.travel(datetime.datetime(2026, 11, 22, 12, 1, tzinfo=datetime.UTC), tick=False) as traveller:
        form = open_why(client, revision)
        explain(client, revision, form, words=WORDS)
        traveller.shift(8 * 60 * 60)
        explain(client, revision, form, words=WORDS)

    assert answers() == [(False, "", WORDS)]


def test_a_changed_comment_is_not_lost(client, revision):
    give(client, revision, "no")
    form = open_why(client, revision)
    explain(client, revision, form, words=WORDS)

    explain(client, revision, form, words="And the pictures are too small.")

    assert {words for _, _, words in answers()} == {WORDS, "And the pictures are too small."}


def test_two_readers_at_once_explain_two_answers(revision):
    """Nothing says whose unexplained “no” is whose: none is overwritten and the count stays right."""
    one, two = Client(REMOTE_ADDR="192.0.2.1"), Client(REMOTE_ADDR="192.0.2.2")
    give(one, revision, "no")
    give(two, revision, "no")
    first, second = open_why(one, revision), open_why(two, revision)

    explain(two, revision, second, words="Mine.")
    explain(one, revision, first, words="And mine.")

    assert answers() == [(False, "", "And mine."), (False, "", "Mine.")]


def test_an_answer_already_dealt_with_gets_no_new_comment(client, revision):
    give(client, revision, "no")
    now = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
    Feedback.objects.update(handled_at=now, handled_note="Nothing said.")

    explain(client, revision, open_why(client, revision), words=WORDS)

    assert answers() == [(False, "", ""), (False, "", WORDS)]


# Which revision -------------------------------------------------------------


def test_the_form_of_an_older_revision_counts_for_that_revision(client, revision):
    article = revision.article
    approve(submit_for_review(article), by=Clinician.objects.get().user)
    assert Article.objects.get().live_id != revision.pk

    give(client, revision, "no")

    assert Feedback.objects.get().revision == revision


def test_an_answer_about_a_page_withdrawn_since_still_counts(client, revision):
    withdraw(revision.article, by=make_user("anna"), reason="Being checked.")

    response = give(client, revision, "yes")

    assert Feedback.objects.count() == 1
    assert ARTICLE not in client.get(response.headers["Location"]).content.decode()


@pytest.mark.parametrize("step", ["", "why/", "thanks/"])
def test_a_revision_that_was_never_published_cannot_be_answered(client, step):
    waiting = submit_for_review(make_article())

    for pk in (waiting.pk, 999_999, 10**30):
        assert client.get(f"/feedback/{pk}/{step}").status_code == 404
        if step != "thanks/":
            assert client.post(f"/feedback/{pk}/{step}", {"helpful": "yes", "words": "x"}).status_code == 404
    assert not Feedback.objects.exists()


# All three pages ------------------------------------------------


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client, revision, method):
    for step in ("", "why/", "thanks/"):
        assert getattr(client, method)(f"/feedback/{revision.pk}/{step}").status_code == 405
    assert client.post(f"/feedback/{revision.pk}/thanks/").status_code == 405


def test_nothing_stored_names_the_reader(client, revision):
    give(client, revision, "no")
    explain(client, revision, open_why(client, revision), words=WORDS)

    stored = str([list(model.objects.values()) for model in (Feedback, FeedbackLimit)])
    assert "127.0.0.1" not in stored
    assert WORDS not in str(list(FeedbackLimit.objects.values()))


@pytest.mark.parametrize(
    ("method", "step", "at_most"),
    [("get", "", 1), ("get", "why/", 1), ("get", "thanks/", 1), ("post", "", 11), ("post", "why/", 12)],
)
def test_number_of_queries(client, revision, method, step, at_most):
    with CaptureQueriesContext(connection) as queries:
        getattr(client, method)(f"/feedback/{revision.pk}/{step}", {"helpful": "no", "words": WORDS, "nonce": ""})

    assert len(queries) <= at_most
