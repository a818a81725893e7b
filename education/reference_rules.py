"""What stops a text from relying on a reference: its status, an impossible number, or a contradicting register."""

from django.utils.translation import gettext as _

from education.models import Reference, ReferenceCheck, ReferenceStatus
from education.references import duplicates, integrity

# Only problems that are certain, all of them about a number. Other rules are patterns in the papers we have, and a
# journal may break a pattern.
CERTAIN = {"duplicate-doi", "duplicate-pmid", "duplicate-pmcid", "frontiers-number"}
# If a register contradicts one of these, it has another paper under this number, or our record is wrong.
IDENTIFYING = {"title", "authors", "year"}


def reference_problems(references) -> list[str]:
    """Full sentences, each naming a reference and a reason. A merged duplicate is judged by the record that was kept.

    `references` must come from `with_canonical()`. Two queries, however many references there are.
    """
    references = list(references)
    if not references:
        return []
    canonical = {reference.canonical.pk: reference.canonical for reference in references}
    rivals, checks = duplicates.rivals_by_number(canonical.values()), _newest_checks(canonical)
    found = []
    for reference in references:
        for reason in _reasons(reference.canonical, rivals, checks.get(reference.canonical.pk, [])):
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
        # A person has looked at the paper itself, and registers make mistakes too.
        return
    for check in checks:
        if fields := _contradicted(reference, check):
            labels = ", ".join(str(Reference._meta.get_field(name).verbose_name) for name in fields)
            yield _(
                "differs from %(register)s: %(fields)s. Correct it, or set its status to “Confirmed” if the register "
                "is wrong."
            ) % {"register": check.get_register_display(), "fields": labels}


def _contradicted(reference, check):
    """Names of identifying fields that the register contradicts and that have not been changed since."""
    return [
        entry["field"]
        for entry in check.differences
        if entry["contradicts"]
        and entry["field"] in IDENTIFYING
        # An edit since the check settles the difference, until the register is asked again.
        and getattr(reference, entry["field"]) == entry["ours"]
    ]


def _newest_checks(references):
    """The newest answer of each register, by primary key of the reference. A register out of reach gave no answer."""
    newest = {}
    for check in ReferenceCheck.objects.filter(reference__in=references).exclude(
        outcome=ReferenceCheck.Outcome.UNREACHABLE
    ):
        newest.setdefault((check.reference_id, check.register), check)
    by_reference = {}
    for (pk, _register), check in newest.items():
        by_reference.setdefault(pk, []).append(check)
    return by_reference
