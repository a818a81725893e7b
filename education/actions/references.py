"""What happens to a reference beside being edited: it is added, checked, corrected from a register."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from education.actions.history import record as record_history
from education.models import Reference, ReferenceCheck, ReferenceStatus
from education.models.reference import AUTHORS_AFTER_THE_FIRST
from education.references.duplicates import KnownReferences
from education.references.files import length_problem
from education.references.identifiers import is_doi, is_pmcid, is_pmid
from education.references.keys import all_keys, free_key
from education.references.record import Notice, Record
from education.references.registers import RegisterAnswer, notice_sentence, registers_for
from gutskin.exceptions import ActionRefused

Outcome = ReferenceCheck.Outcome
# A person's verdict, or a register's gravest word: no later answer takes it back by itself.
FINAL = {ReferenceStatus.RETRACTED, ReferenceStatus.REJECTED}


@transaction.atomic
def add_reference(record: Record, *, by, key: str = "") -> Reference:
    """Stores a new reference, unchecked. Refuses one that we have, and one without a title."""
    if not record.title:
        raise ActionRefused(_("A reference needs a title."))
    if sentence := length_problem(record):
        raise ActionRefused(sentence)
    if known := KnownReferences().find(record):
        raise ActionRefused(_("We have this paper already, as %(key)s.") % {"key": known.key})
    return _store(record, by, key or free_key(record))


@transaction.atomic
def import_references(records: list[Record], *, by) -> list[Reference]:
    """Stores all of these, or none when one of them is there already."""
    known_references, taken, added = KnownReferences(), all_keys(), []
    for record in records:
        if known := known_references.find(record):
            raise ActionRefused(
                _("“%(title)s” has come in meanwhile, as %(key)s. Nothing was added.")
                % {"title": record.title, "key": known.key}
            )
        key = free_key(record, taken)
        taken.add(key)
        known_references.add(record, key)
        added.append(_store(record, by, key))
    return added


def _store(record, by, key):
    values = record.values()
    unconfirmed = [name for name, is_one in (("doi", is_doi), ("pmid", is_pmid), ("pmcid", is_pmcid))
                   if values[name] and not is_one(values[name])]  # fmt: skip
    values["accessed"] = _day(values["accessed"])
    reference = Reference(key=key, unconfirmed_fields=unconfirmed, **values)
    try:
        reference.full_clean(exclude=["authors", "unconfirmed_fields"])
    except ValidationError as error:
        raise ActionRefused(*(f"{record.title}: {sentence}" for sentence in error.messages)) from error
    reference.save()
    record_history(reference, by=by, message=_("Added this reference."))
    return reference


def _day(text):
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@transaction.atomic
def record_check(reference: Reference, answers: list[RegisterAnswer], *, by=None) -> list[ReferenceCheck]:
    """Keeps what the registers said, and draws the status from it. `by` is None for check_references.

    A status only becomes graver, or confirmed where it was unchecked; no value of the record is written over.
    """
    reference = Reference.objects.select_for_update(of=["self"]).get(pk=reference.pk)
    checks = [_kept_check(reference, answer) for answer in answers]
    usable = [check for check in checks if check.outcome != Outcome.UNREACHABLE]
    if not usable or reference.status == ReferenceStatus.REJECTED:
        return checks
    confirmed = {name for answer in answers for name in answer.confirmed}
    # One register may confirm what the other one contradicts. Then it is not confirmed.
    confirmed -= {entry["field"] for answer in answers for entry in answer.differences if entry["contradicts"]}
    reference.unconfirmed_fields = [name for name in reference.unconfirmed_fields if name not in confirmed]
    before = reference.status
    answered = {check.register for check in usable}
    _draw_status(reference, usable, is_complete=answered.issuperset(registers_for(reference)))
    if before not in FINAL:
        reference.checked_at = timezone.now()
        reference.checked_by = by.get_username() if by else ", ".join(check.get_register_display() for check in usable)
    reference.save(update_fields=["unconfirmed_fields", "status", "status_reason", "checked_at", "checked_by"])
    if reference.status != before:
        message = _("Checked: %(status)s. %(reason)s")
        told = {"status": reference.get_status_display(), "reason": reference.status_reason}
        record_history(reference, by=by, message=(message % told).strip())
    return checks


def _kept_check(reference, answer):
    """A register that stays silent for weeks fills one row, not one for each try."""
    said = {"outcome": answer.outcome, "differences": answer.differences, "notice": answer.notice}
    newest = reference.checks.filter(register=answer.register).first()
    if newest and newest.outcome == answer.outcome == Outcome.UNREACHABLE:
        newest.notice, newest.checked_at = answer.notice, timezone.now()
        newest.save(update_fields=["notice", "checked_at"])
        return newest
    return ReferenceCheck.objects.create(reference=reference, register=answer.register, **said)


def _draw_status(reference, checks, *, is_complete):
    outcomes = {check.outcome: check for check in checks}
    if reference.status in FINAL:
        return
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
def take_over(check: ReferenceCheck, *, field: str, by) -> Reference:
    """Writes the register's value of one field over ours, as the page showed them to the person who decides."""
    reference = Reference.objects.select_for_update(of=["self"]).get(pk=check.reference_id)
    newest = reference.checks.filter(register=check.register).first()
    entry = next((entry for entry in check.differences if entry["field"] == field), None)
    if newest != check or entry is None or getattr(reference, field) != entry["ours"]:
        raise ActionRefused(_("This has changed since the page was opened. Look at it again."))
    if field in {"doi", "pmid"}:
        _refuse_if_taken(field, entry["theirs"], reference)
    setattr(reference, field, entry["theirs"])
    settled = {field, AUTHORS_AFTER_THE_FIRST} if field == "authors" else {field}
    if field == "authors":
        reference.et_al = False
    reference.unconfirmed_fields = [name for name in reference.unconfirmed_fields if name not in settled]
    try:
        reference.full_clean(exclude=["key", "authors", "unconfirmed_fields"])
    except ValidationError as error:
        raise ActionRefused(*error.messages) from error
    reference.save()
    check.differences = [entry for entry in check.differences if entry["field"] != field]
    check.save(update_fields=["differences"])
    record_history(
        reference,
        by=by,
        message=_("Took over “%(field)s” from %(register)s.")
        % {"field": Reference._meta.get_field(field).verbose_name, "register": check.get_register_display()},
    )
    return reference


def _refuse_if_taken(field, value, reference):
    other = Reference.objects.with_number(field, value).exclude(pk=reference.pk).first()
    if other:
        sentence = _("%(key)s has this number already. If it is the same paper, merge the two.")
        raise ActionRefused(sentence % {"key": other.key})
