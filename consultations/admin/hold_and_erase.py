"""Legal hold, erasing a request because its patient asked for it, and the certificates of what was erased."""

from django.contrib import admin, messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext_lazy

from consultations import actions
from consultations.actions.hold_and_erase import require_coordinator
from consultations.admin.forms import EraseForm, HoldForm
from consultations.models import PurgeCertificate
from gutskin.admin_site import ReadOnlyAdminMixin
from gutskin.exceptions import ActionRefused

# What a certificate counts, by the name of the model.
COUNTED = {
    "Inquiry": ngettext_lazy("%(count)s request", "%(count)s requests", "count"),
    "Message": ngettext_lazy("%(count)s message", "%(count)s messages", "count"),
    "Note": ngettext_lazy("%(count)s note", "%(count)s notes", "count"),
    "Attachment": ngettext_lazy("%(count)s photo", "%(count)s photos", "count"),
    "Draft": ngettext_lazy("%(count)s draft of a text", "%(count)s drafts of texts", "count"),
    "Consent": ngettext_lazy("%(count)s consent", "%(count)s consents", "count"),
    "Notification": ngettext_lazy("%(count)s email", "%(count)s emails", "count"),
    "StatusPass": ngettext_lazy("%(count)s link or visit", "%(count)s links and visits", "count"),
    "StoryAccess": ngettext_lazy("%(count)s reason to read the story", "%(count)s reasons to read the story", "count"),
    "RedFlagResult": ngettext_lazy("%(count)s check for warning signs", "%(count)s checks for warning signs", "count"),
    "MessageRedFlags": ngettext_lazy(
        "%(count)s message with warning signs", "%(count)s messages with warning signs", "count"
    ),
    "Presence": ngettext_lazy("%(count)s visit by staff", "%(count)s visits by staff", "count"),
    "AuditEvent detail": ngettext_lazy(
        "%(count)s detail in the audit log", "%(count)s details in the audit log", "count"
    ),
}


def hold_step(model_admin, request, inquiry):
    """Puts the request on legal hold, or lifts the hold."""
    form = HoldForm(request.POST)
    lifts = request.POST.get("step") == "release"
    if not form.is_valid():
        return model_admin.page(request, inquiry, hold_form=form)
    action = actions.release if lifts else actions.hold
    return model_admin.run_action(
        request,
        inquiry,
        lambda: action(inquiry, reason=form.cleaned_data["text"], by=request.user),
        done=_("%(reference)s: the legal hold is lifted.") if lifts else _("%(reference)s: it is on legal hold."),
        hold_form=form,
    )


def erase_step(model_admin, request, inquiry):
    """The page that says what will be erased, and the erasing itself."""
    require_coordinator(request.user, inquiry)
    form = EraseForm(request.POST if request.method == "POST" else None, inquiry=inquiry)
    # Shown at once, and not only after the reference has been typed.
    refusal = str(actions.OnHold()) if inquiry.held_at else ""
    if form.is_bound and form.is_valid():
        try:
            actions.erase_for_patient(inquiry, by=request.user)
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


@admin.register(PurgeCertificate)
class PurgeCertificateAdmin(ReadOnlyAdminMixin, admin.ModelAdmin):
    """What was erased, when and why: for the privacy lead."""

    list_display = ["at", "cause", "how_many", "erased"]
    list_filter = ["cause", "at"]
    fields = ["at", "cause", "how_many", "erased", "which"]
    readonly_fields = fields
    actions = None

    def history_view(self, request, object_id, extra_context=None):
        return redirect("admin:consultations_purgecertificate_change", object_id)

    @admin.display(description=_lazy("requests"))
    def how_many(self, certificate):
        return len(certificate.references)

    @admin.display(description=_lazy("what was erased"))
    def erased(self, certificate):
        return ", ".join(_in_words(name, count) for name, count in sorted(certificate.counts.items()))

    @admin.display(description=_lazy("references"))
    def which(self, certificate):
        return ", ".join(certificate.references)


def _in_words(name, count):
    """The rows of one model as a certificate counts them; the stored name for a model that no longer exists."""
    words = COUNTED.get(name)
    return words % {"count": count} if words else f"{count} {name}"
