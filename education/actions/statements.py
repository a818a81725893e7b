"""A published evidence statement is revised as a draft beside it, which someone else approves."""

import hashlib
import json

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from education import publication_rules, search
from education.actions.publication import log_change
from education.evidence_numbers import stored_numbers
from education.models import Clinician, EvidenceStatement, Reference
from gutskin.exceptions import ActionRefused

State = EvidenceStatement.State
# Without slug and language, which a reader does not see.
APPROVED_FIELDS = [
    "condition_id", "intervention_id", "therapy_id", "outcome", "effect", "certainty", "sentence", "why",
    "recommended_by", "direction", "strength", "certainty_beneath", "search_where", "search_words", "search_date",
    "search_by", "search_read", "search_nearest", "staff_note",
]  # fmt: skip


def content_digest(statement) -> str:
    """SHA-256 of everything that an approval signs. It shows whether a reviewer has seen what is stored now."""
    content = {name: getattr(statement, name) for name in APPROVED_FIELDS}
    content["references"] = sorted(statement.references.values_list("key", flat=True))
    content["numbers"] = stored_numbers(statement)
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


@transaction.atomic
def revise_statement(statement, *, by):
    """Returns a draft copy of a published statement, to be edited and approved; a second call returns the same draft.

    The public page does not change. Raises ActionRefused for a statement that is not published.
    """
    if statement.state != State.PUBLISHED:
        raise ActionRefused(_("Only a published statement can be revised. This one can be edited as it is."))
    # The button may be pressed twice, or by two people.
    existing = EvidenceStatement.objects.filter(replaces=statement, state=State.DRAFT).first()
    if existing:
        return existing
    draft = EvidenceStatement.objects.get(pk=statement.pk)
    # Django's way to copy a row (docs.djangoproject.com/en/5.2/topics/db/queries/#copying-model-instances).
    draft.pk, draft._state.adding = None, True
    draft.state, draft.replaces, draft.author = State.DRAFT, statement, by
    draft.reviewed_by = draft.reviewed_on = None
    draft.loaded_digest = ""
    draft.save()
    draft.references.set(Reference.objects.filter(evidencestatement=statement))
    for number in statement.numbers.order_by("pk"):
        number.pk, number._state.adding, number.statement = None, True, draft
        number.save()
    log_change(draft, by=by, message=_("Started a new version of this statement."))
    return draft


@transaction.atomic
def approve_statement(statement, *, by, seen=None):
    """Publishes a draft in place of the statement that it replaces, signed and dated today, and returns it.

    `seen` is the content_digest() of what the reviewer read; None skips that check. Raises ActionRefused if the content
    has changed, if `by` contributed to it or has no clinician record, or for anything that stops its publication.
    """
    statement = EvidenceStatement.objects.select_for_update(of=["self"]).get(pk=statement.pk)
    if seen is not None and seen != content_digest(statement):
        raise ActionRefused(_("This statement was changed after you opened the page. Read it again before you sign."))
    clinician = Clinician.objects.filter(user=by).first()
    if statement.state == State.SUPERSEDED:
        raise ActionRefused(_("This statement has been replaced by a newer one."))
    if not statement.waits_for_signature:
        raise ActionRefused(_("This statement is signed and published. To change it, start a draft."))
    if clinician is None:
        raise ActionRefused(_("Your account is not linked to a clinician. Ask an administrator to link it."))
    if statement.was_written_by(by):
        raise ActionRefused(_("You wrote this statement, or a part of it. Someone else has to approve it."))
    if problems := publication_rules.statement_problems(statement):
        raise ActionRefused(*problems)
    # Says in words what the constraint one_published_statement_of_a_slug would refuse.
    namesake = EvidenceStatement.objects.published().filter(language=statement.language, slug=statement.slug)
    if namesake.exclude(pk__in=[statement.pk, statement.replaces_id or statement.pk]).exists():
        raise ActionRefused(
            _("Another published statement has the short name “%(slug)s”. Revise that one, or choose another name.")
            % {"slug": statement.slug}
        )
    # Superseded first: the constraint allows one published statement for each slug.
    if statement.replaces_id:
        EvidenceStatement.objects.filter(pk=statement.replaces_id).update(state=State.SUPERSEDED)
        search.unindex_statement(statement.replaces)
    statement.state = State.PUBLISHED
    statement.reviewed_by, statement.reviewed_on = clinician, timezone.localdate()
    statement.shown_numbers = stored_numbers(statement)
    statement.save()
    search.index_statement(statement)
    log_change(statement, by=by, message=_("Approved the statement."))
    return statement
