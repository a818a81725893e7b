"""The plain steps: where a request stands, who has it, how urgent it is."""

from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from consultations import actions
from consultations.admin.forms import AssignForm, StatusForm, UrgencyForm
from consultations.models import Inquiry, Status

# What a button says that leads to a status.
WORDS = {
    Status.IN_TRIAGE: _("Take it into triage"),
    Status.WAITING_FOR_PATIENT: _("Wait for the patient"),
    Status.ANSWERED: _("Mark as answered"),
    Status.WITHDRAWN: _("The patient took it back"),
    Status.SPAM: _("Mark as spam"),
}
WORDS_OF_RETURN = {Status.SPAM: _("Not spam: open it again"), Status.CLOSED: _("Open it again")}


def next_steps(inquiry: Inquiry) -> list[tuple[str, str]]:
    """Each status that may follow, with what its button says. The end has a form of its own."""
    words = WORDS
    if inquiry.status != Status.NEW:
        words = WORDS | {Status.IN_TRIAGE: WORDS_OF_RETURN.get(inquiry.status, _("Back into triage"))}
    return [(step.value, words[step]) for step in inquiry.next_steps if step != Status.CLOSED]


def status_step(desk, request, inquiry):
    form = StatusForm(request.POST)
    if not form.is_valid():
        return desk.page(request, inquiry, status_form=form, refusal=_g("Nothing was changed. Choose again."))
    wish = form.cleaned_data
    return desk.carry_out(
        request,
        inquiry,
        lambda: actions.change_status(
            inquiry, to=wish["to"], outcome=wish["outcome"], seen=wish["seen"], by=request.user
        ),
        done=_g("%(reference)s: the status is changed."),
        status_form=form,
    )


def assign_step(desk, request, inquiry):
    form = AssignForm(request.POST)
    if not form.is_valid():
        return desk.page(request, inquiry, assign_form=form, refusal=_g("Nothing was changed. Choose again."))
    wish = form.cleaned_data
    return desk.carry_out(
        request,
        inquiry,
        lambda: actions.assign(inquiry, to=wish["to"], note=wish["note"], had_by=wish["had_by"], by=request.user),
        done=lambda is_new: _what_happened(is_new, wish["note"]),
        assign_form=form,
    )


def _what_happened(is_new, note):
    if is_new:
        return _g("%(reference)s: the assignee is changed.")
    if note:
        return _g("%(reference)s: your note is saved. The assignee stays.")
    return _g("%(reference)s: nothing was changed. It was so already.")


def urgency_step(desk, request, inquiry):
    form = UrgencyForm(request.POST)
    if not form.is_valid():
        return desk.page(request, inquiry, urgency_form=form, refusal=_g("Nothing was changed. Choose again."))
    return desk.carry_out(
        request,
        inquiry,
        lambda: actions.set_urgency(inquiry, to=form.cleaned_data["to"], by=request.user),
        done=_g("%(reference)s: the urgency is changed."),
        urgency_form=form,
    )
