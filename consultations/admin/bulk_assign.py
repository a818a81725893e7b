"""Assigning many requests at once: an admin action of the queue."""

from django.contrib import admin, messages
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from consultations import actions
from consultations.admin.forms import BulkAssignForm
from consultations.models import Inquiry
from gutskin import limits


@admin.action(description=_lazy("Assign the chosen requests to"), permissions=["change"])
def assign_chosen(model_admin, request, queryset):
    """Assigns each request in a transaction of its own: a failure is named and does not stop the others."""
    form = BulkAssignForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was changed. Choose a colleague from the list, or “No one”."))
        return
    chosen = list(queryset.order_by("pk").values_list("pk", flat=True)[: limits.MOST_ASSIGNED_AT_ONCE + 1])
    # Refused as a whole: assigning the first two hundred would leave the user guessing which ones they were.
    if len(chosen) > limits.MOST_ASSIGNED_AT_ONCE:
        messages.error(
            request,
            _("Nothing was changed. Choose at most %(count)s requests at once.")
            % {"count": limits.MOST_ASSIGNED_AT_ONCE},
        )
        return
    done, refused, not_tried = _assign_each(chosen, form.cleaned_data["to"], request.user)
    _add_messages(request, done, refused, not_tried, form.cleaned_data["to"])


def _assign_each(chosen, to, by):
    """Returns the number assigned, why the others were refused, and the number that the database did not answer for."""
    done, refused = 0, []
    for place, pk in enumerate(chosen):
        inquiry = None
        try:
            with transaction.atomic():
                # Read again: a colleague may have assigned it since, so that this user may no longer see it.
                inquiry = Inquiry.objects.visible_to(by).filter(pk=pk).first()
                if inquiry:
                    actions.assign(inquiry, to=to, by=by)
                    done += 1
        except actions.CannotBeAssigned as refusal:
            refused.append(f"{inquiry}: {refusal}")
        except DatabaseError:
            # Give up: each of the others would wait as long as this one did.
            return done, refused, len(chosen) - place
    return done, refused, 0


def _add_messages(request, done, refused, not_tried, to):
    if done:
        words = (
            ngettext("%(count)s request is assigned to %(to)s.", "%(count)s requests are assigned to %(to)s.", done)
            if to
            else ngettext("%(count)s request is now unassigned.", "%(count)s requests are now unassigned.", done)
        )
        messages.success(request, words % {"count": done, "to": to})
    for refusal in refused:
        messages.error(request, refusal)
    if not_tried:
        words = ngettext(
            "The database did not answer. %(count)s request was not assigned. Please try again.",
            "The database did not answer. %(count)s requests were not assigned. Please try again.",
            not_tried,
        )
        messages.error(request, words % {"count": not_tried})
