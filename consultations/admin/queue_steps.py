"""Steps with many requests at once, from the list."""

from django import forms
from django.contrib import admin, messages
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from consultations import actions
from consultations.admin.assignee import AssigneeField
from consultations.models import Inquiry
from consultations.queue.teams import colleagues
from gutskin import limits


class AssignChosenForm(forms.Form):
    to = AssigneeField(label=_lazy("Assignee"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = colleagues()


@admin.action(description=_lazy("Assign the chosen requests to"), permissions=["change"])
def assign_chosen(model_admin, request, queryset):
    """Each in a transaction of its own: one that cannot be assigned holds up no other, and is named."""
    form = AssignChosenForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was changed. Choose a colleague from the list, or “Nobody”."))
        return
    chosen = list(queryset.order_by("pk").values_list("pk", flat=True)[: limits.MOST_ASSIGNED_AT_ONCE + 1])
    if len(chosen) > limits.MOST_ASSIGNED_AT_ONCE:
        messages.error(
            request,
            _("Nothing was changed. Choose at most %(count)s requests at once.")
            % {"count": limits.MOST_ASSIGNED_AT_ONCE},
        )
        return
    done, refused, unanswered = _assign_each(chosen, form.cleaned_data["to"], request.user)
    _tell(request, done, refused, unanswered, form.cleaned_data["to"])


def _assign_each(chosen, to, by):
    done, refused = 0, []
    for place, pk in enumerate(chosen):
        inquiry = None
        try:
            with transaction.atomic():
                # Asked anew: meanwhile a colleague may have taken it out of this user's sight.
                inquiry = Inquiry.objects.visible_to(by).filter(pk=pk).first()
                if inquiry:
                    actions.assign(inquiry, to=to, by=by)
                    done += 1
        except actions.CannotBeAssigned as refusal:
            refused.append(f"{inquiry}: {refusal}")
        except DatabaseError:
            # The next would wait as long as this one did.
            return done, refused, len(chosen) - place
    return done, refused, 0


def _tell(request, done, refused, unanswered, to):
    if done:
        words = (
            ngettext("%(count)s request is assigned to %(to)s.", "%(count)s requests are assigned to %(to)s.", done)
            if to
            else ngettext(
                "%(count)s request is assigned to nobody.", "%(count)s requests are assigned to nobody.", done
            )
        )
        messages.success(request, words % {"count": done, "to": to})
    for refusal in refused:
        messages.error(request, refusal)
    if unanswered:
        words = ngettext(
            "The database did not answer. %(count)s request was not assigned. Please try again.",
            "The database did not answer. %(count)s requests were not assigned. Please try again.",
            unanswered,
        )
        messages.error(request, words % {"count": unanswered})
