import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction

from education.actions import (
    ActionRefused,
    WorkingCopyChanged,
    approve,
    publish_awaiting_review,
    request_changes,
    restore,
    save_working_copy,
    snapshot,
    submit_for_review,
    withdraw,
)
from education.actions.articles import freeze
from education.models import Article, CareCard, Reference, Review, Revision, RevisionState
from tests.education.factories import make_article, make_published_article, make_reviewer, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return make_user("ana", first_name="Ana")


@pytest.fixture
def rosa():
    return make_reviewer()


@pytest.fixture
def last_of_march():
    with time_machine.travel("2026-03-31 12:00:00+00:00", tick=False):
        yield


def test_submitting_freezes_the_saved_text_and_leaves_the_public_page(ana):
    article = make_published_article()
    live = article.live
    article.title = "Eczema: a new title"
    article.save()

    revision = submit_for_review(article, by=ana, note="New title only.")

    article.refresh_from_db()
    assert article.live == live
    assert (revision.number, revision.title, revision.note) == (2, "Eczema: a new title", "New title only.")
    assert revision.state == RevisionState.IN_REVIEW
    assert revision.reference_keys == ["zhao2025", "petersen2019"]
    assert set(revision.references.values_list("key", flat=True)) == {"zhao2025", "petersen2019"}


def test_empty_lines_are_ignored(ana):
    article = make_article(key_points="One.\r\n\r\n  Two. \r\nThree.\r\n", questions="\r\nWhich cream?\r\n")
    article.care_cards.create(level="urgent", heading="Ask today if:", items="fever\n\n", advice="")

    revision = submit_for_review(article, by=ana)

    assert revision.key_points == ["One.", "Two.", "Three."]
    assert revision.questions == ["Which cream?"]
    assert revision.care_cards[0]["items"] == ["fever"]


def test_a_second_submission_is_refused_while_one_waits(ana):
    article = make_article()
    submit_for_review(article, by=ana)
    with pytest.raises(ActionRefused, match="already waiting"):
        submit_for_review(article, by=ana)
    assert article.revisions.count() == 1


def test_the_database_refuses_two_waiting_revisions(ana):
    article = make_article()
    revision = submit_for_review(article, by=ana)
    revision.pk, revision.number = None, 2
    with pytest.raises(IntegrityError), transaction.atomic():
        revision.save(force_insert=True)


def test_submission_lists_every_reason_against_it(ana):
    article = make_article(key_points="One.", body="<p>A miracle cure.</p>", conflicts_of_interest="")
    with pytest.raises(ActionRefused) as refusal:
        submit_for_review(article, by=ana)
    reasons = " ".join(str(reason) for reason in refusal.value.reasons)
    for words in ("three to five", "heading of the second level", "miracle", "cure", "cites no reference", "conflicts"):
        assert words in reasons
    assert not Revision.objects.exists()


def test_a_page_that_names_nothing_to_do_is_neither_submitted_nor_approved(ana, rosa):
    article = make_article(actions="")
    with pytest.raises(ActionRefused, match="“What you can do” is missing"):
        submit_for_review(article, by=ana)
    # As one that was submitted before this was a rule.
    revision = freeze(article, author=ana)

    with pytest.raises(ActionRefused, match="“What you can do” is missing"):
        approve(revision, by=rosa)
    with pytest.raises(ActionRefused, match="“What you can do” is missing"):
        publish_awaiting_review(revision)

    assert not Article.objects.published().exists()


def test_hostile_html_is_cleaned_when_it_is_frozen(ana):
    article = make_article()
    Article.objects.filter(pk=article.pk).update(
        body=article.body + '<script>alert(1)</script><p onclick="x()">End</p>'
    )
    revision = submit_for_review(article, by=ana)
    assert "script" not in revision.body + revision.body_html
    assert "onclick" not in revision.body + revision.body_html


def test_a_pasted_cite_without_a_reference_becomes_plain_text(ana):
    article = make_article()
    article.body += "<p>See <cite>The Lancet</cite> and <dfn>this</dfn>.</p>"
    article.save()
    revision = submit_for_review(article, by=ana)
    assert "See The Lancet and this." in revision.body_html
    assert revision.reference_keys == ["zhao2025", "petersen2019"]
    assert [entry["slug"] for entry in revision.glossary] == ["skin-barrier"]


def test_a_preview_saves_nothing():
    article = make_article()
    preview = snapshot(article)
    assert preview.pk is None
    assert 'href="#ref-1"' in preview.body_html
    assert not Revision.objects.exists()


def test_approving_publishes_exactly_this_revision_signed_and_dated(ana, rosa, last_of_march):
    article = make_article()
    revision = submit_for_review(article, by=ana)
    Article.objects.filter(pk=article.pk).update(title="Edited while it waited")

    approve(revision, by=rosa)

    article.refresh_from_db()
    live = article.live
    assert (live.pk, live.title, live.state) == (revision.pk, "Eczema and your gut", RevisionState.PUBLISHED)
    assert live.reviewer == rosa.clinician
    assert live.last_reviewed.isoformat() == "2026-03-31"
    # 31 March 2029 is a Saturday.
    assert live.next_review_due.isoformat() == "2029-03-30"
    review = Review.objects.get()
    assert (review.user, review.clinician, review.next_review_due) == (rosa, rosa.clinician, live.next_review_due)


def test_a_therapy_is_due_for_review_after_a_year(ana, rosa, last_of_march):
    revision = submit_for_review(make_article("probiotics", kind="therapy"), by=ana)
    assert approve(revision, by=rosa).next_review_due.isoformat() == "2027-03-31"


def test_the_previous_revision_is_superseded(ana):
    article = make_published_article()
    first = article.live
    second = submit_for_review(article, by=ana)
    approve(second, by=first.reviewer.user)
    first.refresh_from_db()
    assert first.state == RevisionState.SUPERSEDED
    assert article.revisions.filter(state=RevisionState.PUBLISHED).count() == 1


def test_authors_cannot_approve_their_own_revision(rosa):
    revision = submit_for_review(make_article(), by=rosa)
    with pytest.raises(ActionRefused, match="You wrote this revision"):
        approve(revision, by=rosa)
    with pytest.raises(ActionRefused, match="You wrote this revision"):
        request_changes(revision, by=rosa, reason="No.")
    revision.refresh_from_db()
    assert revision.state == RevisionState.IN_REVIEW
    assert not Review.objects.exists()


def test_a_contributor_cannot_approve_a_revision_that_a_colleague_submitted(ana, rosa):
    article = make_article()
    save_working_copy(article, by=rosa, seen_version=1)
    revision = submit_for_review(article, by=ana)
    with pytest.raises(ActionRefused, match="or a part of it"):
        approve(revision, by=rosa)


def test_a_revision_that_was_sent_back_passes_on_its_contributors(ana, rosa):
    """Rosa contributes, Ana is asked for changes and submits again: the text is still partly Rosa's."""
    article = make_article()
    save_working_copy(article, by=rosa, seen_version=1)
    request_changes(submit_for_review(article, by=ana), by=make_reviewer("ruth", "Ruth Okafor"), reason="Shorter.")
    save_working_copy(article, by=ana, seen_version=2)
    revision = submit_for_review(article, by=ana)

    with pytest.raises(ActionRefused, match="or a part of it"):
        approve(revision, by=rosa)


def test_text_that_a_colleague_has_approved_counts_as_reviewed(ana, rosa):
    article = make_article()
    save_working_copy(article, by=rosa, seen_version=1)
    approve(submit_for_review(article, by=rosa), by=make_reviewer("ruth", "Ruth Okafor"))
    save_working_copy(article, by=ana, seen_version=2)

    assert approve(submit_for_review(article, by=ana), by=rosa).state == RevisionState.PUBLISHED


def test_a_reviewer_without_a_clinician_is_refused(ana):
    revision = submit_for_review(make_article(), by=ana)
    with pytest.raises(ActionRefused, match="not linked to a clinician"):
        approve(revision, by=make_user("noname"))


def test_a_source_retracted_since_submission_stops_the_approval(ana, rosa):
    revision = submit_for_review(make_article(), by=ana)
    Reference.objects.filter(key="zhao2025").update(status="retracted", status_reason="Data were made up.")
    with pytest.raises(ActionRefused, match="Data were made up"):
        approve(revision, by=rosa)
    revision.article.refresh_from_db()
    assert revision.article.live is None


def test_a_revision_is_decided_once(ana, rosa):
    revision = submit_for_review(make_article(), by=ana)
    approve(revision, by=rosa)
    with pytest.raises(ActionRefused, match="no longer waiting"):
        approve(revision, by=rosa)
    with pytest.raises(ActionRefused, match="no longer waiting"):
        request_changes(revision, by=rosa, reason="Too late.")
    assert Review.objects.count() == 1


def test_requesting_changes_keeps_the_reason_and_the_public_page(ana):
    article = make_published_article()
    revision = submit_for_review(article, by=ana)
    request_changes(revision, by=article.live.reviewer.user, reason="Say how many people took part.")
    revision.refresh_from_db()
    article.refresh_from_db()
    assert revision.state == RevisionState.CHANGES_REQUESTED
    assert revision.reviews.get().reason == "Say how many people took part."
    assert article.live.number == 1
    assert submit_for_review(article, by=ana).number == 3


def test_requesting_changes_needs_a_reason(ana, rosa):
    revision = submit_for_review(make_article(), by=ana)
    with pytest.raises(ActionRefused, match="what has to change"):
        request_changes(revision, by=rosa, reason="  ")


def test_withdrawing_unpublishes_the_page_and_deletes_nothing(ana):
    article = make_published_article()
    withdraw(article, by=ana, reason="New safety warning.")
    article.refresh_from_db()
    revision = article.revisions.get()
    assert article.live is None
    assert revision.state == RevisionState.WITHDRAWN
    assert revision.withdrawn_at is not None
    assert "New safety warning." in LogEntry.objects.filter(user=ana).latest("pk").change_message


def test_withdrawing_needs_a_reason_and_a_published_page(ana):
    article = make_published_article()
    with pytest.raises(ActionRefused, match="Give a reason"):
        withdraw(article, by=ana, reason="")
    withdraw(article, by=ana, reason="Outdated.")
    with pytest.raises(ActionRefused, match="not published"):
        withdraw(article, by=ana, reason="Again.")


def test_a_withdrawn_page_is_published_again_by_a_new_review(ana):
    article = make_published_article()
    reviewer = article.live.reviewer.user
    withdraw(article, by=ana, reason="Outdated.")
    approve(submit_for_review(article, by=ana), by=reviewer)
    article.refresh_from_db()
    assert article.live.number == 2


def test_restoring_changes_only_the_working_copy(ana):
    article = make_article()
    other = make_article("psoriasis", title="Psoriasis and your gut")
    article.related.add(other)
    article.care_cards.create(level="urgent", heading="Ask today if:", items="fever\nrash", advice="Go soon.")
    first = submit_for_review(article, by=ana)
    approve(first, by=make_reviewer())
    article.refresh_from_db()
    article.title, article.body = "Something else", "<p>Gone.</p>"
    article.save()
    article.related.clear()
    article.care_cards.update(level="emergency", heading="Call now if:")

    restore(first, by=ana)

    article.refresh_from_db()
    card = CareCard.objects.get()
    assert (article.title, article.body) == ("Eczema and your gut", first.body)
    assert list(article.related.all()) == [other]
    assert (card.level, card.heading, card.items, card.advice) == ("urgent", "Ask today if:", "fever\nrash", "Go soon.")
    assert (article.version, article.updated_by) == (2, ana)
    assert article.live == first


def test_saving_over_an_unseen_version_is_refused(ana):
    article = make_article()
    mine = Article.objects.get(pk=article.pk)
    article.title = "Theirs"
    save_working_copy(article, by=ana, seen_version=1)
    mine.title = "Mine"
    with pytest.raises(WorkingCopyChanged):
        save_working_copy(mine, by=ana, seen_version=1)
    stored = Article.objects.get(pk=article.pk)
    assert (stored.title, stored.version) == ("Theirs", 2)


def test_saving_does_not_undo_a_publication_made_in_the_meantime(ana, rosa):
    article = make_article()
    opened = Article.objects.get(pk=article.pk)
    approve(submit_for_review(article, by=ana), by=rosa)
    save_working_copy(opened, by=ana, seen_version=1)
    assert Article.objects.get(pk=article.pk).is_published


def test_the_content_loader_publishes_unreviewed_pages_but_not_over_reviewed_ones(ana):
    article = make_article()
    publish_awaiting_review(submit_for_review(article))
    article.refresh_from_db()
    assert article.is_published
    assert not article.live.is_reviewed

    reviewed = make_published_article("psoriasis")
    with pytest.raises(ActionRefused, match="no one has reviewed"):
        publish_awaiting_review(submit_for_review(reviewed))


def test_every_action_is_in_the_history(ana, rosa):
    article = make_article()
    revision = submit_for_review(article, by=ana)
    approve(revision, by=rosa)
    restore(revision, by=ana)
    messages = list(LogEntry.objects.order_by("pk").values_list("user__username", "change_message"))
    assert messages == [
        ("ana", "Submitted revision 1 for review."),
        ("rosa", "Approved revision 1."),
        ("ana", "Restored revision 1."),
    ]


def test_restoring_unreviewed_text_keeps_its_contributors(ana, rosa):
    article = make_article()
    save_working_copy(article, by=rosa, seen_version=1)
    sent_back = submit_for_review(article, by=rosa)
    ruth = make_reviewer("ruth", "Ruth Okafor")
    request_changes(sent_back, by=ruth, reason="Say how many.")
    approve(submit_for_review(article, by=ana), by=ruth)

    restore(sent_back, by=ana)
    with pytest.raises(ActionRefused, match="You wrote this revision"):
        approve(submit_for_review(article, by=ana), by=rosa)


def test_text_saved_after_the_author_opened_the_page_is_not_submitted(ana):
    article = make_article()
    seen = str(article.version)
    save_working_copy(article, by=make_user("ben"), seen_version=article.version)
    with pytest.raises(WorkingCopyChanged, match="Read it again"):
        submit_for_review(article, by=ana, seen=seen)
    assert submit_for_review(article, by=ana, seen=str(article.version)).number == 1
