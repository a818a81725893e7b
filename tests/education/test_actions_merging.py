"""Merging two records of one paper."""

import pytest
from django.contrib.admin.models import LogEntry

from education.actions import (
    ActionRefused,
    WorkingCopyChanged,
    merge_references,
    revise_statement,
    save_working_copy,
    submit_for_review,
)
from education.models import Article, EvidenceStatement, Reference, ReferenceCheck
from tests.education.checked_paper import checked, paper, stored
from tests.education.factories import make_article, make_published_article, make_reference, make_statement

pytestmark = pytest.mark.django_db

# Merging


def test_citations_of_the_duplicate_move_to_the_kept_reference(ana):
    article, another = make_article(), make_article("psoriasis")
    statements = [make_statement(article, slug=f"statement-{number}") for number in range(2)]
    kept = make_reference("zhao2025b")
    duplicate = Reference.objects.get(key="zhao2025")
    merge_references(duplicate, into=kept, by=ana)
    for text in (article, another):
        text.refresh_from_db()
        assert 'data-ref="zhao2025b"' in text.body
        assert 'data-ref="zhao2025"' not in text.body
        assert 'data-ref="petersen2019"' in text.body
        assert (text.version, text.updated_by) == (2, ana)
    assert [list(s.references.values_list("key", flat=True)) for s in statements] == [["zhao2025b"]] * 2
    duplicate.refresh_from_db()
    assert duplicate.merged_into == kept
    messages = {entry.get_change_message() for entry in LogEntry.objects.all()}
    assert messages == {"Merged zhao2025 into zhao2025b."}
    assert LogEntry.objects.count() == 6


def test_an_author_with_the_text_open_is_told_of_the_change(ana):
    article = make_article()
    kept = make_reference("zhao2025b")
    merge_references(Reference.objects.get(key="zhao2025"), into=kept, by=ana)
    with pytest.raises(WorkingCopyChanged):
        save_working_copy(article, by=ana, seen_version=1)


def test_frozen_revisions_keep_the_key_they_were_frozen_with(ana):
    article = make_published_article()
    before = article.live.body_html
    merge_references(Reference.objects.get(key="zhao2025"), into=make_reference("zhao2025b"), by=ana)
    article.live.refresh_from_db()
    assert article.live.reference_keys == ["zhao2025", "petersen2019"]
    assert article.live.body_html == before
    submit_for_review(Article.objects.get(pk=article.pk), by=ana)
    assert article.revisions.first().reference_keys == ["zhao2025b", "petersen2019"]


def test_a_statement_that_cited_both_cites_one(ana):
    article, kept = make_article(), make_reference("zhao2025b")
    duplicate = Reference.objects.get(key="zhao2025")
    statement = make_statement(article, references=[kept, duplicate])
    draft = revise_statement(statement, by=ana)
    merge_references(duplicate, into=kept, by=ana)
    assert [one.references.get().key for one in EvidenceStatement.objects.filter(pk__in=[statement.pk, draft.pk])] == [
        "zhao2025b",
        "zhao2025b",
    ]


def test_merging_makes_a_contributor_who_cannot_approve(ana):
    draft = make_statement(make_article(), state="draft")
    merge_references(Reference.objects.get(key="zhao2025"), into=make_reference("zhao2025b"), by=ana)
    assert draft.was_written_by(ana)


def test_locators_are_kept_and_repeated_citations_are_joined(ana):
    make_article(
        body='<p>A<cite data-ref="zhao2025"></cite> <cite data-ref="zhao2025b"></cite> '
        'B<cite data-ref="zhao2025" data-locator="p. 4"></cite> C<cite data-ref="zhao2025bc"></cite></p>'
    )
    merge_references(Reference.objects.get(key="zhao2025"), into=make_reference("zhao2025b"), by=ana)
    assert Article.objects.get().body == (
        '<p>A<cite data-ref="zhao2025b"></cite> '
        'B<cite data-ref="zhao2025b" data-locator="p. 4"></cite> C<cite data-ref="zhao2025bc"></cite></p>'
    )


def test_the_kept_reference_gets_missing_confirmed_fields(ana):
    kept = make_reference("kept", doi="", volume="56", finding="")
    duplicate = make_reference(
        "duplicate", doi="10.1234/abc", volume="5", page="1-20", finding="It helps.", unconfirmed_fields=["page"]
    )
    merge_references(duplicate, into=kept, by=ana)
    kept.refresh_from_db()
    assert (kept.doi, kept.volume, kept.page, kept.finding) == ("10.1234/abc", "56", "", "It helps.")


def test_duplicates_of_a_duplicate_are_moved_along(ana):
    first, second, third = (make_reference(key) for key in ("first", "second", "third"))
    merge_references(first, into=second, by=ana)
    merge_references(second, into=third, by=ana)
    first.refresh_from_db()
    assert first.merged_into == third
    with pytest.raises(ActionRefused, match="first is already a duplicate, of third"):
        merge_references(third, into=first, by=ana)
    with pytest.raises(ActionRefused, match="second is already a duplicate, of third"):
        merge_references(second, into=third, by=ana)
    with pytest.raises(ActionRefused, match="cannot be merged into itself"):
        merge_references(third, into=third, by=ana)


def test_a_merge_cannot_hide_a_retraction(ana):
    bad = make_reference("bad", status="retracted", status_reason="Made up.")
    good = make_reference("good")
    for duplicate, kept in ((bad, good), (good, bad)):
        with pytest.raises(ActionRefused, match="both need the same status"):
            merge_references(duplicate, into=kept, by=ana)
    assert not Reference.objects.filter(merged_into__isnull=False).exists()


def test_checks_are_kept_after_a_merge(ana):
    duplicate, kept = stored(key="duplicate"), make_reference("kept")
    checked(duplicate, paper())
    merge_references(duplicate, into=kept, by=ana)
    assert ReferenceCheck.objects.get().reference == duplicate
