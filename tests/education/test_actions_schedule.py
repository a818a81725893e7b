"""Publishing and withdrawing pages on a scheduled day."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone

from education import search
from education.actions import (
    ActionRefused,
    approve,
    call_back,
    cancel_withdrawal,
    publish_awaiting_review,
    publish_due,
    request_changes,
    restore,
    save_working_copy,
    schedule_withdrawal,
    submit_for_review,
    withdraw,
)
from education.actions.schedule import due_steps, publish_scheduled, withdraw_scheduled
from education.models import Article, Decision, Reference, Revision, RevisionState
from education.seed import writing
from tests.education.factories import make_article, make_published_article, make_reviewer, make_user

pytestmark = pytest.mark.django_db

# A Monday in winter, when the time zone of the site equals UTC; and a Wednesday, nine in the morning.
MONDAY = datetime(2026, 11, 23, 12, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ana():
    return make_user("ana", first_name="Ana")


@pytest.fixture
def rosa():
    return make_reviewer()


def scheduled(article, by, at=WEDNESDAY):
    author = make_user(f"author-of-{article.slug}")
    return approve(submit_for_review(article, by=author), by=by, publish_at=at)


def live(article):
    return Article.objects.select_related("live").get(pk=article.pk).live


def test_a_scheduled_approval_is_recorded_and_publishes_nothing_yet(clock, rosa, client):
    article = make_article()
    revision = scheduled(article, rosa)

    revision.refresh_from_db()
    assert (revision.state, revision.publish_at, revision.published_at) == (RevisionState.SCHEDULED, WEDNESDAY, None)
    assert (revision.reviewer, revision.last_reviewed.isoformat()) == (rosa.clinician, "2026-11-23")
    assert revision.reviews.get().decision == Decision.APPROVE
    assert live(article) is None
    assert client.get(article.get_absolute_url()).status_code == 404
    last = LogEntry.objects.latest("pk")
    assert last.change_message == "Approved revision 1, to be published on 25 November 2026, 09:00."


def test_a_revision_is_published_at_its_time_and_not_before(clock, rosa, client):
    article = make_article()
    revision = scheduled(article, rosa)

    clock.move_to(WEDNESDAY - timedelta(seconds=1))
    assert publish_due(timezone.now()).published == 0
    assert client.get(article.get_absolute_url()).status_code == 404

    clock.move_to(WEDNESDAY)
    assert publish_due(timezone.now()).published == 1
    assert client.get(article.get_absolute_url()).status_code == 200
    assert article.get_absolute_url() in client.get("/search/?q=eczema").content.decode()
    assert (live(article), live(article).published_at) == (revision, WEDNESDAY)


def test_a_missed_run_publishes_late_with_the_real_time_and_the_approval_date(clock, rosa):
    article = make_article()
    scheduled(article, rosa)
    late = WEDNESDAY + timedelta(days=3)
    clock.move_to(late)

    publish_due(timezone.now())

    shown = live(article)
    assert (shown.published_at, shown.publish_at) == (late, WEDNESDAY)
    assert shown.last_reviewed.isoformat() == "2026-11-23"
    # Three years from the approval, on a Friday.
    assert shown.next_review_due.isoformat() == "2029-11-23"


def test_exactly_the_approved_text_is_published(clock, ana, rosa):
    article = make_article()
    scheduled(article, rosa)
    article.refresh_from_db()
    article.title = "Written after the approval"
    save_working_copy(article, by=ana, seen_version=article.version)

    clock.move_to(WEDNESDAY)
    publish_due(timezone.now())

    assert live(article).title == "Eczema and your gut"
    assert Article.objects.get(pk=article.pk).title == "Written after the approval"


def test_the_previous_revision_stays_live_until_then_and_is_superseded(clock, rosa):
    article = make_published_article()
    first = article.live
    second = scheduled(article, rosa)
    assert live(article) == first

    clock.move_to(WEDNESDAY)
    publish_due(timezone.now())

    first.refresh_from_db()
    assert (live(article), first.state) == (second, RevisionState.SUPERSEDED)


def test_a_second_run_finds_nothing_to_do(clock, rosa):
    article = make_article()
    revision = scheduled(article, rosa)
    clock.move_to(WEDNESDAY)
    assert publish_scheduled(revision.pk, WEDNESDAY) is True
    entries = LogEntry.objects.count()
    clock.move_to(WEDNESDAY + timedelta(minutes=1))

    # Another process listed it before the first one published it.
    assert publish_scheduled(revision.pk, timezone.now()) is False
    assert publish_due(timezone.now()).published == 0
    assert (live(article).published_at, LogEntry.objects.count()) == (WEDNESDAY, entries)


def test_a_source_retracted_since_approval_holds_back_that_page_only(clock, rosa, caplog):
    held = scheduled(make_article("rosacea", title="Rosacea and your gut"), rosa)
    other = make_article(
        "psoriasis", body='<h2>Psoriasis</h2><p>Ask.<cite data-ref="petersen2019"></cite></p>', title="Psoriasis"
    )
    scheduled(other, rosa, at=WEDNESDAY + timedelta(hours=1))
    Reference.objects.filter(key="zhao2025").update(status="retracted", status_reason="Data were made up.")
    clock.move_to(WEDNESDAY + timedelta(hours=2))

    kept = publish_due(timezone.now())

    assert kept.published == 1
    assert "Data were made up." in kept.refused["Rosacea and your gut · 1"][0]
    held.refresh_from_db()
    assert (held.state, live(other).title) == (RevisionState.SCHEDULED, "Psoriasis")

    Reference.objects.filter(key="zhao2025").update(status="confirmed")
    assert publish_due(timezone.now()).published == 1


def test_an_error_in_one_page_does_not_stop_the_others(clock, rosa, monkeypatch, caplog):
    broken, sound = make_article("rosacea"), make_article("psoriasis")
    first = scheduled(broken, rosa)
    scheduled(sound, rosa)
    index = search.index_article

    def stumble(article):
        if article.pk == broken.pk:
            raise RuntimeError("no words")
        return index(article)

    monkeypatch.setattr(search, "index_article", stumble)
    clock.move_to(WEDNESDAY)
    with caplog.at_level(logging.ERROR):
        kept = publish_due(timezone.now())

    assert (kept.published, list(kept.refused.values())) == (1, [["RuntimeError"]])
    assert live(sound) is not None
    first.refresh_from_db()
    assert (first.state, first.published_at, live(broken)) == (RevisionState.SCHEDULED, None, None)
    assert "could not be published" in caplog.text


def test_a_database_error_is_raised_to_the_caller(clock, rosa, monkeypatch):
    scheduled(make_article(), rosa)
    monkeypatch.setattr(search, "index_article", lambda article: (_ for _ in ()).throw(OperationalError("gone")))
    clock.move_to(WEDNESDAY)
    with pytest.raises(OperationalError):
        publish_due(timezone.now())


def test_a_time_in_the_past_is_refused_with_a_message(clock, ana, rosa):
    revision = submit_for_review(make_article(), by=ana)
    for at in (MONDAY, MONDAY - timedelta(minutes=1)):
        with pytest.raises(ActionRefused, match="is in the past"):
            approve(revision, by=rosa, publish_at=at)
    revision.refresh_from_db()
    assert (revision.state, revision.reviews.count()) == (RevisionState.IN_REVIEW, 0)


def test_an_approval_cannot_wait_longer_than_six_months(clock, ana, rosa):
    revision = submit_for_review(make_article(), by=ana)
    with pytest.raises(ActionRefused, match="6 months at most"):
        approve(revision, by=rosa, publish_at=MONDAY + timedelta(days=200))
    assert approve(revision, by=rosa, publish_at=MONDAY + timedelta(days=180)).state == RevisionState.SCHEDULED


def test_the_rules_of_an_approval_hold_for_a_later_day_too(clock, rosa):
    own = submit_for_review(make_article(), by=rosa)
    with pytest.raises(ActionRefused, match="You wrote this revision"):
        approve(own, by=rosa, publish_at=WEDNESDAY)
    with pytest.raises(ActionRefused, match="not linked to a clinician"):
        approve(own, by=make_user("noname"), publish_at=WEDNESDAY)
    Reference.objects.filter(key="zhao2025").update(status="retracted", status_reason="Data were made up.")
    with pytest.raises(ActionRefused, match="Data were made up"):
        approve(own, by=make_reviewer("ruth", "Ruth Okafor"), publish_at=WEDNESDAY)


def test_a_scheduled_revision_cannot_be_decided_again(clock, rosa):
    revision = scheduled(make_article(), rosa)
    ruth = make_reviewer("ruth", "Ruth Okafor")
    with pytest.raises(ActionRefused, match="no longer waiting"):
        approve(revision, by=ruth)
    with pytest.raises(ActionRefused, match="no longer waiting"):
        request_changes(revision, by=ruth, reason="Too late.")


def test_while_a_revision_is_scheduled_saving_works_and_submitting_is_refused(clock, ana, rosa):
    article = make_article()
    scheduled(article, rosa)
    with pytest.raises(ActionRefused, match="Revision 1 is approved and will be published on 25 November 2026, 09:00"):
        submit_for_review(article, by=ana)
    article.refresh_from_db()
    save_working_copy(article, by=ana, seen_version=article.version)

    clock.move_to(WEDNESDAY)
    publish_due(timezone.now())
    assert submit_for_review(article, by=ana).number == 2


def test_constraints_on_scheduled_revisions(clock, ana, rosa):
    article = make_article()
    revision = scheduled(article, rosa)
    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.filter(pk=revision.pk).update(publish_at=None)
    revision.pk, revision.number, revision.state = None, 2, RevisionState.IN_REVIEW
    with pytest.raises(IntegrityError), transaction.atomic():
        revision.save(force_insert=True)


def test_calling_back_cancels_the_publication_and_records_the_reason(clock, ana, rosa):
    article = make_article()
    revision = scheduled(article, rosa)
    ruth = make_reviewer("ruth", "Ruth Okafor")
    clock.shift(timedelta(hours=1))

    call_back(revision, by=ruth, reason="The dose is wrong.")

    revision.refresh_from_db()
    assert (revision.state, revision.reviewer, revision.last_reviewed) == (RevisionState.CHANGES_REQUESTED, None, None)
    assert [review.get_decision_display() for review in revision.reviews.all()] == ["Changes requested", "Approved"]
    assert revision.reviews.first().reason == "The dose is wrong."
    assert "before its day: The dose is wrong." in LogEntry.objects.latest("pk").change_message
    clock.move_to(WEDNESDAY)
    assert publish_due(timezone.now()).published == 0
    assert live(article) is None
    assert submit_for_review(article, by=ana).number == 2


def test_an_author_may_call_back_but_not_without_a_reason_or_clinician(clock, rosa):
    ruth = make_reviewer("ruth", "Ruth Okafor")
    revision = approve(submit_for_review(make_article(), by=ruth), by=rosa, publish_at=WEDNESDAY)
    with pytest.raises(ActionRefused, match="Say why"):
        call_back(revision, by=ruth, reason=" ")
    with pytest.raises(ActionRefused, match="not linked to a clinician"):
        call_back(revision, by=make_user("noname"), reason="No.")
    call_back(revision, by=ruth, reason="I found a mistake.")
    with pytest.raises(ActionRefused, match="not waiting for its day"):
        call_back(revision, by=ruth, reason="Again.")


def test_text_that_was_called_back_counts_as_unreviewed(clock, ana, rosa):
    """Restored by a colleague, it keeps its author as a contributor, who must not approve it."""
    ruth = make_reviewer("ruth", "Ruth Okafor")
    article = make_article()
    revision = approve(submit_for_review(article, by=ruth), by=rosa, publish_at=WEDNESDAY)
    call_back(revision, by=rosa, reason="Not yet.")
    revision.refresh_from_db()
    restore(revision, by=ana)
    with pytest.raises(ActionRefused, match="You wrote this revision"):
        approve(submit_for_review(article, by=ana), by=ruth)


def test_a_page_is_withdrawn_on_its_day_with_its_reason(clock, ana, client):
    article = make_published_article()
    schedule_withdrawal(article, at=WEDNESDAY, by=ana, reason="The trial ends.")
    clock.move_to(WEDNESDAY - timedelta(seconds=1))
    assert publish_due(timezone.now()).withdrawn == 0
    assert client.get(article.get_absolute_url()).status_code == 200

    clock.move_to(WEDNESDAY + timedelta(days=1))
    assert publish_due(timezone.now()).withdrawn == 1

    assert client.get(article.get_absolute_url()).status_code in {404, 410}
    article.refresh_from_db()
    revision = article.revisions.get()
    assert (article.live, article.withdraw_at, article.withdraw_reason) == (None, None, "")
    assert (revision.state, revision.withdrawn_at) == (RevisionState.WITHDRAWN, timezone.now())
    entries = LogEntry.objects.filter(user=ana).order_by("pk").values_list("change_message", flat=True)
    assert list(entries) == [
        "Decided to withdraw the page on 25 November 2026, 09:00: The trial ends.",
        "Withdrew the page, as scheduled: The trial ends.",
    ]
    assert withdraw_scheduled(article.pk, timezone.now()) is False


def test_scheduling_a_withdrawal_needs_a_page_a_reason_and_a_future_day(clock, ana):
    with pytest.raises(ActionRefused, match="not published"):
        schedule_withdrawal(make_article("draft"), at=WEDNESDAY, by=ana, reason="Old.")
    article = make_published_article()
    with pytest.raises(ActionRefused, match="Give a reason"):
        schedule_withdrawal(article, at=WEDNESDAY, by=ana, reason=" ")
    with pytest.raises(ActionRefused, match="is in the past"):
        schedule_withdrawal(article, at=MONDAY, by=ana, reason="Old.")


def test_a_scheduled_withdrawal_can_be_moved_and_cancelled(clock, ana):
    article = make_published_article()
    schedule_withdrawal(article, at=WEDNESDAY, by=ana, reason="The trial ends.")
    schedule_withdrawal(article, at=WEDNESDAY + timedelta(days=7), by=ana, reason="It ends later.")
    clock.move_to(WEDNESDAY)
    assert publish_due(timezone.now()).withdrawn == 0

    cancel_withdrawal(article, by=ana)
    assert LogEntry.objects.latest("pk").change_message == (
        "The page stays: it will not be withdrawn on 2 December 2026, 09:00."
    )
    with pytest.raises(ActionRefused, match="No day is set"):
        cancel_withdrawal(article, by=ana)
    clock.move_to(WEDNESDAY + timedelta(days=30))
    assert publish_due(timezone.now()).withdrawn == 0
    assert live(article) is not None


def test_withdrawing_at_once_clears_the_scheduled_withdrawal(clock, ana, rosa):
    article = make_published_article()
    schedule_withdrawal(article, at=WEDNESDAY, by=ana, reason="The trial ends.")
    withdraw(article, by=ana, reason="Now.")
    approve(submit_for_review(article, by=ana), by=rosa)
    clock.move_to(WEDNESDAY)
    assert publish_due(timezone.now()).withdrawn == 0
    assert live(article).number == 2


@pytest.mark.parametrize(("goes_first", "is_public"), [(True, True), (False, False)])
def test_after_missed_runs_everything_happens_in_order(clock, ana, rosa, goes_first, is_public):
    article = make_published_article()
    apart = timedelta(days=-1 if goes_first else 1)
    scheduled(article, rosa)
    schedule_withdrawal(article, at=WEDNESDAY + apart, by=ana, reason="The trial ends.")
    clock.move_to(WEDNESDAY + timedelta(days=5))

    kept = publish_due(timezone.now())

    assert (kept.published, kept.withdrawn) == (1, 1)
    assert (live(article) is not None) == is_public


def test_due_steps_are_listed_earliest_first(clock, ana, rosa):
    page = make_published_article("psoriasis", title="Psoriasis")
    schedule_withdrawal(page, at=WEDNESDAY + timedelta(hours=1), by=ana, reason="Old.")
    scheduled(make_article("acne", title="Acne"), rosa, at=WEDNESDAY + timedelta(hours=2))
    scheduled(make_article("rosacea", title="Rosacea"), rosa)
    assert due_steps(MONDAY) == []
    names = [name for _moment, name, _step, _pk in due_steps(WEDNESDAY + timedelta(hours=3))]
    assert names == ["Rosacea · 1", "Psoriasis", "Acne · 1"]


def test_the_content_loader_skips_a_page_with_a_scheduled_revision(clock, rosa):
    article = make_article()
    publish_awaiting_review(submit_for_review(article))
    scheduled(article, rosa)
    article.refresh_from_db()

    writing._publish(article)

    assert (article.revisions.count(), live(article).number) == (2, 1)
