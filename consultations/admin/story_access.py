"""Reasons to read a story: the form that gives one, and the list of those given, for the privacy lead."""

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from consultations import actions
from consultations.admin.forms import ReasonForm
from consultations.models import StoryAccess
from gutskin.accounts.permissions import require_permission
from gutskin.admin_site import ReadOnlyAdminMixin
from gutskin.audit.hash_chain import record
from gutskin.audit.models import AuditEvent
from gutskin.encryption.cipher import EncryptionError
from gutskin.http_methods import require_safe

PAGE = 50


def open_step(model_admin, request, inquiry):
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return model_admin.page(request, inquiry, reason_form=form)
    data = form.cleaned_data
    return model_admin.run_action(
        request,
        inquiry,
        lambda: actions.open_story(inquiry, reason=data["reason"], explanation=data["explanation"], by=request.user),
        done=_("%(reference)s: the story is open to you for an hour."),
        reason_form=form,
    )


def reasons_given(inquiry):
    """Returns the reasons given for this request. The explanations are for the privacy lead only."""
    return inquiry.story_accesses.select_related("user").order_by("-given_at", "-pk")


@admin.register(StoryAccess)
class StoryAccessAdmin(ReadOnlyAdminMixin, admin.ModelAdmin):
    """For those who may read the audit log, which links to it. Each look is recorded."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("", view(self.changelist_view), name="consultations_storyaccess_changelist"),
            path("<uuid:public_id>/", view(self.explanation_view), name="consultations_storyaccess_explanation"),
        ]

    def has_module_permission(self, request):
        return False

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("audit.view_auditevent")

    @method_decorator(require_safe)
    def changelist_view(self, request, extra_context=None):
        require_permission(self.has_view_permission(request))
        page = Paginator(_without_explanation(), PAGE).get_page(request.GET.get("page"))
        record(AuditEvent.Action.AUDIT_VIEWED, by=request.user, detail="reasons")
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("Reasons to read a story"),
            "page": page,
            "may_read": may_read_explanations(request.user),
        }
        return TemplateResponse(request, "admin/consultations/storyaccess/reasons.html", context)

    @method_decorator(require_safe)
    def explanation_view(self, request, public_id):
        require_permission(self.has_view_permission(request))
        # Not 403: the list does not link a superuser here.
        if not may_read_explanations(request.user):
            raise Http404
        access = get_object_or_404(_without_explanation(), public_id=public_id)
        reference = access.inquiry.reference
        # One transaction: an explanation whose reading cannot be recorded is not shown.
        with transaction.atomic():
            explanation = _explanation_of(access)
            record(AuditEvent.Action.AUDIT_VIEWED, by=request.user, reference=reference, detail="explanation")
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("A reason to read a story"),
            "access": access,
            "explanation": explanation,
        }
        return TemplateResponse(request, "admin/consultations/storyaccess/reason.html", context)


def may_read_explanations(user) -> bool:
    """True for a privacy lead. Not for a superuser, whose own explanation it may be."""
    return user.has_perm("audit.view_auditevent") and not user.is_superuser


def _without_explanation():
    """The newest first. Of the request, only the reference is fetched; explanations are fetched one at a time."""
    return StoryAccess.objects.select_related("inquiry", "user").only(
        "public_id", "reason", "given_at", "ends_at", "inquiry__reference", "user__username", "user__is_superuser"
    )


def _explanation_of(access):
    """Returns the text, or why it cannot be decrypted."""
    try:
        return {"text": access.explanation, "is_unreadable": False}
    except EncryptionError as error:
        return {"text": str(error), "is_unreadable": True}
