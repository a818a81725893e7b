from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _g
from django.views.decorators.http import require_POST, require_safe

from consultations import actions
from consultations.admin.forms import AssignForm, NoteForm, StatusForm, UrgencyForm
from consultations.admin.queue import InquiryQueue
from consultations.admin.story import notes_of, story_of
from consultations.admin.timeline import timeline_of
from consultations.models import Inquiry


@admin.register(Inquiry)
class InquiryAdmin(InquiryQueue):
    """The staff's desk: the queue, and one page for each request whose buttons call an action."""

    def get_urls(self):
        steps = {
            "status": self.status_view,
            "assign": self.assign_view,
            "urgency": self.urgency_view,
            "note": self.note_view,
        }
        return [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"consultations_inquiry_{name}")
            for name, view in steps.items()
        ] + super().get_urls()

    @method_decorator(require_safe)
    def change_view(self, request, object_id, form_url="", extra_context=None):
        return self._page(request, self._inquiry(request, object_id, may="view"))

    def history_view(self, request, object_id, extra_context=None):
        return redirect("admin:consultations_inquiry_change", object_id)

    @method_decorator(require_POST)
    def status_view(self, request, pk):
        inquiry = self._inquiry(request, pk)
        form = StatusForm(request.POST)
        return self._act(request, inquiry, form, actions.change_status, _g("%(reference)s: the status is changed."))

    @method_decorator(require_POST)
    def assign_view(self, request, pk):
        inquiry = self._inquiry(request, pk)
        form = AssignForm(request.POST)
        return self._act(request, inquiry, form, actions.assign, _g("%(reference)s: the assignee is changed."))

    @method_decorator(require_POST)
    def urgency_view(self, request, pk):
        inquiry = self._inquiry(request, pk)
        form = UrgencyForm(request.POST)
        return self._act(request, inquiry, form, actions.set_urgency, _g("%(reference)s: the urgency is changed."))

    @method_decorator(require_POST)
    def note_view(self, request, pk):
        inquiry = self._inquiry(request, pk)
        form = NoteForm(request.POST)
        if not form.is_valid():
            return self._page(request, inquiry, note_form=form)
        actions.add_note(inquiry, text=form.cleaned_data["text"], by=request.user)
        messages.success(request, _g("%(reference)s: your note is saved.") % {"reference": inquiry})
        return redirect("admin:consultations_inquiry_change", pk)

    def _inquiry(self, request, pk, may="change"):
        if not request.user.has_perm(f"consultations.{may}_inquiry"):
            raise PermissionDenied
        if not str(pk).isdecimal():
            raise Http404
        mine = Inquiry.objects.visible_to(request.user).select_related("condition", "assignee")
        return get_object_or_404(mine, pk=pk)

    def _act(self, request, inquiry, form, action, done):
        if not form.is_valid():
            messages.error(request, _g("%(reference)s: nothing was changed. Choose again.") % {"reference": inquiry})
        else:
            try:
                action(inquiry, to=form.cleaned_data["to"], by=request.user)
            except (actions.StepNotAllowed, actions.CannotBeAssigned) as refusal:
                messages.error(request, f"{inquiry}: {refusal}")
            else:
                messages.success(request, done % {"reference": inquiry})
        if Inquiry.objects.visible_to(request.user).filter(pk=inquiry.pk).exists():
            return redirect("admin:consultations_inquiry_change", inquiry.pk)
        return redirect("admin:consultations_inquiry_changelist")

    def _page(self, request, inquiry, note_form=None):
        # Here, not in a view: whichever way the story comes onto the screen, it leaves its trace.
        actions.record_view(inquiry, by=request.user)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "original": inquiry,
            "inquiry": inquiry,
            "title": inquiry.reference,
            "change": True,
            "has_view_permission": True,
            "may_change": self.has_change_permission(request),
            "status_chip": self.status_chip(inquiry),
            "urgency_chip": self.urgency_chip(inquiry),
            "due": self.due(inquiry),
            "topic": self.topic(inquiry),
            "story": story_of(inquiry),
            "next_steps": [(step.value, step.label) for step in inquiry.next_steps],
            "assign_form": AssignForm(initial={"to": inquiry.assignee}),
            "urgency_form": UrgencyForm(initial={"to": inquiry.urgency}),
            "note_form": note_form or NoteForm(),
            "notes": notes_of(inquiry),
            "mails": inquiry.notifications.all(),
            "consents": inquiry.consents.all(),
            "timeline": timeline_of(inquiry),
        }
        return TemplateResponse(request, "admin/consultations/inquiry/change_form.html", context)
