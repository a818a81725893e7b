from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from education import article_history
from education.actions import approve, request_changes, submit_for_review, withdraw
from education.models import Article
from tests.education.admin_cast import article_post, change_url, make_clinical_reviewer
from tests.education.factories import make_article, make_user
from tests.education.test_pemat import answers
from tests.pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def ruth():
    return make_clinical_reviewer()


def history_url(article):
    return reverse("admin:education_article_history", args=[article.pk])


def history(client, article, **chosen):
    response = client.get(history_url(article), chosen)
    assert response.status_code == 200
    return response.content.decode()


def resubmit(article, by, note="", **changes):
    Article.objects.filter(pk=article.pk).update(**changes)
    return submit_for_review(article, by=by, note=note)


def article_with_history(ana, ruth):
    """An article that was sent back, approved with PEMAT-P scores, and withdrawn."""
    article = make_article()
    first = submit_for_review(article, by=ana, note="Please look at the <doses>.")
    request_changes(first, by=ruth, reason="Name the doses.", pemat=answers(disagree={"1"}))
    second = resubmit(article, ana, title="Eczema and the gut")
    approve(second, by=ruth, reason="Well put.")
    withdraw(article, by=ruth, reason="A recall.")
    return Article.objects.get(pk=article.pk)


def test_the_history_shows_everything_on_one_page(client, ana, ruth):
    page = history(client, article_with_history(ana, ruth))
    for told in (
        ">Revision 1</a>",
        "Changes requested: Ruth Okafor, MD",
        "Please look at the &lt;doses&gt;.",
        "Name the doses.",
        "PEMAT-P: understandability 94 percent, actionability 100 percent.",
        "Understandability is at 94 percent.",
        ">Revision 2</a>",
        "Approved: Ruth Okafor, MD",
        "Well put.",
        "<dt>Published</dt>",
        "<dt>Withdrawn</dt>",
        "Withdrew the page: A recall.",
    ):
        assert told in page, told


def test_the_history_is_ordered_newest_first(client, ana, ruth, time_machine):
    time_machine.move_to("2026-05-01 09:00:00+00:00", tick=False)
    client.force_login(ana)
    article = make_article()
    client.post(change_url(article), article_post(article, title="Eczema and the gut"))
    time_machine.move_to("2026-05-02 09:00:00+00:00", tick=False)
    revision = submit_for_review(article, by=ana)
    time_machine.move_to("2026-05-03 09:00:00+00:00", tick=False)
    client.force_login(ana)
    approve(revision, by=ruth)
    page = history(client, article)
    approved, submitted, saved = (
        page.index(words) for words in ("Approved revision 1.", 'class="timeline__revision"', "ana: Changed Title")
    )
    assert approved < submitted < saved
    assert page.count("Submitted revision 1 for review.") == 0, "the card of the revision says so already"
    assert '<time datetime="2026-05-02T10:00:00+01:00">' in page


def test_an_article_that_was_never_submitted_has_an_empty_history(client, ana):
    page = history(client, make_article())
    assert "Nothing has been recorded yet" in page
    assert "Compare two texts" not in page


def test_a_scheduled_revision_shows_its_date(client, ana, ruth, time_machine):
    time_machine.move_to("2026-05-02 09:00:00+00:00", tick=False)
    client.force_login(ana)
    article = make_article()
    approve(submit_for_review(article, by=ana), by=ruth, publish_at=timezone.now() + timedelta(days=3))
    assert '<dt>To be published</dt><dd><time datetime="2026-05-05T10:00:00+01:00">' in history(client, article)


def test_each_revision_can_be_previewed_and_restored(client, ana, ruth):
    article = article_with_history(ana, ruth)
    page = history(client, article)
    for revision in article.revisions.all():
        assert reverse("admin:education_revision_preview", args=[revision.pk]) in page
        assert reverse("admin:education_revision_restore", args=[revision.pk]) in page


def test_a_reviewer_reads_the_history_but_cannot_restore(client, ana, ruth):
    article = article_with_history(ana, ruth)
    client.force_login(ruth)
    page = history(client, article)
    assert "Name the doses." in page
    assert "Restore into the working copy" not in page


@pytest.mark.parametrize("permissions", [[], ["view_article"], ["view_revision"], ["view_inquiry"]])
def test_the_history_needs_permission_to_view_articles_and_revisions(client, permissions):
    article = make_article()
    client.force_login(make_user("nora", *permissions))
    assert client.get(history_url(article)).status_code == 403


def test_a_visitor_is_redirected_to_the_login(client):
    response = client.get(history_url(make_article()))
    assert response.status_code == 302
    assert "login" in response.url


def test_the_history_of_a_missing_article_redirects_with_a_message(client, ana):
    response = client.get(reverse("admin:education_article_history", args=[999]), follow=True)
    assert "Perhaps it was deleted?" in response.content.decode()


def test_any_two_texts_are_compared_word_by_word(client, ana, ruth):
    article = make_article()
    first = submit_for_review(article, by=ana)
    request_changes(first, by=ruth, reason="Shorter.")
    second = resubmit(article, ana, title="Eczema and the gut")
    request_changes(second, by=ruth, reason="Shorter.")
    Article.objects.filter(pk=article.pk).update(title="Eczema")
    forward = history(client, article, **{"from": "1", "to": "2"})
    assert '<del><span class="visually-hidden">removed: </span>your </del>' in forward
    assert '<ins><span class="visually-hidden">added: </span>the </ins>' in forward
    backward = history(client, article, **{"from": "2", "to": "1"})
    assert '<ins><span class="visually-hidden">added: </span>your </ins>' in backward
    to_now = history(client, article, **{"from": "2", "to": "working-copy"})
    assert '<del><span class="visually-hidden">removed: </span>and the gut</del>' in to_now
    same = history(client, article, **{"from": "2", "to": "2"})
    assert "Nothing: the two texts are the same." in same
    chosen = [element["value"] for element in Page(forward).all("option") if "selected" in element]
    assert chosen == ["1", "2"]


@pytest.mark.parametrize(
    "chosen",
    [
        {"from": "abc", "to": "1"},
        {"from": "1", "to": "99"},
        {"from": "1"},
        {"to": "1"},
        {"from": "", "to": ""},
        {"from": "-1", "to": "1"},
        {"from": "1.0", "to": "1"},
        {"from": "²", "to": "1"},
        {"from": "٣", "to": "1"},
        {"from": "9" * 40, "to": "1"},
        {"from": "1' OR '1'='1", "to": "1"},
        {"from": "<script>alert(1)</script>", "to": "1"},
    ],
)
def test_an_invalid_choice_is_answered_with_a_message(client, ana, chosen):
    article = make_article()
    submit_for_review(article, by=ana)
    page = history(client, article, **chosen)
    assert "Choose two texts of this article: at least one of those chosen does not exist." in page
    assert "<script>alert" not in page


def test_a_revision_of_another_article_cannot_be_compared(client, ana, ruth):
    other = make_article("psoriasis")
    request_changes(submit_for_review(other, by=ana), by=ruth, reason="Shorter.")
    submit_for_review(other, by=ana)
    article = make_article()
    submit_for_review(article, by=ana)
    assert "at least one of those chosen does not exist" in history(client, article, **{"from": "1", "to": "2"})


def test_log_entries_about_other_objects_are_left_out(client, ana):
    article, other = make_article(), make_article("psoriasis")
    client.post(change_url(other), article_post(other, summary="Another summary."))
    assert "Changed Summary." not in history(client, article)


def test_older_log_entries_are_left_out_and_the_page_says_so(client, ana, monkeypatch):
    monkeypatch.setattr(article_history, "MAX_LOG_ENTRIES", 2)
    article = make_article()
    for number in (1, 2, 3):
        LogEntry.objects.log_actions(ana.pk, [article], 2, f"Save number {number}.", single_object=True)
    page = history(client, article)
    assert "Save number 3." in page
    assert "Save number 1." not in page
    assert "Older saves are left out of this page." in page


def many(article, ana, ruth, count):
    for number in range(count):
        revision = resubmit(article, ana, title=f"Eczema, told for the {number}. time")
        request_changes(revision, by=ruth, reason="Shorter.", pemat=answers(disagree={"1"}))


# The account with its permissions, the article, its revisions with their reviews, the log, and two texts to compare.
QUERIES = 10


def test_a_dozen_revisions_cost_as_many_queries_as_three(client, ana, ruth):
    few, lots = make_article("few"), make_article("lots")
    many(few, ana, ruth, 3)
    many(lots, ana, ruth, 12)
    history(client, few)
    counts = []
    for article in (few, lots):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            history(client, article, **{"from": "1", "to": "3"})
        counts.append(len(queries))
    assert counts == [QUERIES, QUERIES]


def test_the_page_of_a_revision_costs_no_more_queries_after_a_dozen_reviews(client, ana, ruth):
    few, lots = make_article("few"), make_article("lots")
    many(few, ana, ruth, 3)
    many(lots, ana, ruth, 12)
    counts = []
    for article in (few, lots):
        revision = article.revisions.order_by("-number").first()
        client.get(change_url(revision))
        with CaptureQueriesContext(connection) as queries:
            client.get(change_url(revision))
        counts.append(len(queries))
    assert counts[0] == counts[1]
