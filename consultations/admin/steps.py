"""The plain steps: where a request stands, who has it, how urgent it is."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from consultations import actions
from consultations.admin.forms import AssignForm, StatusForm, UrgencyForm
from consultations.models import Inquiry, Status

# What a button says that leads to a status.
WORDS = {
    Status.IN_TRIAGE: _lazy("Take it into triage"),
    Status.WAITING_FOR_PATIENT: _lazy("Wait for the patient"),
    Status.ANSWERED: _lazy("Mark as answered"),
    Status.WITHDRAWN: _lazy("The patient took it back"),
    Status.SPAM: _lazy("Mark as spam"),
}
WORDS_OF_RETURN = {Status.SPAM: _lazy("Not spam: open it again"), Status.CLOSED: _lazy("Open it again")}


def next_steps(inquiry: Inquiry) -> list[tuple[str, str]]:
    """Each status that may follow, with what its button says. The end has a form of its own."""
    words = WORDS
    if inquiry.status != Status.NEW:
        words = WORDS | {Status.IN_TRIAGE: WORDS_OF_RETURN.get(inquiry.status, _lazy("Back into triage"))}
    return [(step.value, words[step]) for step in inquiry.next_steps if step != Status.CLOSED]


def status_step(model_admin, request, inquiry):
    form = StatusForm(request.POST)
    if not form.is_valid():
        return model_admin.page(request, inquiry, status_form=form, refusal=_("Nothing was changed. Choose again."))
    wish = form.cleaned_data
    return model_admin.run_action(
        request,
        inquiry,
        lambda: actions.change_status(
            inquiry, to=wish["to"], outcome=wish["outcome"], seen=wish["seen"], by=request.user
        ),
        done=_("%(reference)s: the status is changed."),
        status_form=form,
    )


def assign_step(model_admin, request, inquiry):
    form = AssignForm(request.POST)
    if not form.is_valid():
        return model_admin.page(request, inquiry, assign_form=form, refusal=_("Nothing was changed. Choose again."))
    wish = form.cleaned_data
    return model_admin.run_action(
        request,
        inquiry,
        lambda: actions.assign(inquiry, to=wish["to"], note=wish["note"], had_by=wish["had_by"], by=request.user),
        done=lambda is_new: _what_happened(is_new, wish["note"]),
        assign_form=form,
    )


def _what_happened(is_new, note):
    if is_new:
        return _("%(reference)s: the assignee is changed.")
    if note:
        return _("%(reference)s: your note is saved. The assignee stays.")
    return _("%(reference)s: nothing was changed. It was so already.")


def urgency_step(model_admin, request, inquiry):
    form = UrgencyForm(request.POST)
    if not form.is_valid():
        return model_admin.page(request, inquiry, urgency_form=form, refusal=_("Nothing was changed. Choose again."))
    return model_admin.run_action(
        request,
        inquiry,
        lambda: actions.set_urgency(inquiry, to=form.cleaned_data["to"], by=request.user),
        done=_("%(reference)s: the urgency is changed."),
        urgency_form=form,
    )
