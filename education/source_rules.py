"""What keeps a source from being published on: its status, a number that cannot be its own, a register that differs."""

from django.utils.translation import gettext as _

from education.models import Reference, ReferenceCheck, ReferenceStatus
from education.references import duplicates, integrity

# Certain ones only. The others are learned from the papers that we hold, and a journal may do something new.
CERTAIN = {"duplicate-doi", "duplicate-pmid", "duplicate-pmcid", "frontiers-number"}
# Where a register has another one of these, it speaks of another paper, or ours is not what it says it is.
IDENTIFYING = {"title", "authors", "year"}


def source_problems(references) -> list[str]:
    """Sentences, each with the reason. Of a duplicate that was merged counts the record that stands for it.

    `references` are read `with_kept()`. Two queries, however many they are.
    """
    references = list(references)
    if not references:
        return []
    kept = {reference.kept.pk: reference.kept for reference in references}
    rivals, said = duplicates.public_reference_index(), _newest_checks(kept)
    found = []
    for reference in references:
        for reason in _reasons(reference.kept, rivals, said.get(reference.kept.pk, [])):
            found.append(_("The reference “%(key)s” %(reason)s") % {"key": reference.key, "reason": reason})
    return found


def _reasons(reference: Reference, rivals, checks):
    if not reference.is_citable:
        status = reference.get_status_display().lower()
        yield _("is %(status)s: %(reason)s") % {"status": status, "reason": reference.status_reason}
        return
    for problem in integrity.problems(duplicates.values_of(reference), rivals):
        if problem.code in CERTAIN:
            yield _("cannot be right: %(problem)s") % {"problem": problem.sentence}
    if reference.status == ReferenceStatus.CONFIRMED:
        # A person looked at the paper itself. Registers make mistakes too.
        return
    for check in checks:
        if fields := _contradicted(reference, check):
            labels = ", ".join(str(Reference._meta.get_field(name).verbose_name) for name in fields)
            yield _(
                "differs from %(register)s: %(fields)s. Correct it, or set its status to “Confirmed” if the register "
                "is wrong."
            ) % {"register": check.get_register_display(), "fields": labels}


def _contradicted(reference, check):
    """Names of fields that still are as they were when the register contradicted them."""
    return [
        entry["field"]
        for entry in check.differences
        if entry["contradicts"]
        and entry["field"] in IDENTIFYING
        and getattr(reference, entry["field"]) == entry["ours"]
    ]


def _newest_checks(kept):
    """By reference, the newest answer of each register. Silence is no answer."""
    newest = {}
    for check in ReferenceCheck.objects.filter(reference__in=kept).exclude(outcome=ReferenceCheck.Outcome.UNREACHABLE):
        newest.setdefault((check.reference_id, check.register), check)
    said = {}
    for (pk, _register), check in newest.items():
        said.setdefault(pk, []).append(check)
    return said
