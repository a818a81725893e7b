"""Adding references, recording what a register says of them, and copying a value from it.

A register is Crossref (asked by DOI) or PubMed (asked by PMID).
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from education.actions.publication import log_change
from education.models import Reference, ReferenceCheck, ReferenceStatus
from education.models.reference import AUTHORS_AFTER_THE_FIRST
from education.references.duplicates import KnownReferences
from education.references.identifiers import is_doi, is_pmcid, is_pmid
from education.references.keys import all_keys, free_key
from education.references.notices import Notice
from education.references.record import Record
from education.references.registers import RegisterAnswer, notice_sentence, registers_for
from education.references.storable import length_problem
from gutskin.exceptions import ActionRefused

Outcome = ReferenceCheck.Outcome
# Set by a person or by a retraction notice: no later answer of a register changes it; only a person does.
FINAL = {ReferenceStatus.RETRACTED, ReferenceStatus.REJECTED}


@transaction.atomic
def add_reference(record: Record, *, by, key: str = "") -> Reference:
    """Stores a new reference, unchecked, and returns it. Without `key`, one is made from the first author and year.

    Raises ActionRefused for a paper that we already have, or a record without a title or with a value that is too long.
    """
    if not record.title:
        raise ActionRefused(_("A reference needs a title."))
    if sentence := length_problem(record):
        raise ActionRefused(sentence)
    if known := KnownReferences().find(record):
        raise ActionRefused(_("We already have this paper, as %(key)s.") % {"key": known.key})
    return _store(record, by, key or free_key(record))


@transaction.atomic
def import_references(records: list[Record], *, by) -> list[Reference]:
    """Stores all of these and returns them. Raises ActionRefused, and stores none, if we already have one of them."""
    known_references, taken, added = KnownReferences(), all_keys(), []
    for record in records:
        if known := known_references.find(record):
            raise ActionRefused(
                _("“%(title)s” has since been added, as %(key)s. Nothing was imported.")
                % {"title": record.title, "key": known.key}
            )
        key = free_key(record, taken)
        taken.add(key)
        # From now on a second entry for the same paper is refused too.
        known_references.add(record, key)
        added.append(_store(record, by, key))
    return added


def _store(record, by, key):
    values = record.values()
    checks = (("doi", is_doi), ("pmid", is_pmid), ("pmcid", is_pmcid))
    values["unconfirmed_fields"] += [name for name, is_valid in checks if values[name] and not is_valid(values[name])]
    values |= {name: _parse_date(values[name]) for name in ("accessed", "posted")}
    reference = Reference(key=key, **values)
    try:
        # Without the lists: full_clean() counts an empty one as missing, and a report may have no author.
        reference.full_clean(exclude=["authors", "unconfirmed_fields"])
    except ValidationError as error:
        raise ActionRefused(*(f"{record.title}: {sentence}" for sentence in error.messages)) from error
    reference.save()
    # With what was guessed or left out, so that it can be found later.
    log_change(reference, by=by, message=" ".join([_("Added this reference."), *record.remarks]))
    return reference


def _parse_date(text):
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@transaction.atomic
def record_check(reference: Reference, answers: list[RegisterAnswer], *, by=None) -> list[ReferenceCheck]:
    """Stores the answers of the registers as checks, updates the status, and returns the checks.

    A status only gets worse, or goes from unchecked to confirmed. No field of the record is overwritten: a register
    proposes, a person decides (docs/decisions/0013). `by` is None for the command check_references.
    """
    # Locked, since a person may set the status at the same time.
    reference = Reference.objects.select_for_update(of=["self"]).get(pk=reference.pk)
    checks = [_store_check(reference, answer) for answer in answers]
    usable = [check for check in checks if check.outcome != Outcome.UNREACHABLE]
    # The checks are kept as a record, but a rejection is a person's decision about the paper itself.
    if not usable or reference.status == ReferenceStatus.REJECTED:
        return checks
    confirmed = {name for answer in answers for name in answer.confirmed}
    # What one register confirms and the other contradicts is not confirmed.
    confirmed -= {entry["field"] for answer in answers for entry in answer.differences if entry["contradicts"]}
    reference.unconfirmed_fields = [name for name in reference.unconfirmed_fields if name not in confirmed]
    before = reference.status
    answered = {check.register for check in usable}
    _update_status(reference, usable, is_complete=answered.issuperset(registers_for(reference)))
    # The date and name beside a final status are those of the decision, not of the latest check.
    if before not in FINAL:
        reference.checked_at = timezone.now()
        reference.checked_by = by.get_username() if by else ", ".join(check.get_register_display() for check in usable)
    reference.save(update_fields=["unconfirmed_fields", "status", "status_reason", "checked_at", "checked_by"])
    if reference.status != before:
        message = _("Checked: %(status)s. %(reason)s")
        values = {"status": reference.get_status_display(), "reason": reference.status_reason}
        log_change(reference, by=by, message=(message % values).strip())
    return checks


def _store_check(reference, answer):
    """The check of one answer. A register that does not answer for weeks fills one row, not one for each attempt."""
    values = {"outcome": answer.outcome, "differences": answer.differences, "notice": answer.notice}
    newest = reference.checks.filter(register=answer.register).first()
    if newest and newest.outcome == answer.outcome == Outcome.UNREACHABLE:
        newest.notice, newest.checked_at = answer.notice, timezone.now()
        newest.save(update_fields=["notice", "checked_at"])
        return newest
    return ReferenceCheck.objects.create(reference=reference, register=answer.register, **values)


def _update_status(reference, checks, *, is_complete):
    outcomes = {check.outcome: check for check in checks}
    if reference.status in FINAL:
        return
    # From the gravest outcome to the mildest: a paper may have been both corrected and retracted.
    if check := outcomes.get(Outcome.RETRACTED):
        reference.status, reference.status_reason = ReferenceStatus.RETRACTED, _reason(check, "retraction")
    elif check := outcomes.get(Outcome.CORRECTED):
        if reference.status != ReferenceStatus.CORRECTED:
            reference.status, reference.status_reason = ReferenceStatus.CORRECTED, _reason(check, "correction")
    elif reference.status == ReferenceStatus.UNCHECKED and is_complete and set(outcomes) == {Outcome.AGREES}:
        reference.status = ReferenceStatus.CONFIRMED


def _reason(check, kind):
    return notice_sentence(check.register, Notice(kind, check.notice))


@transaction.atomic
def use_register_value(check: ReferenceCheck, *, field: str, by) -> Reference:
    """Replaces our value of a field with the register's, and returns the reference.

    Raises ActionRefused if either value is no longer the one that the page showed, or if the new one is not valid.
    """
    reference = Reference.objects.select_for_update(of=["self"]).get(pk=check.reference_id)
    newest = reference.checks.filter(register=check.register).first()
    entry = next((entry for entry in check.differences if entry["field"] == field), None)
    # The page may have been open for hours: a newer check or an edit makes the button stale.
    if newest != check or entry is None or getattr(reference, field) != entry["ours"]:
        raise ActionRefused(_("This has changed since you opened the page. Look at it again."))
    if field in {"doi", "pmid"}:
        _refuse_if_taken(field, entry["theirs"], reference)
    setattr(reference, field, entry["theirs"])
    confirmed = {field}
    if field == "authors":
        # A register lists all authors, so “et al.” is no longer needed.
        confirmed.add(AUTHORS_AFTER_THE_FIRST)
        reference.et_al = False
    reference.unconfirmed_fields = [name for name in reference.unconfirmed_fields if name not in confirmed]
    try:
        reference.full_clean(exclude=["key", "authors", "unconfirmed_fields"])
    except ValidationError as error:
        raise ActionRefused(*error.messages) from error
    reference.save()
    # Settled: the page no longer offers it, and it no longer counts as a contradiction (reference_rules.py).
    check.differences = [entry for entry in check.differences if entry["field"] != field]
    check.save(update_fields=["differences"])
    log_change(
        reference,
        by=by,
        message=_("Copied “%(field)s” from %(register)s.")
        % {"field": Reference._meta.get_field(field).verbose_name, "register": check.get_register_display()},
    )
    return reference


def _refuse_if_taken(field, value, reference):
    other = Reference.objects.with_number(field, value).exclude(pk=reference.pk).first()
    if other:
        message = _("%(key)s already has this number. If it is the same paper, merge the two.")
        raise ActionRefused(message % {"key": other.key})
