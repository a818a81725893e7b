import pytest

from education.actions import ActionRefused, approve_statement, content_digest, revise_statement
from education.models import EvidenceStatement
from tests.education.factories import make_article, make_reviewer, make_statement, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def statement():
    return make_statement(make_article())


def test_revising_makes_a_draft_and_leaves_the_published_statement(statement):
    ana = make_user("ana")
    draft = revise_statement(statement, by=ana)
    statement.refresh_from_db()
    assert (draft.state, draft.replaces, draft.author) == ("draft", statement, ana)
    assert list(draft.references.all()) == list(statement.references.all())
    assert draft.reviewed_by is None
    assert statement.state == "published"


def test_revising_twice_gives_the_same_draft(statement):
    ana = make_user("ana")
    assert revise_statement(statement, by=ana) == revise_statement(statement, by=make_user("ben"))


def test_a_draft_cannot_be_revised(statement):
    draft = revise_statement(statement, by=make_user("ana"))
    with pytest.raises(ActionRefused, match="Only a published statement"):
        revise_statement(draft, by=make_user("ben"))


def test_approving_replaces_the_old_statement(statement):
    rosa = make_reviewer()
    draft = revise_statement(statement, by=make_user("ana"))
    draft.certainty, draft.sentence = "low", "Probiotics may make little or no difference to eczema symptoms."
    draft.save()

    approve_statement(draft, by=rosa)

    statement.refresh_from_db()
    published = EvidenceStatement.objects.published().get()
    assert (published.pk, published.reviewed_by) == (draft.pk, rosa.clinician)
    assert statement.state == "superseded"


def test_authors_cannot_approve_their_own_statement(statement):
    rosa = make_reviewer()
    draft = revise_statement(statement, by=rosa)
    with pytest.raises(ActionRefused, match="You wrote this statement"):
        approve_statement(draft, by=rosa)
    assert EvidenceStatement.objects.published().get() == statement


def test_approving_needs_a_clinician(statement):
    draft = revise_statement(statement, by=make_user("ana"))
    with pytest.raises(ActionRefused, match="not linked to a clinician"):
        approve_statement(draft, by=make_user("noname"))


def test_a_sentence_without_the_word_of_its_certainty_is_refused(statement):
    draft = revise_statement(statement, by=make_user("ana"))
    EvidenceStatement.objects.filter(pk=draft.pk).update(sentence="Probiotics make no difference.")
    with pytest.raises(ActionRefused, match="probably"):
        approve_statement(draft, by=make_reviewer())


def test_a_superseded_statement_cannot_be_approved(statement):
    rosa = make_reviewer()
    approve_statement(revise_statement(statement, by=make_user("ana")), by=rosa)
    with pytest.raises(ActionRefused, match="replaced by a newer one"):
        approve_statement(statement, by=rosa)


def test_a_second_statement_with_the_same_slug_is_refused_with_a_reason(statement):
    twin = make_statement(statement.condition, state="draft")
    with pytest.raises(ActionRefused, match="probiotics-eczema"):
        approve_statement(twin, by=make_reviewer())


def test_a_seeded_statement_is_signed_as_it_is_and_once_only(statement):
    rosa = make_reviewer()
    signed = approve_statement(statement, by=rosa)
    with pytest.raises(ActionRefused, match="This statement is signed and published"):
        approve_statement(signed, by=rosa)
    assert (signed.state, signed.sentence, signed.reviewed_by) == ("published", statement.sentence, rosa.clinician)
    assert signed.reviewed_on is not None


@pytest.mark.parametrize(
    "change", [{"sentence": "Probiotics probably ease eczema."}, {"why": "A newer trial."}, {"outcome": "Itch"}]
)
def test_a_draft_changed_after_the_reviewer_opened_it_is_not_approved(statement, change):
    draft = revise_statement(statement, by=make_user("ana"))
    seen = content_digest(draft)
    EvidenceStatement.objects.filter(pk=draft.pk).update(**change)
    with pytest.raises(ActionRefused, match="was changed after you opened"):
        approve_statement(draft, by=make_reviewer(), seen=seen)
    assert EvidenceStatement.objects.published().get() == statement


def test_a_change_of_references_after_the_reviewer_opened_it_counts_too(statement):
    draft = revise_statement(statement, by=make_user("ana"))
    seen = content_digest(draft)
    draft.references.clear()
    assert content_digest(draft) != seen
