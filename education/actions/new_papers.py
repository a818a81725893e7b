"""What a person decides about a paper that PubMed was found to have. Nothing is published by it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from education.actions.publication import log_change
from education.actions.references import add_reference, record_check
from education.actions.statements import revise_statement
from education.models import Certainty, Effect, EvidenceStatement, NewPaper, Reference, ReferenceCheck
from education.references import pubmed
from education.references.client import RegisterClient
from education.references.duplicates import KnownReferences
from education.references.exceptions import NotFound, Unreachable, Unreadable
from education.references.record import Record
from education.references.registers import compare
from gutskin import limits
from gutskin.exceptions import ActionRefused

Decision, State = NewPaper.Decision, EvidenceStatement.State
# In place of a statement: it is to be written.
NEW_STATEMENT = "new"


@transaction.atomic
def decide_new_papers(papers, *, decision, by, note="", statement=None) -> EvidenceStatement | None:
    """Stores the decision about each of the papers, and returns the draft that they belong to, if there is one.

    `statement` is a draft or a published statement of their cell, which is revised; or NEW_STATEMENT. Raises
    ActionRefused, and decides nothing, if one of the papers was decided, or if something is missing. If the same
    person sends the same decision again, as with a double click, nothing changes and the first draft is returned.
    """
    ids = [paper.pk for paper in papers]
    papers = list(NewPaper.objects.select_for_update(of=["self"]).filter(pk__in=ids).order_by("pk"))
    if papers and all(_is_the_same(paper, decision, by, note.strip(), statement) for paper in papers):
        return papers[0].statement
    _check(papers, decision, note.strip(), statement)
    draft = _draft(papers[0].question, statement, by) if statement else None
    now = timezone.now()
    for paper in papers:
        paper.decision, paper.note, paper.decided_at, paper.decided_by = decision, note.strip(), now, by
        paper.statement = draft
        paper.save(update_fields=["decision", "note", "decided_at", "decided_by", "statement"])
        message = _("Decided: %(decision)s. %(note)s") % {"decision": Decision(decision).label, "note": note.strip()}
        log_change(paper, by=by, message=message.strip())
    return draft


def _is_the_same(paper, decision, by, note, statement):
    values = (paper.decision, paper.decided_by_id, paper.note, paper.statement_id is not None)
    return paper.is_decided and values == (decision, by.pk, note, bool(statement))


def _check(papers, decision, note, statement):
    decided = [paper for paper in papers if paper.is_decided]
    if decided or not papers:
        raise ActionRefused(_("Somebody has decided about this since you opened the page. Look at the list again."))
    if decision not in Decision.values:
        raise ActionRefused(_("Choose what the papers mean."))
    if decision != Decision.SUPPORTS and not note:
        raise ActionRefused(_("Say why. Your colleagues, and readers of a statement that changes, want to know."))
    if decision == Decision.CHANGES and not statement:
        raise ActionRefused(_("Choose the statement that changes, or that a new one is to be written."))
    if decision != Decision.CHANGES and statement == NEW_STATEMENT:
        raise ActionRefused(_("A new statement can only be written for a paper that changes something."))
    if decision == Decision.DOES_NOT_BELONG and statement:
        raise ActionRefused(_("A paper that does not belong here cannot be attached to a statement."))
    if statement and len({paper.question_id for paper in papers}) > 1:
        raise ActionRefused(_("These papers are about different cells of the map. Decide about one cell at a time."))


def _draft(question, statement, by):
    """The draft to which the papers are attached. Whoever opens it has contributed, and cannot approve it."""
    if statement == NEW_STATEMENT:
        return _new_draft(question, by)
    statement = EvidenceStatement.objects.select_for_update(of=["self"]).get(pk=statement.pk)
    if (statement.condition_id, statement.intervention_id) != (question.condition_id, question.intervention_id):
        raise ActionRefused(_("This statement is about something else."))
    if statement.state == State.SUPERSEDED:
        raise ActionRefused(_("This statement has been replaced by a newer one. Choose that one."))
    draft = revise_statement(statement, by=by) if statement.state == State.PUBLISHED else statement
    draft.contributors.add(by)
    return draft


def _new_draft(question, by):
    """A statement that cannot be approved until somebody has written its sentence."""
    condition, intervention = question.condition, question.intervention
    draft = EvidenceStatement.objects.create(
        slug=_free_slug(f"{intervention.slug}-{condition.slug}"[:100], condition.language),
        language=condition.language,
        condition=condition,
        intervention=intervention,
        therapy=intervention.therapy,
        effect=Effect.UNCLEAR,
        certainty=Certainty.VERY_LOW,
        author=by,
    )
    draft.contributors.add(by)
    log_change(draft, by=by, message=_("Started a statement for a new paper."))
    return draft


def _free_slug(beginning, language):
    taken = EvidenceStatement.objects.filter(language=language, slug__startswith=beginning)
    taken = set(taken.values_list("slug", flat=True))
    number = 1
    while f"{beginning}-{number}" in taken:
        number += 1
    return f"{beginning}-{number}"


def attach_references(papers, client: RegisterClient) -> list[str]:
    """Gives each paper that belongs to a draft its reference, and the draft too. Returns sentences about failures.

    Papers that we do not have are looked up in PubMed, in one request. What fails is tried again with the next look.
    """
    papers = list(papers)
    known, failures = _known_references(papers), []
    missing = [paper for paper in papers if paper.pmid not in known]
    try:
        # Before the transaction: PubMed may take seconds.
        records = _records([paper.pmid for paper in missing], client)
    except (NotFound, Unreachable, Unreadable) as error:
        return [str(error), *attach_references([paper for paper in papers if paper.pmid in known], client)]
    with transaction.atomic():
        drafts = EvidenceStatement.objects.select_for_update(of=["self"])
        drafts = drafts.in_bulk({paper.statement_id for paper in papers})
        for paper in papers:
            try:
                with transaction.atomic():
                    reference = known.get(paper.pmid) or _reference_of(records.get(paper.pmid), paper)
                    failures += _attach(paper, reference, drafts[paper.statement_id])
            except ActionRefused as refusal:
                failures += [f"PMID {paper.pmid}: {reason}" for reason in refusal.reasons]
    return failures


def _known_references(papers):
    references = Reference.objects.filter(pmid__in=[paper.pmid for paper in papers]).with_canonical()
    # A record that was rejected may share its number with the one that is kept, which comes last and wins.
    references = sorted(references, key=lambda reference: not reference.is_hidden)
    return {reference.pmid: reference.canonical for reference in references}


def _records(pmids, client):
    """The records that PubMed has of these, by number."""
    records = {}
    for start in range(0, len(pmids), limits.MOST_LISTED_PMIDS):
        text = pubmed.find_all(list(dict.fromkeys(pmids[start : start + limits.MOST_LISTED_PMIDS])), client)
        found = [record for _label, record in pubmed.read_file(text) if isinstance(record, Record)]
        records |= {record.pmid: record for record in found}
    return records


def _reference_of(record, paper):
    """The stored reference for the record of PubMed, which counts as its first check: it may have been retracted."""
    if record is None:
        raise ActionRefused(_("PubMed does not know this number."))
    if known := KnownReferences().find(record):
        return Reference.objects.get(key=known.key)
    reference = add_reference(record, by=paper.decided_by)
    record_check(reference, [compare(reference, ReferenceCheck.Register.PUBMED, record)], by=paper.decided_by)
    reference.refresh_from_db()
    return reference


def _attach(paper, reference, statement) -> list[str]:
    """Returns why not, if the source was rejected: the paper then has its record, and the draft does not cite it."""
    paper.reference = reference
    paper.save(update_fields=["reference"])
    if reference.is_hidden:
        values = {"pmid": paper.pmid, "key": reference.key, "reason": reference.status_reason}
        return [_("PMID %(pmid)s was not attached. We have rejected this source, as %(key)s: %(reason)s") % values]
    # What was signed does not change. An approval waits for the reference, so it is a draft but for rare accidents.
    if statement.state == State.DRAFT:
        statement.references.add(reference)
        message = _("Attached %(key)s, a new paper: %(title)s") % {"key": reference.key, "title": paper.title}
        log_change(statement, by=paper.decided_by, message=message)
    return []
