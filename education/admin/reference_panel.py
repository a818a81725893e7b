"""What the page of a reference shows above the form: problems, what the registers said, what can be done."""

from django.utils.formats import localize
from django.utils.translation import gettext as _

from education.admin.badges import chip
from education.models import Reference, ReferenceCheck
from education.references.duplicates import problems_of
from education.references.registers import registers_for

Outcome = ReferenceCheck.Outcome
# In the colours of states that are there already.
CHIPS = {
    Outcome.AGREES: "confirmed",
    Outcome.DIFFERS: "awaiting",
    Outcome.CORRECTED: "corrected",
    Outcome.CONCERN: "corrected",
    Outcome.RETRACTED: "retracted",
    Outcome.NOT_FOUND: "overdue",
    Outcome.UNREACHABLE: "unpublished",
}


def check_chip(outcome):
    return chip(CHIPS[Outcome(outcome)], Outcome(outcome).label)


def panel(reference, *, may_change):
    """Context for templates/admin/education/reference/change_form.html."""
    newest = {}
    for check in reference.checks.all()[:20]:
        newest.setdefault(check.register, check)
    return {
        "problems": problems_of(reference),
        "checks": [_told(reference, newest[register]) for register in sorted(newest)],
        "can_be_asked": bool(registers_for(reference)),
        "may_change": may_change,
    }


def _told(reference, check):
    return {
        "check": check,
        "chip": check_chip(check.outcome),
        "differences": [_line(reference, entry) for entry in check.differences],
    }


def _line(reference, entry):
    """A difference in words. Somebody may have changed the field since: then it is no longer one."""
    name = entry["field"]
    return {
        "name": name,
        "label": Reference._meta.get_field(name).verbose_name,
        "ours": _shown(entry["ours"]),
        "theirs": _shown(entry["theirs"]),
        "is_open": getattr(reference, name) == entry["ours"],
    }


def _shown(value):
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, int):
        return str(value)
    return localize(value) if value else _("nothing")
