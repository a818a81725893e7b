"""A reason to read what is not one's own work."""

from django.utils.translation import gettext as _g

from consultations import actions
from consultations.admin.forms import ReasonForm


def open_step(desk, request, inquiry):
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return desk.page(request, inquiry, reason_form=form)
    given = form.cleaned_data
    return desk.carry_out(
        request,
        inquiry,
        lambda: actions.open_story(inquiry, reason=given["reason"], explanation=given["explanation"], by=request.user),
        done=_g("%(reference)s: the story is open to you for an hour."),
        reason_form=form,
    )


def reasons_given(inquiry):
    """Who has given a reason so far. The explanations are sealed and for the privacy lead."""
    return inquiry.story_accesses.select_related("user").order_by("-given_at", "-pk")
