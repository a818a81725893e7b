"""One person, two requests; and what must not, or must, be kept."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from consultations import actions
from consultations.access import coordinates, with_contact_for
from consultations.actions.staff_actions import require_change_access
from consultations.admin.forms import EraseForm, HoldForm, MergeForm
from consultations.models import Inquiry
from gutskin.exceptions import ActionRefused

AT_MOST = 10


def same_person(inquiry: Inquiry, user):
    """The other requests from the same address, as far as the user may see whose they are."""
    others = with_contact_for(user).of_the_same_person(inquiry)
    return others.only("reference", "status", "received_at", "closed_at")[:AT_MOST]


def merge_step(model_admin, request, inquiry):
    form = MergeForm(request.POST, user=request.user)
    if not form.is_valid():
        return model_admin.page(request, inquiry, merge_form=form)
    wish = form.cleaned_data
    return model_admin.run_action(
        request,
        inquiry,
        lambda: actions.merge(
            inquiry,
            into=wish["into"],
            confirmed_as_one_person=wish["confirmed"],
            seen=wish["seen"],
            by=request.user,
        ),
        done=_("%(reference)s: merged. The patient is answered under the other request."),
        merge_form=form,
    )


def hold_step(model_admin, request, inquiry):
    """Puts the hold on, or lifts it."""
    form = HoldForm(request.POST)
    is_held = request.POST.get("step") == "release"
    if not form.is_valid():
        return model_admin.page(request, inquiry, hold_form=form)
    change = actions.release if is_held else actions.hold
    done = _("%(reference)s: the legal hold is lifted.") if is_held else _("%(reference)s: it is on legal hold.")
    return model_admin.run_action(
        request,
        inquiry,
        lambda: change(inquiry, reason=form.cleaned_data["text"], by=request.user),
        done=done,
        hold_form=form,
    )


def erase_step(model_admin, request, inquiry):
    """The page that says what will be gone, and the erasing itself."""
    require_change_access(request.user, inquiry)
    if not coordinates(request.user):
        raise actions.NotPermitted
    form = EraseForm(request.POST if request.method == "POST" else None, inquiry=inquiry)
    refusal = str(actions.OnHold()) if inquiry.held_at else ""
    if form.is_bound and form.is_valid():
        try:
            actions.erase_on_wish(inquiry, by=request.user)
        except ActionRefused as error:
            refusal = str(error)
        else:
            messages.success(request, _("%(reference)s is erased.") % {"reference": inquiry.reference})
            return redirect("admin:consultations_inquiry_changelist")
    context = model_admin.admin_site.each_context(request) | {
        "opts": model_admin.opts,
        "inquiry": inquiry,
        "title": _("Erase %(reference)s") % {"reference": inquiry.reference},
        "erase_form": form,
        "refusal": refusal,
    }
    status = 409 if refusal and form.is_bound else 200
    return TemplateResponse(request, "admin/consultations/inquiry/erase.html", context, status=status)
