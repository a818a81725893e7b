from datetime import UTC, datetime

import pytest
from django.urls import reverse

from education import pemat
from education.actions import ActionRefused, approve, request_changes, submit_for_review
from education.models import Clinician, Review, Revision, RevisionState
from gutskin.plots import score_trend
from tests.education.admin_cast import change_url, make_author
from tests.education.factories import make_article, make_reviewer
from tests.pages import Page

pytestmark = pytest.mark.django_db

# AHRQ, PEMAT-P: the items that have a third answer. Item 12 has one for videos only.
MAY_NOT_APPLY = {"6", "8", "9", "11", "16", "17", "18", "19", "24", "25"}


def answers(disagree=(), not_applicable=()):
    return {
        number: "disagree" if number in disagree else "not-applicable" if number in not_applicable else "agree"
        for number in pemat.ITEMS
    }


def posted(given):
    return {f"pemat_{number}": answer for number, answer in given.items()}


@pytest.fixture
def revision(ruth):
    return submit_for_review(make_article(), by=make_author())


def step(revision, name):
    return reverse(f"admin:education_revision_{name}", args=[revision.pk])


def test_the_printed_tool_has_24_items_in_two_domains():
    numbers = [
        [str(item.number) for _, items in domain for item in items]
        for domain in (pemat.UNDERSTANDABILITY, pemat.ACTIONABILITY)
    ]
    assert numbers == [
        [*map(str, range(1, 13)), *map(str, range(15, 20))],
        [*map(str, range(20, 27))],
    ]
    assert {number for number, item in pemat.ITEMS.items() if item.not_applicable_if} == MAY_NOT_APPLY


@pytest.mark.parametrize(
    ("given", "understandability", "actionability"),
    [
        (answers(), 100, 100),
        (answers(disagree=pemat.ITEMS), 0, 0),
        # 17 and 7 items: 15 of 17 and 5 of 7.
        (answers(disagree={"1", "2", "20", "21"}), 88, 71),
        # Items that do not apply are left out: 12 of 13, and 3 of 5.
        (answers(disagree={"15", "23", "26"}, not_applicable={"16", "17", "18", "19", "24", "25"}), 92, 60),
        # 4 of 10, and all 5.
        (answers(disagree={"1", "2", "3", "4", "5", "7"}, not_applicable=MAY_NOT_APPLY - {"6"}), 40, 100),
    ],
)
def test_a_score_is_the_share_of_agreement_among_applicable_items(given, understandability, actionability):
    assert pemat.problems(given) == []
    assert pemat.scores(given) == pemat.Scores(understandability, actionability)


def test_halves_are_rounded_up():
    # 10 of 16 is 62.5.
    given = answers(disagree={"1", "2", "3", "4", "5", "7"}, not_applicable={"19"})
    assert pemat.scores(given).understandability == 63


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"1": "agree"}, "Still open: 2, 3, 4, 5,"),
        ({number: "agree" for number in pemat.ITEMS if number != "26"}, "Still open: 26."),
        (answers(not_applicable={"1"}), "PEMAT-P does not know: 1."),
        (answers(not_applicable={"12"}), "PEMAT-P does not know: 12."),
        (answers() | {"3": "perhaps"}, "PEMAT-P does not know: 3."),
        (answers() | {"13": "agree"}, "PEMAT-P does not know: 13."),
    ],
)
def test_incomplete_answers_are_refused_and_decide_nothing(revision, ruth, given, complaint):
    for decide in (
        lambda: approve(revision, by=ruth, pemat=given),
        lambda: request_changes(revision, by=ruth, reason="Name the doses.", pemat=given),
    ):
        with pytest.raises(ActionRefused, match=complaint.replace(".", r"\.")):
            decide()
    revision.refresh_from_db()
    assert revision.state == RevisionState.IN_REVIEW
    assert not Review.objects.exists()


def test_scores_are_stored_with_an_approval(client, revision):
    given = answers(disagree={"15", "23", "26"}, not_applicable={"16", "17", "18", "19", "24", "25"})
    response = client.post(step(revision, "approve"), {"text": "", **posted(given)}, follow=True)
    review = Review.objects.get()
    assert (review.pemat, review.understandability, review.actionability) == (given, 92, 60)
    page = response.content.decode()
    assert "PEMAT-P: understandability 92 percent, actionability 60 percent." in page
    assert "Understandability is at 92 percent. Actionability is at 60 percent." in page


def test_scores_are_stored_with_a_request_for_changes(client, revision):
    client.post(step(revision, "request"), {"text": "Name the doses.", **posted(answers(disagree={"20"}))})
    review = Review.objects.get()
    assert (review.decision, review.understandability, review.actionability) == ("request_changes", 100, 86)


def test_scoring_is_optional(client, revision):
    client.post(step(revision, "approve"), {"text": "", **posted(dict.fromkeys(pemat.ITEMS, ""))})
    review = Review.objects.get()
    assert (review.pemat, review.understandability, review.actionability) == ({}, None, None)


@pytest.mark.parametrize("name", ["approve", "request"])
def test_a_half_filled_form_decides_nothing_and_loses_nothing(client, revision, name):
    page = client.post(step(revision, name), {"text": "My long <reason>.", "pemat_7": "disagree"}).content.decode()
    assert "Answer all 24 items, or none of them. Still open: 1, 2, 3, 4, 5, 6, 8," in page
    assert "My long &lt;reason&gt;." in page
    assert Page(page).one("input", name="pemat_7", value="disagree").keys() >= {"checked"}
    assert 'class="pemat" open' in page
    assert "<title>Error: " in page
    assert not Review.objects.exists()


def test_an_answer_that_was_not_offered_is_an_error_and_not_a_crash(client, revision):
    page = client.post(step(revision, "approve"), {"text": "", **posted(answers()), "pemat_1": "not-applicable"})
    assert "Select a valid choice" in page.content.decode()
    assert not Review.objects.exists()


def test_not_applicable_is_offered_where_ahrq_allows_it(client, revision):
    page = Page(client.get(step(revision, "approve")).content.decode())
    offered = {element["name"] for element in page.all("input", value="not-applicable")}
    assert offered == {f"pemat_{number}" for number in MAY_NOT_APPLY}


@pytest.mark.parametrize(("kind", "due"), [("condition", "22 November 2029"), ("therapy", "22 November 2027")])
def test_the_approval_page_shows_the_review_dates(client, ruth, time_machine, kind, due):
    time_machine.move_to("2026-11-22 10:00:00+00:00", tick=False)
    revision = submit_for_review(make_article(kind=kind), by=make_author())
    page = client.get(step(revision, "approve")).content.decode()
    approved = approve(revision, by=ruth)
    told = f"“Page last reviewed” 22 November 2026, “Next review due” {approved.next_review_due:%-d %B %Y}"
    assert told in page
    assert approved.next_review_due.year == int(due[-4:])


def review_of(number, understandability, actionability, day):
    """An unsaved review: the plot needs no database."""
    review = Review(
        revision=Revision(number=number),
        clinician=Clinician(name="Rosa Lind"),
        understandability=understandability,
        actionability=actionability,
    )
    review.created_at = datetime(2026, 11, day, tzinfo=UTC)
    return review


def test_nothing_is_plotted_before_the_first_score():
    assert score_trend([]) is None
    assert score_trend([review_of(1, None, None, 1)]) is None


def test_the_plot_shows_both_scores_over_time():
    drawn = score_trend([review_of(2, 80, 50, 9), review_of(1, 60, 50, 1), review_of(3, 70, 50, 20)])
    assert drawn["title"] == (
        "Understandability rose from 60 to 70 percent. Actionability is at 50 percent, as before."
    )
    assert [review.revision.number for review in drawn["rows"]] == [1, 2, 3]
    first = drawn["lines"][0]["points"]
    assert [point.label for point in first] == [60, 80, 70]
    assert first[0].x < first[1].x < first[2].x
    assert first[1].y < first[2].y < first[0].y, "a higher score stands higher"


def test_labels_of_both_lines_never_overlap():
    drawn = score_trend([review_of(1, 50, 50, 1), review_of(2, 40, 60, 2)])
    for upper, lower in zip(*(line["points"] for line in drawn["lines"]), strict=True):
        assert abs(upper.label_y - lower.label_y) >= 13


def test_the_table_has_all_scores_and_the_plot_the_last_eight():
    drawn = score_trend([review_of(number, 50, 60, number) for number in range(1, 21)])
    assert [column["number"] for column in drawn["columns"]] == list(range(13, 21))
    assert (len(drawn["rows"]), drawn["leaves_out"]) == (20, 12)


def test_the_page_of_a_revision_shows_the_scores_of_the_article(client, ruth):
    article = make_article()
    first = submit_for_review(article, by=make_author())
    request_changes(first, by=ruth, reason="Shorter.", pemat=answers(disagree={"1"}))
    second = submit_for_review(article, by=make_author("ben"))
    page = client.get(change_url(second)).content.decode()
    assert "Understandability is at 94 percent." in page
    assert Page(page).one("svg", **{"class": "trend__plot"})["aria-label"].startswith("Understandability is at 94")


def test_a_review_can_be_read_in_admin(client, ruth, revision):
    approve(revision, by=make_reviewer(), pemat=answers(disagree={"1"}))
    page = client.get(change_url(Review.objects.get())).content.decode()
    assert "1. Disagree: The material makes its purpose completely evident." in page
    listed = client.get(reverse("admin:education_review_changelist")).content.decode()
    assert '<td class="field-understandability">94</td>' in listed
