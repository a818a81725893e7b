"""The buttons of a request's page that change its status, assignee or urgency, or merge it into another request."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from consultations import actions
from consultations.admin.drafts import has_unsent_reply
from consultations.admin.forms import AssignForm, MergeForm, StatusForm, UrgencyForm, WithdrawForm
from consultations.admin.queue import day_of
from consultations.models import Inquiry, Status
from consultations.models.choices import OVER
from gutskin import limits

# The label of the button that leads to a status.
LABELS = {
    Status.IN_TRIAGE: _lazy("Start triage"),
    Status.WAITING_FOR_PATIENT: _lazy("Wait for the patient"),
    Status.SPAM: _lazy("Mark as spam"),
}
WITH_A_FORM = [Status.ANSWERED, Status.CLOSED, Status.WITHDRAWN]
# The label of the button that leads back from a status to triage.
LABELS_BACK = {Status.SPAM: _lazy("Not spam: reopen"), Status.CLOSED: _lazy("Reopen")}


def next_steps(inquiry: Inquiry) -> list[tuple[str, str]]:
    """Returns each status that may follow and the label of its button, except those that have a form of their own.

    Closing needs an outcome, “answered” a reply or a sentence, and “withdrawn” a sentence.
    """
    labels = LABELS
    if inquiry.status != Status.NEW:
        labels = LABELS | {Status.IN_TRIAGE: LABELS_BACK.get(inquiry.status, _lazy("Back into triage"))}
    return [(step.value, labels[step]) for step in inquiry.next_steps if step not in WITH_A_FORM]


def status_step(model_admin, request, inquiry):
    form = _status_form(request.POST)
    shown = {"withdraw_form" if isinstance(form, WithdrawForm) else "status_form": form}
    if not form.is_valid():
        return model_admin.page(request, inquiry, refusal=_("Nothing was changed. Choose again."), **shown)
    data, due_before, assignee_before = form.cleaned_data, inquiry.due_at, inquiry.assignee_id
    return model_admin.run_action(
        request,
        inquiry,
        lambda: actions.change_status(
            inquiry,
            to=data["to"],
            outcome=data.get("outcome", ""),
            note=data["note"],
            seen=data["seen"],
            seen_note=data["seen_note"],
            had=data["had"],
            by=request.user,
        ),
        done=lambda _result: _status_message(request, inquiry, due_before, assignee_before),
        **shown,
    )


def _status_form(posted):
    if posted.get("to") == Status.WITHDRAWN:
        return WithdrawForm(posted)
    if posted.get("to") != Status.ANSWERED:
        # A sentence that was begun for “answered” stays a draft.
        posted = posted.copy()
        posted["note"] = ""
    return StatusForm(posted)


def _status_message(request, inquiry, due_before, assignee_before):
    changed = _with_assignee(_("%(reference)s: the status is changed."), inquiry, assignee_before)
    if inquiry.status in OVER and has_unsent_reply(request, inquiry):
        # The page no longer has a form for it.
        kept = _("Your unsent reply is kept for %(days)d days, and comes back if the request is reopened.")
        changed = " ".join([changed, kept % {"days": limits.DRAFTS_KEPT_FOR.days}])
    return changed if inquiry.due_at == due_before else _with_due_date(changed, inquiry)


def _with_assignee(words, inquiry, before):
    """The action has read the request again: a colleague may have assigned it in between."""
    if inquiry.assignee_id == before or not inquiry.assignee:
        return words
    return " ".join([words, _("It is assigned to %(name)s now.") % {"name": inquiry.assignee}])


def _with_due_date(words, inquiry):
    """The day is said whenever a step moves it."""
    if not inquiry.is_owed:
        return words
    return " ".join([words, _("The reply is due on %(day)s.") % {"day": day_of(inquiry.due_at)}])


def assign_step(model_admin, request, inquiry):
    posted = request.POST
    if posted.get("step") == "me":
        # A note that was begun for another colleague stays a draft.
        posted = posted.copy()
        posted["to"], posted["note"] = str(request.user.pk), ""
    form = AssignForm(posted)
    if not form.is_valid():
        return model_admin.page(request, inquiry, assign_form=form, refusal=_("Nothing was changed. Choose again."))
    data = form.cleaned_data
    return model_admin.run_action(
        request,
        inquiry,
        lambda: actions.assign(inquiry, to=data["to"], note=data["note"], had_by=data["had_by"], by=request.user),
        done=lambda is_new: _assigned_message(is_new, data["note"]),
        assign_form=form,
    )


def _assigned_message(is_new, note):
    if is_new:
        return _("%(reference)s: the assignee is changed.")
    if note:
        return _("%(reference)s: your note is saved. The assignee stays the same.")
    return _("%(reference)s: nothing changed. It already had this assignee.")


def urgency_step(model_admin, request, inquiry):
    form = UrgencyForm(request.POST)
    if not form.is_valid():
        return model_admin.page(request, inquiry, urgency_form=form, refusal=_("Nothing was changed. Choose again."))
    data = form.cleaned_data
    return model_admin.run_action(
        request,
        inquiry,
        lambda: actions.set_urgency(inquiry, to=data["to"], had=data["had"], by=request.user),
        done=lambda is_new: _urgency_message(inquiry, is_new),
        urgency_form=form,
    )


def _urgency_message(inquiry, is_new):
    if not is_new:
        return _("%(reference)s: nothing changed. It already had this urgency.")
    return _with_due_date(_("%(reference)s: the urgency is changed."), inquiry)


def merge_step(model_admin, request, inquiry):
    form = MergeForm(request.POST, user=request.user)
    if not form.is_valid():
        return model_admin.page(request, inquiry, merge_form=form)
    data = form.cleaned_data
    assignee_before = data["into"].assignee_id
    return model_admin.run_action(
        request,
        inquiry,
        lambda: actions.merge(
            inquiry,
            into=data["into"],
            confirmed_as_one_person=data["confirmed"],
            how_known=data["how_known"],
            seen=data["seen"],
            seen_note=data["seen_note"],
            by=request.user,
        ),
        done=lambda told: _merged_message(inquiry, data["into"], told, assignee_before),
        merge_form=form,
    )


def _merged_message(inquiry, into, told, assignee_before):
    merged = _("%(reference)s: merged. The patient is answered under the other request.")
    merged = _with_due_date(_with_assignee(merged, into, assignee_before), into)
    if inquiry.takes_mail and inquiry.email_index == into.email_index:
        return merged
    untold = [each.reference for each in (inquiry, into) if each not in told]
    if not untold:
        return " ".join([merged, _("Both addresses get an e-mail.")])
    text = _("No e-mail is sent about %(references)s: phone the patient, if they allow it.")
    return " ".join([merged, text % {"references": ", ".join(untold)}])
