"""Assigning many requests at once: an admin action of the queue."""

from dataclasses import dataclass, field
from datetime import datetime

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from consultations import actions
from consultations.admin.forms import AssigneeField
from consultations.models import Inquiry
from consultations.queue.teams import colleagues
from gutskin import limits
from gutskin.audit.models import AuditEvent
from gutskin.visible_text import VisibleTextMixin


class BulkAssignForm(VisibleTextMixin, forms.Form):
    """For the list, where many requests are assigned at once."""

    to = AssigneeField(label=_lazy("Assignee"))
    # When the list was rendered. Signed, so that the time is from our clock.
    drawn = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = colleagues()

    def clean_drawn(self):
        try:
            return datetime.fromisoformat(_list_signer().unsign(self.cleaned_data["drawn"]))
        except BadSignature:
            raise ValidationError(_lazy("It is not known when this list was opened.")) from None


def drawn_now() -> str:
    """The value of the field `drawn` for a list that is read after this call."""
    return _list_signer().sign(timezone.now().isoformat())


def _list_signer():
    return Signer(salt="queue-drawn")


@dataclass
class _Result:
    done: int = 0
    refused: list[str] = field(default_factory=list)  # why, with the reference
    gone: int = 0
    not_tried: int = 0


@admin.action(description=_lazy("Assign the chosen requests to"), permissions=["change"])
def assign_chosen(model_admin, request, queryset):
    """Assigns each request in a transaction of its own: a failure is named and does not stop the others."""
    form = BulkAssignForm(request.POST)
    if not form.is_valid():
        messages.error(request, _reason(form))
        return
    listed = set(queryset.order_by("pk").values_list("pk", flat=True)[: limits.MOST_ASSIGNED_AT_ONCE + 1])
    # Refused as a whole: assigning the first two hundred would leave the user guessing which ones they were.
    if len(listed) > limits.MOST_ASSIGNED_AT_ONCE:
        messages.error(
            request,
            _("Nothing was changed. Choose at most %(count)s requests at once.")
            % {"count": limits.MOST_ASSIGNED_AT_ONCE},
        )
        return
    # With those that have left this list since: who has them now is worth saying.
    chosen = listed | {int(pk) for pk in request.POST.getlist(ACTION_CHECKBOX_NAME)}
    to, drawn = form.cleaned_data["to"], form.cleaned_data["drawn"]
    _add_messages(request, _assign_each(chosen, listed, drawn, to, request.user), to)


def _reason(form):
    if "to" in form.errors:
        return _("Nothing was changed. Choose a colleague from the list, or “No one”.")
    return _("Nothing was changed. Look at the list again, then choose.")


def _assign_each(chosen, listed, drawn, to, by) -> _Result:
    visible = Inquiry.objects.visible_to(by).filter(pk__in=chosen)
    rows = list(visible.only("reference", "assignee").order_by("pk"))
    taken = _assigned_by_others([inquiry.reference for inquiry in rows], since=drawn, by=by)
    rows = [inquiry for inquiry in rows if inquiry.pk in listed or inquiry.reference in taken]
    result = _Result(gone=len(chosen) - len(rows))
    for place, shown in enumerate(rows):
        try:
            with transaction.atomic():
                _assign_one(shown, shown.reference in taken, to, by, result)
        except (actions.AssigneeChanged, actions.CannotBeAssigned) as refusal:
            result.refused.append(f"{shown}: {refusal}")
        except DatabaseError:
            # Give up: each of the others would wait as long as this one did.
            result.not_tried = len(rows) - place
            break
    return result


def _assign_one(shown, is_taken, to, by, result):
    # Read again: a colleague may have assigned it since, so that this user may no longer see it.
    inquiry = Inquiry.objects.visible_to(by).select_related("assignee").filter(pk=shown.pk).first()
    if inquiry is None:
        result.gone += 1
        return
    if is_taken and inquiry.assignee != to:
        raise actions.AssigneeChanged(inquiry.assignee)
    actions.assign(inquiry, to=to, had_by=shown.assignee_id or 0, by=by)
    result.done += 1


def _assigned_by_others(references, *, since, by) -> set[str]:
    """Those whose assignee somebody else was the last to change since then. One query for all."""
    events = AuditEvent.objects.filter(
        action=AuditEvent.Action.ASSIGNED, reference__in=references, at__gte=since
    ).order_by("sequence")
    last = dict(events.values_list("reference", "actor"))
    return {reference for reference, actor in last.items() if actor != by.get_username()}


def _add_messages(request, result, to):
    if done := result.done:
        words = (
            ngettext("%(count)s request is assigned to %(to)s.", "%(count)s requests are assigned to %(to)s.", done)
            if to
            else ngettext("%(count)s request is now unassigned.", "%(count)s requests are now unassigned.", done)
        )
        messages.success(request, words % {"count": done, "to": to})
    for refusal in result.refused:
        messages.error(request, refusal)
    if gone := result.gone:
        words = ngettext(
            "%(count)s request that you chose was left alone: it is no longer in this list.",
            "%(count)s requests that you chose were left alone: they are no longer in this list.",
            gone,
        )
        messages.warning(request, words % {"count": gone})
    if not_tried := result.not_tried:
        words = ngettext(
            "The database did not answer. %(count)s request was not assigned. Please try again.",
            "The database did not answer. %(count)s requests were not assigned. Please try again.",
            not_tried,
        )
        messages.error(request, words % {"count": not_tried})
