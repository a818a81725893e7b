"""Checking a reference against Crossref and PubMed, and what its page shows of that above the form."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.formats import localize
from django.utils.translation import gettext as _

from education.actions import ActionRefused, record_check, use_register_value
from education.admin.badges import badge
from education.admin.confirmation import change_page, confirm_action
from education.models import Reference, ReferenceCheck
from education.references import registers
from education.references.client import RegisterClient
from education.references.duplicates import problems_of
from education.references.registers import registers_for
from gutskin.accounts.permissions import require_permission

Outcome = ReferenceCheck.Outcome
# Each outcome borrows the colour of a state that admin.css already has.
BADGES = {
    Outcome.AGREES: "confirmed",
    Outcome.DIFFERS: "awaiting",
    Outcome.CORRECTED: "corrected",
    Outcome.CONCERN: "corrected",
    Outcome.RETRACTED: "retracted",
    Outcome.NOT_FOUND: "overdue",
    Outcome.UNREACHABLE: "unpublished",
}


def outcome_badge(outcome):
    return badge(BADGES[Outcome(outcome)], Outcome(outcome).label)


def panel(reference, *, may_change):
    """Context for templates/admin/education/reference/change_form.html."""
    newest = {}
    # Enough to find the newest check at each of the two registers, without loading those of many years.
    for check in reference.checks.all()[:20]:
        newest.setdefault(check.register, check)
    return {
        "problems": problems_of(reference),
        "results": [_result(reference, newest[register]) for register in sorted(newest)],
        "can_be_asked": bool(registers_for(reference)),
        "may_change": may_change,
    }


def _result(reference, check):
    return {
        "check": check,
        "badge": outcome_badge(check.outcome),
        "differences": [_difference(reference, entry) for entry in check.differences],
    }


def _difference(reference, entry):
    """A difference as words. `is_open` is False if our value has been changed since the check."""
    name = entry["field"]
    return {
        "name": name,
        "label": Reference._meta.get_field(name).verbose_name,
        "ours": _as_text(entry["ours"]),
        "theirs": _as_text(entry["theirs"]),
        "is_open": getattr(reference, name) == entry["ours"],
    }


def _as_text(value):
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, int):
        # A year: localize() could group its digits.
        return str(value)
    return localize(value) if value else _("nothing")


class ReferenceChecks:
    """The part of ReferenceAdmin that asks the registers, and copies a register's value on request."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/check/", view(self.check_view), name="education_reference_check"),
            path("<int:pk>/take-over/", view(self.use_value_view), name="education_reference_takeover"),
            *super().get_urls(),
        ]

    def check_view(self, request, pk):
        reference = get_object_or_404(Reference, pk=pk)
        require_permission(self.has_change_permission(request, reference))
        return confirm_action(
            request,
            subject=reference,
            title=_("Ask the registers"),
            explanation=_(
                "Crossref is asked by DOI and PubMed by PMID, now. Their answers are recorded; a value of ours changes "
                "only if you choose to use theirs. This can take %(seconds)s seconds for each."
            )
            % {"seconds": f"{settings.REGISTER_TIMEOUT:g}"},
            button=_("Ask now"),
            act=lambda text: _check(reference, request.user),
            success_message=_("The answers of the registers are below."),
            back=change_page(reference),
        )

    def use_value_view(self, request, pk):
        reference = get_object_or_404(Reference, pk=pk)
        require_permission(self.has_change_permission(request, reference))
        # No confirmation page: the page of the reference shows both values beside the button that posts here.
        if request.method == "POST":
            number, field = request.POST.get("check", ""), request.POST.get("field", "")
            # A longer number does not fit into a 64-bit integer, and SQLite would raise OverflowError.
            checks = reference.checks.filter(pk=number) if number.isdecimal() and len(number) < 19 else []
            check = get_object_or_404(checks) if checks else None
            try:
                if check is None:
                    raise ActionRefused(_("This has changed since you opened the page. Look at it again."))
                use_register_value(check, field=field, by=request.user)
            except ActionRefused as refusal:
                for reason in refusal.reasons:
                    messages.error(request, reason)
            else:
                messages.success(request, _("The record now has the register's value."))
        return redirect(change_page(reference))


def _check(reference, user):
    wanted = registers_for(reference)
    if not wanted:
        raise ActionRefused(_("This reference has neither a DOI nor a PMID to look up."))
    with RegisterClient() as client:
        answers = [registers.ask(reference, register, client) for register in wanted]
    record_check(reference, answers, by=user)
