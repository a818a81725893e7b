"""What staff see of readers' answers, and what they do about them."""

import datetime

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from education.actions import (
    ActionRefused,
    approve,
    delete_old_feedback_words,
    give_feedback,
    handle_feedback,
    submit_for_review,
)
from education.feedback_results import results_by_article, results_of, with_articles
from education.models import Clinician, Feedback, FeedbackLimit
from tests.education.admin_cast import make_author, make_clinical_reviewer, make_staff
from tests.education.factories import make_published_article
from tests.pages import Page

pytestmark = pytest.mark.django_db
WORDS = "My daughter Mia has eczema and this is too hard."
LIST = "/admin/education/feedback/"


def answer(revision, *, yes=0, no=0, **values):
    rows = [Feedback(revision=revision, is_helpful=True) for _ in range(yes)]
    rows += [Feedback(revision=revision, is_helpful=False, **values) for _ in range(no)]
    for row in rows:
        row.save()
    return rows[-1]


@pytest.fixture
def article():
    return make_published_article()


@pytest.fixture
def author_client(client):
    client.force_login(make_author())
    return client


def test_the_list_marks_what_needs_an_answer(author_client, article):
    wanted = answer(article.live, no=1, words=WORDS)
    answer(article.live, yes=1)
    answer(article.live, no=1, reason="hard-to-understand")
    done = answer(article.live, no=1, words="Old story.")
    handle_feedback(done, by=make_clinical_reviewer(), note="Explained in revision 2.")

    response = author_client.get(LIST, {"needs": "answer"})

    assert list(response.context["cl"].result_list) == [wanted]
    assert list(Feedback.objects.needing_an_answer()) == [wanted]
    assert wanted.needs_an_answer
    assert len(author_client.get(LIST).context["cl"].result_list) == 4


def test_comments_of_readers_appear_on_no_list(author_client, article):
    feedback = answer(article.live, no=1, words=WORDS)

    assert WORDS not in author_client.get(LIST).content.decode()
    assert WORDS not in author_client.get(f"/admin/education/feedback/results/{article.pk}/").content.decode()
    assert not author_client.get(LIST, {"q": "Mia"}).context["cl"].result_list
    assert WORDS in author_client.get(f"{LIST}{feedback.pk}/change/").content.decode()


def test_dealing_with_an_answer_records_who_and_what(author_client, article):
    feedback = answer(article.live, no=1, words=WORDS)
    page = f"{LIST}{feedback.pk}/handle/"

    assert "Deal with this answer" in author_client.get(page).content.decode()
    response = author_client.post(page, {"text": "The next revision explains it."})

    assert response.headers["Location"] == f"{LIST}{feedback.pk}/change/"
    feedback.refresh_from_db()
    assert feedback.handled_by.username == "ana"
    assert feedback.handled_note == "The next revision explains it."
    assert not Feedback.objects.needing_an_answer().exists()
    entry = LogEntry.objects.select_related("user").get(content_type__model="feedback")
    assert (entry.user.username, entry.object_repr) == ("ana", "Not helpful")
    assert "explains" not in entry.change_message
    assert "Deal with it" not in author_client.get(f"{LIST}{feedback.pk}/change/").content.decode()


@pytest.mark.parametrize("note", ["", "   "])
def test_a_note_is_needed(author_client, article, note):
    feedback = answer(article.live, no=1, words=WORDS)

    assert author_client.post(f"{LIST}{feedback.pk}/handle/", {"text": note}).status_code == 200
    with pytest.raises(ActionRefused):
        handle_feedback(feedback, by=feedback.handled_by, note=note)
    assert Feedback.objects.needing_an_answer().exists()


def test_two_colleagues_do_not_overwrite_each_other(author_client, article):
    feedback = answer(article.live, no=1, words=WORDS)
    handle_feedback(feedback, by=make_clinical_reviewer(), note="Mine.")

    response = author_client.post(f"{LIST}{feedback.pk}/handle/", {"text": "No, mine."})

    assert "Someone has already dealt with this." in response.content.decode()
    feedback.refresh_from_db()
    assert feedback.handled_note == "Mine."


def test_no_one_can_edit_add_or_delete_answers(author_client, article):
    feedback = answer(article.live, no=1, words=WORDS)

    author_client.post(f"{LIST}{feedback.pk}/change/", {"words": "All is well.", "is_helpful": "on"})

    feedback.refresh_from_db()
    assert (feedback.words, feedback.is_helpful) == (WORDS, False)
    assert author_client.get(f"{LIST}add/").status_code == 403
    assert author_client.get(f"{LIST}{feedback.pk}/delete/").status_code == 403


@pytest.mark.parametrize("group", ["", "Intake coordinator"])
def test_other_staff_cannot_see_answers(client, article, group):
    feedback = answer(article.live, no=1, words=WORDS)
    client.force_login(make_staff("ivo", group))

    for page in ("", f"{feedback.pk}/change/", f"{feedback.pk}/handle/", "results/", f"results/{article.pk}/"):
        assert client.get(LIST + page).status_code == 403
    assert client.post(f"{LIST}{feedback.pk}/handle/", {"text": "x"}).status_code == 403


def test_a_visitor_is_redirected_to_the_login(client, article):
    for page in ("results/", f"results/{article.pk}/", "1/handle/"):
        assert client.get(LIST + page).status_code == 302


# Results -----------------------------------------------------------------


def test_results_are_shown_by_revision_with_reasons(author_client, article):
    answer(article.live, yes=3, no=2, reason="hard-to-understand")
    answer(article.live, no=1)
    approve(submit_for_review(article), by=Clinician.objects.get().user)
    article.refresh_from_db()
    answer(article.live, yes=9, no=1, reason="something-is-missing")

    results = results_of(article)

    assert [(row.number, row.yes, row.answers) for row in results["revisions"]] == [(2, 9, 10), (1, 3, 6)]
    assert [(str(row["label"]), row["count"]) for row in results["reasons"]] == [
        ("It is hard to understand", 2),
        ("No reason given", 1),
        ("Something is missing", 1),
    ]
    html = author_client.get(f"/admin/education/feedback/results/{article.pk}/").content.decode()
    text = " ".join(Page(html).text.split())
    title = "Revision 2 helped 9 out of 10 readers who answered. Before, with revision 1, it was 3 out of 6."
    assert title in text
    assert Page(html).one("svg", role="img")["aria-label"] == title
    assert "9 out of 10" in text
    assert 'style="' not in html.partition("<svg")[2].partition("</svg>")[0]


def test_bar_heights_match_the_share_of_yes(article):
    answer(article.live, yes=3, no=1)

    (bar,) = results_of(article)["plot"]["bars"]

    assert bar.height == 90.0
    assert bar.y + bar.height == results_of(article)["plot"]["frame"].bottom


@pytest.mark.parametrize(("yes", "no", "height"), [(0, 5, 0.0), (5, 0, 120.0), (1, 0, 120.0)])
def test_zero_and_all_fit_into_the_plot(article, yes, no, height):
    answer(article.live, yes=yes, no=no)

    (bar,) = results_of(article)["plot"]["bars"]

    assert bar.height == height
    assert bar.y >= 26


def test_the_oldest_of_many_revisions_are_only_in_the_table(article):
    reviewer = Clinician.objects.get().user
    for _ in range(11):
        answer(article.live, yes=1)
        approve(submit_for_review(article), by=reviewer)
        article.refresh_from_db()

    plot = results_of(article)["plot"]

    assert [bar.number for bar in plot["bars"]] == [4, 5, 6, 7, 8, 9, 10, 11]
    assert plot["leaves_out"] == 3
    assert all(one.x + one.width < two.x for one, two in zip(plot["bars"], plot["bars"][1:], strict=False))
    assert plot["frame"].left <= plot["bars"][0].x
    assert plot["bars"][-1].x + plot["bars"][-1].width <= plot["frame"].right


def test_a_page_without_answers_says_so(author_client, article):
    html = author_client.get(f"/admin/education/feedback/results/{article.pk}/").content.decode()

    assert "No reader has answered about this page yet." in html
    assert "No reader has answered yet." in author_client.get("/admin/education/feedback/results/").content.decode()
    assert author_client.get("/admin/education/feedback/results/999999/").status_code == 404


def test_the_least_helpful_page_comes_first(author_client, article):
    acne = make_published_article("acne", title="Acne and your gut")
    answer(article.live, yes=9, no=1)
    answer(acne.live, yes=1, no=2, words=WORDS)
    make_published_article("rosacea", title="Rosacea")

    rows = with_articles(results_by_article())
    assert [(row["article"].slug, row["yes"], row["answers"], row["open"]) for row in rows] == [
        ("acne", 1, 3, 2),
        ("atopic-dermatitis", 9, 10, 0),
    ]
    page = Page(author_client.get("/admin/education/feedback/results/").content.decode())
    address = f"/admin/education/feedback/?needs=answer&article={acne.pk}"
    assert page.all("a", href=address)
    assert len(author_client.get(address).context["cl"].result_list) == 2


def test_the_page_of_an_article_links_to_its_results(author_client, article):
    page = author_client.get(reverse("admin:education_article_change", args=[article.pk])).content.decode()

    assert f"/admin/education/feedback/results/{article.pk}/" in page


def queries_of(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_a_dozen_answers_cost_as_many_queries_as_three(author_client, article):
    def fill(start, stop):
        for number in range(start, stop):
            page = make_published_article(f"page-{number}", title=f"Page {number}")
            handle_feedback(answer(page.live, yes=1, no=1, words=WORDS), by=ana, note="Read.")
            answer(article.live, no=1, reason="something-else")

    ana = Clinician.objects.get().user
    pages = [LIST, f"{LIST}results/", f"{LIST}results/{article.pk}/"]
    fill(0, 3)
    three = [queries_of(author_client, page) for page in pages]
    fill(3, 12)

    assert [queries_of(author_client, page) for page in pages] == three
    assert max(three) < 20


# Retention -----------------------------------------------------------------


def test_comments_are_deleted_after_a_year_and_counts_are_kept(article):
    with time_machine.travel(datetime.datetime(2025, 11, 22, 12, tzinfo=datetime.UTC), tick=False) as traveller:
        old = answer(article.live, no=1, reason="something-else", words=WORDS)
        traveller.shift(datetime.timedelta(days=364))
        answer(article.live, no=1, words="Of yesterday.")
        assert delete_old_feedback_words() == 0
        traveller.shift(datetime.timedelta(days=1, seconds=1))

        assert delete_old_feedback_words() == 1
        assert delete_old_feedback_words() == 0

    old.refresh_from_db()
    assert (old.words, old.reason, old.is_helpful) == ("", "something-else", False)
    assert Feedback.objects.filter(words="Of yesterday.").exists()


def test_digests_of_addresses_are_deleted_after_two_days(article):
    give_feedback(article.live, is_helpful=True, address="192.0.2.1")
    assert FeedbackLimit.objects.exists()

    delete_old_feedback_words(now=timezone.now() + datetime.timedelta(days=1))
    assert FeedbackLimit.objects.exists()

    delete_old_feedback_words(now=timezone.now() + datetime.timedelta(days=2, hours=2))
    assert not FeedbackLimit.objects.exists()
    assert Feedback.objects.count() == 1
