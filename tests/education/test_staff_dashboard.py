"""The front page of admin: each line counts exactly the rows of the list that it links to."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from education.actions import approve, request_changes, schedule_withdrawal, submit_for_review
from education.models import Article, Clinician, EvidenceQuestion, Feedback, Reference, Revision
from tests.education.admin_cast import change_url, make_author, make_clinical_reviewer, make_staff
from tests.education.factories import (
    make_article,
    make_published_article,
    make_reference,
    make_reviewer,
    make_statement,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def lines(client):
    """Maps the text of each line to its number and address; the address is empty if it is no link."""
    html = client.get("/admin/").content.decode()
    found = {}
    for item in re.findall(r'<li class="work__line.*?</li>', html, re.S):
        count, words = re.search(r'<strong class="work__count">(\d+)</strong> ([^<]*)', item).groups()
        link = re.search(r'<a href="([^"]*)"', item)
        found[words.strip()] = (int(count), unescape(link[1]) if link else "")
    return found


def listed(client, url):
    response = client.get(url)
    assert response.status_code == 200, url
    return list(response.context["cl"].queryset)


def assert_line(client, words, rows):
    """The line has the right number and links to a list of exactly these rows."""
    count, url = lines(client)[words]
    assert count == len(rows)
    assert set(listed(client, url)) == set(rows)


def waiting(slug, by):
    return submit_for_review(make_article(slug, title=slug.title()), by=by)


def due(slug, day):
    article = make_published_article(slug)
    Revision.objects.filter(pk=article.live_id).update(next_review_due=day)
    return article


def test_revisions_waiting_for_my_review_without_my_own(client, ruth):
    ana = make_author()
    theirs = [waiting("acne", ana), waiting("rosacea", None)]
    waiting("psoriasis", ruth)
    shared = make_article("eczema")
    shared.contributors.add(ruth)
    submit_for_review(shared, by=ana)
    make_published_article("vitiligo")
    assert_line(client, "revisions wait for your review", theirs)


def test_revisions_sent_back_to_me_until_i_submit_again(client):
    ana, ben, ruth = make_author(), make_author("ben"), make_reviewer()
    mine, others, again = waiting("acne", ana), waiting("rosacea", ben), waiting("psoriasis", ana)
    for revision in (mine, others, again):
        request_changes(revision, by=ruth, reason="Shorter.")
    submit_for_review(again.article, by=ana)
    client.force_login(ana)
    assert_line(client, "revision was sent back to you", [mine])


def test_drafts_of_statements_that_someone_has_to_approve(client, ruth):
    page = make_published_article("acne")
    make_statement(page)
    drafts = [make_statement(page, slug=slug, state="draft") for slug in ("fibre-acne", "zinc-acne")]
    assert_line(client, "drafts of evidence statements wait for a reviewer", drafts)


def test_scheduled_revisions_and_those_that_could_not_be_published(client, ruth, clock):
    revision = approve(waiting("acne", None), by=ruth, publish_at=NOW + timedelta(hours=1))
    waiting("rosacea", None)
    assert_line(client, "approved revision waits for its day", [revision])
    assert "could not be published" not in client.get("/admin/").content.decode()
    Reference.objects.filter(key="zhao2025").update(status="retracted", status_reason="Data were made up.")
    clock.shift(timedelta(hours=2))
    client.force_login(ruth)
    assert "1 could not be published on its day" in client.get("/admin/").content.decode()
    page = client.get(change_url(revision)).content.decode()
    assert "Not published yet, although its time has come" in page
    assert "Data were made up." in page
    assert "Data were made up." in client.get(change_url(revision.article)).content.decode()


def test_pages_due_within_90_days_and_overdue_pages(client, ruth):
    overdue = [due("acne", TODAY - timedelta(days=1)), due("rosacea", TODAY - timedelta(days=400))]
    soon = [due("psoriasis", TODAY), due("eczema", TODAY + timedelta(days=90))]
    due("vitiligo", TODAY + timedelta(days=91))
    make_article("draft")
    assert_line(client, "pages are past their review date", overdue)
    assert_line(client, "pages are due for review within 90 days", soon)


def test_pages_awaiting_their_first_clinical_review(client, ruth):
    article = make_published_article("acne")
    Revision.objects.update(reviewer=None, last_reviewed=None, next_review_due=None)
    make_article("draft")
    assert_line(client, "page awaits its first clinical review", [article])


def test_pages_to_be_withdrawn(client, ruth):
    article = make_published_article("acne")
    make_published_article("rosacea")
    schedule_withdrawal(article, at=NOW + timedelta(days=3), by=ruth, reason="The trial ends.")
    assert_line(client, "page will be withdrawn", [article])


def test_pages_and_statements_on_flagged_or_weak_sources(client, ruth):
    sound = make_reference("sound2020", status="confirmed")
    flagged = make_reference("flagged2020", status="retracted", status_reason="Data were made up.")
    make_reference("zhao2025", status="confirmed")
    make_reference("petersen2019", status="confirmed")
    page, other = make_published_article("acne"), make_published_article("rosacea")
    bad = make_statement(page, references=[flagged, sound])
    make_statement(other, slug="good", references=[sound])
    make_statement(other, slug="draft", references=[flagged], state="draft")
    assert_line(client, "page rests on a retracted or rejected source", [page])
    assert_line(client, "evidence statement rests on a weak or flagged reference", [bad])


def test_feedback_that_needs_an_answer(client, ruth):
    live = make_published_article().live
    answers = [
        {"is_helpful": False, "words": "I do not understand the second part."},
        {"is_helpful": False, "words": "Which doses?", "handled_at": timezone.now()},
        {"is_helpful": False},
        {"is_helpful": True},
    ]
    open_one, *_others = [Feedback.objects.create(revision=live, **answer) for answer in answers]
    assert_line(client, "reader's comment needs an answer", [open_one])


def test_a_line_with_a_count_of_zero_is_no_link(client, ruth):
    assert {(count, url) for count, url in lines(client).values()} == {(0, "")}


def test_authors_and_reviewers_see_only_lines_they_may_open(client):
    client.force_login(make_author())
    assert "revisions were sent back to you" in lines(client)
    assert "revisions wait for your review" not in lines(client)
    client.force_login(make_clinical_reviewer())
    assert "revisions wait for your review" in lines(client)
    assert "revisions were sent back to you" not in lines(client)
    assert len(lines(client)) == 11


@pytest.mark.parametrize("group", ["Intake coordinator", "Clinician", ""])
def test_other_staff_see_no_lines(client, group):
    client.force_login(make_staff("sam", group))
    assert lines(client) == {}
    assert "work-heading" not in client.get("/admin/").content.decode()


def test_every_role_may_open_every_list_that_its_lines_link_to(client):
    """No line links to a page that would answer 403."""
    ana, both = make_author(), make_clinical_reviewer()
    both.groups.add(Group.objects.get(name="Author"))
    everything(0, 1, ana=both)
    for user in (ana, both):
        client.force_login(user)
        for words, (count, url) in lines(client).items():
            assert not count or listed(client, url), words


def everything(start, stop, ana):
    """One more row for each line of the front page."""
    reviewer = Clinician.objects.filter(name="Rosa Lind").first()
    rosa = reviewer.user if reviewer else make_reviewer()
    weak = Reference.objects.filter(key="weak").first() or make_reference(
        "weak", status="retracted", status_reason="Data were made up."
    )
    for n in range(start, stop):
        waiting(f"waiting-{n}", None)
        request_changes(waiting(f"back-{n}", ana), by=rosa, reason="Shorter.")
        approve(waiting(f"day-{n}", None), by=rosa, publish_at=NOW + timedelta(hours=1))
        due(f"late-{n}", TODAY - timedelta(days=1))
        soon = due(f"soon-{n}", TODAY)
        schedule_withdrawal(soon, at=NOW + timedelta(days=3), by=rosa, reason="Old.")
        first = make_published_article(f"first-{n}").live
        Revision.objects.filter(pk=first.pk).update(reviewer=None, last_reviewed=None, next_review_due=None)
        make_statement(Article.objects.get(pk=soon.pk), slug=f"weak-{n}", references=[weak])
        make_statement(Article.objects.get(pk=soon.pk), slug=f"draft-{n}", references=[], state="draft")
        question = EvidenceQuestion.objects.create(
            condition_id=soon.pk, intervention_id="probiotics", query="soon", since=TODAY
        )
        question.papers.create(pmid=f"4100000{n}", title="A trial", kind="trial", found_at=NOW)
        Feedback.objects.create(revision=first, is_helpful=False, words="Too long.")


@pytest.mark.slow
def test_a_dozen_of_each_cost_as_many_queries_as_three(client):
    user = make_clinical_reviewer()
    user.groups.add(Group.objects.get(name="Author"))
    client.force_login(user)

    def queries():
        client.get("/admin/")
        with CaptureQueriesContext(connection) as captured:
            assert {count for count, _url in lines(client).values()} == {expected}
        return len(captured)

    expected = 3
    everything(0, 3, ana=user)
    three = queries()
    expected = 12
    everything(3, 12, ana=user)
    assert queries() == three
    # Session, account, permissions (2), one for each of twelve lines and the late ones, the waiting list, the log.
    assert three == 19


def test_the_public_page_says_overdue_from_the_day_after_its_due_date(client, clock):
    url = due("acne", TODAY).get_absolute_url()
    assert "past its review date" not in client.get(url).content.decode()
    clock.shift(timedelta(days=1))
    html = client.get(url).content.decode()
    assert "This page is past its review date." in html
    assert "Ask your clinician before you rely on it." in html
    assert '<time datetime="2026-11-23">23 November 2026</time>' in html
