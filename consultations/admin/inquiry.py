"""The admin of requests: addresses, permissions, and the way from a button to an action and back to a page."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from consultations import actions
from consultations.access import access_for
from consultations.admin.contact import contact_step
from consultations.admin.conversation import note_step, reply_step
from consultations.admin.dashboard import DashboardMixin
from consultations.admin.drafts import discard_step, draft_step, drop_sent, keep_drafts
from consultations.admin.form_recovery import CLOSED, not_visible_page, recovers_request_form, request_form_page
from consultations.admin.hold_and_erase import erase_step, hold_step
from consultations.admin.inquiry_page import page_context
from consultations.admin.photos import photo_urls
from consultations.admin.presence import presence_step, warn_of_unread
from consultations.admin.queue import QueueAdmin
from consultations.admin.steps import assign_step, merge_step, status_step, urgency_step
from consultations.admin.story_access import open_step
from consultations.models import Inquiry
from gutskin.accounts.reauthentication import recently_authenticated
from gutskin.exceptions import ActionRefused
from gutskin.http_methods import require_http_methods, require_safe

STEPS = {
    "status": status_step,
    "assign": assign_step,
    "urgency": urgency_step,
    "note": note_step,
    "reply": reply_step,
    "merge": merge_step,
    "hold": hold_step,
}


def _change_page(pk):
    return reverse("admin:consultations_inquiry_change", args=[pk])


@admin.register(Inquiry)
class InquiryAdmin(DashboardMixin, QueueAdmin):
    """Where staff work: the queue, and a page for each request whose buttons call an action."""

    def get_urls(self):
        views = {name: self._step(step) for name, step in STEPS.items()}
        views["open"] = self._step(open_step, may="view")
        views["draft"] = self._step(draft_step, may="view")
        views["discard"] = self._step(discard_step, may="view")
        views["presence"] = self._step(presence_step, may="view")
        views["contact"] = self._step(contact_step, methods=["GET", "HEAD", "POST"])
        # Erasing cannot be undone, so an older login has to be confirmed.
        views["erase"] = recently_authenticated(self._step(erase_step, methods=["GET", "HEAD", "POST"]))
        return [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"consultations_inquiry_{name}")
            for name, view in views.items()
        ] + [*photo_urls(self), *super().get_urls()]

    @method_decorator(require_safe)
    def change_view(self, request, object_id, form_url="", extra_context=None):
        return self.page(request, self._inquiry(request, object_id, may="view"))

    def history_view(self, request, object_id, extra_context=None):
        return redirect("admin:consultations_inquiry_change", object_id)

    def page(self, request, inquiry, *, status=200, **shown):
        """Shows what this user may see of a request. `shown` has forms with errors, a refusal, or a preview.

        The view is recorded here and not in change_view: a form that comes back with errors shows the story, too.
        """
        access = access_for(request.user, inquiry)
        if request.method == "POST" and "refusal" not in shown:
            warn_of_unread(request, inquiry)
        context = self.admin_site.each_context(request) | page_context(self, request, inquiry, access, **shown)
        actions.record_presence(inquiry, by=request.user)
        actions.record_view(inquiry, by=request.user, story=access.story)
        return TemplateResponse(request, "admin/consultations/inquiry/change_form.html", context, status=status)

    def run_action(self, request, inquiry, action, *, done, anchor="", **forms):
        """Calls the action, then redirects with a message. If it is refused, shows the page with the reason.

        `done` is the message, or a function that makes it from what the action returned. `forms` are shown as they
        were posted if the action is refused.
        """
        try:
            result = action()
        except actions.StoryAccessRequired:
            # `_step` answers it: this page could not show the form again, since the story is closed.
            raise
        except ActionRefused as refusal:
            return self.page(request, inquiry, status=409, refusal=str(refusal), **forms)
        drop_sent(request, inquiry, forms.values())
        words = done(result) if callable(done) else done
        messages.success(request, words % {"reference": inquiry})
        if "reply_form" not in forms:
            warn_of_unread(request, inquiry)
        # Handing over a request may take it out of the user's sight.
        if Inquiry.objects.visible_to(request.user).filter(pk=inquiry.pk).exists():
            return redirect(reverse("admin:consultations_inquiry_change", args=[inquiry.pk]) + anchor)
        return redirect("admin:consultations_inquiry_changelist")

    def _step(self, step, *, may="change", methods=("POST",)):
        """Makes a view of a function that takes the ModelAdmin, the request and the inquiry."""

        @recovers_request_form
        # What was typed must not appear in an error report.
        @sensitive_post_parameters()
        @require_http_methods(list(methods), back=_change_page)
        def view(request, pk):
            try:
                inquiry = self._inquiry(request, pk, may=may)
                if step is not draft_step:
                    keep_drafts(request, inquiry)
                return step(self, request, inquiry)
            except actions.StoryAccessRequired as refusal:
                link = reverse("admin:consultations_inquiry_change", args=[pk])
                problem = str(refusal) if isinstance(refusal, actions.ReplyNotAllowed) else CLOSED
                return request_form_page(request, problem, status=403, link=link, link_text=inquiry.reference)
            except (Http404, Inquiry.DoesNotExist):
                # Another clinician's, handed on or erased since the page was opened, or while this was done.
                return not_visible_page(request)

        return view

    def _inquiry(self, request, pk, *, may="change"):
        if not request.user.has_perm(f"consultations.{may}_inquiry"):
            raise PermissionDenied
        # A number longer than any primary key would be an error of the database.
        if not str(pk).isdecimal() or len(str(pk)) > 18:
            raise Http404
        visible = Inquiry.objects.visible_to(request.user)
        related = ["condition__live", "assignee", "merged_into", "red_flags"]
        return get_object_or_404(visible.select_related(*related), pk=pk)
