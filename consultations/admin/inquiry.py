from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from consultations import actions
from consultations.access import access_for
from consultations.admin.conversation import note_step, reply_step
from consultations.admin.dashboard import InquiryFigures
from consultations.admin.form_recovery import CLOSED, recovers_request_form, request_form_page
from consultations.admin.inquiry_page import page_context
from consultations.admin.merging import erase_step, hold_step, merge_step
from consultations.admin.photos import photo_urls
from consultations.admin.presence import presence_step
from consultations.admin.queue import InquiryQueue
from consultations.admin.steps import assign_step, status_step, urgency_step
from consultations.admin.story_access import open_step
from consultations.models import Inquiry
from gutskin.accounts.reauthentication import recently_authenticated
from gutskin.exceptions import ActionRefused

STEPS = {
    "status": status_step,
    "assign": assign_step,
    "urgency": urgency_step,
    "note": note_step,
    "reply": reply_step,
    "merge": merge_step,
    "hold": hold_step,
}


@admin.register(Inquiry)
class InquiryAdmin(InquiryFigures, InquiryQueue):
    """The staff's desk: the queue, and one page for each request whose buttons call an action."""

    def get_urls(self):
        views = {name: self._step(step) for name, step in STEPS.items()}
        views["open"] = self._step(open_step, may="view")
        views["presence"] = self._step(presence_step, may="view")
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
        """The page of one request, as far as this user may see it. `shown`: forms that come back, a refusal, a preview.

        It records the view itself: whichever way the story comes onto the screen, it leaves its trace.
        """
        sight = access_for(request.user, inquiry)
        context = self.admin_site.each_context(request) | page_context(self, request, inquiry, sight, **shown)
        actions.arrive(inquiry, by=request.user)
        actions.record_view(inquiry, by=request.user, story=sight.story)
        return TemplateResponse(request, "admin/consultations/inquiry/change_form.html", context, status=status)

    def run_action(self, request, inquiry, action, *, done, anchor="", **forms):
        """Calls the action. Refused, the page comes back with the reason and with the forms as they were.

        `done` is the sentence that is said then, or makes it of what the action returned.
        """
        try:
            result = action()
        except actions.StoryClosed:
            raise
        except ActionRefused as refusal:
            return self.page(request, inquiry, status=409, refusal=str(refusal), **forms)
        words = done(result) if callable(done) else done
        messages.success(request, words % {"reference": inquiry})
        if Inquiry.objects.visible_to(request.user).filter(pk=inquiry.pk).exists():
            return redirect(reverse("admin:consultations_inquiry_change", args=[inquiry.pk]) + anchor)
        return redirect("admin:consultations_inquiry_changelist")

    def _step(self, step, *, may="change", methods=("POST",)):
        @recovers_request_form
        @sensitive_post_parameters()
        @require_http_methods(list(methods))
        def view(request, pk):
            inquiry = self._inquiry(request, pk, may=may)
            try:
                return step(self, request, inquiry)
            except actions.StoryClosed:
                link = reverse("admin:consultations_inquiry_change", args=[pk])
                return request_form_page(request, CLOSED, status=403, link=link, link_text=inquiry.reference)
            except Inquiry.DoesNotExist:
                # Erased by the patient a moment ago.
                raise Http404 from None

        return view

    def _inquiry(self, request, pk, *, may="change"):
        if not request.user.has_perm(f"consultations.{may}_inquiry"):
            raise PermissionDenied
        # Longer than any number of a row, it would be an error of the database.
        if not str(pk).isdecimal() or len(str(pk)) > 18:
            raise Http404
        mine = Inquiry.objects.visible_to(request.user)
        related = ["condition__live", "assignee", "merged_into", "red_flags"]
        return get_object_or_404(mine.select_related(*related), pk=pk)
