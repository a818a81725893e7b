from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from consultations import actions
from consultations.admin.forms import AssignForm, NoteForm, StatusForm, UrgencyForm
from consultations.admin.story import notes_of, story_of
from consultations.admin.timeline import timeline_of
from consultations.models import Inquiry, Notification
from consultations.models.inquiry import queue_order


@admin.register(Inquiry)
class InquiryAdmin(admin.ModelAdmin):
    """The staff's desk: a queue, and one page for each request whose buttons call an action."""

    list_display = ["reference", "due", "status_chip", "urgency_chip", "topic", "assignee", "received"]
    list_filter = [
        "status",
        ("condition", admin.RelatedOnlyFieldListFilter),
        ("assignee", admin.RelatedOnlyFieldListFilter),
        "urgency",
    ]
    show_facets = admin.ShowFacets.ALWAYS
    search_fields = ["reference"]
    search_help_text = _("By reference, for example GS-7K2M-9QXA. Please type no names here.")
    list_per_page = 50
    actions = None

    @admin.display(description=_("topic"), ordering="condition__title")
    def topic(self, inquiry):
        return inquiry.condition or _g("Something else")

    @admin.display(description=_("status"), ordering="status")
    def status_chip(self, inquiry):
        return _chip(inquiry.status, inquiry.get_status_display())

    @admin.display(description=_("urgency"), ordering="urgency")
    def urgency_chip(self, inquiry):
        return _chip(inquiry.urgency, inquiry.get_urgency_display())

    @admin.display(description=_("reply due"), ordering="due_at")
    def due(self, inquiry):
        day = _day(inquiry.due_at)
        if inquiry.is_overdue:
            return format_html("{} {}", day, _chip("overdue", _g("Overdue")))
        return day

    @admin.display(description=_("received"), ordering="received_at")
    def received(self, inquiry):
        return _day(inquiry.received_at)

    def get_queryset(self, request):
        return Inquiry.objects.visible_to(request.user).as_queue()

    def get_ordering(self, request):
        return queue_order()

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

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

    def changelist_view(self, request, extra_context=None):
        context = {"title": _("Requests"), "stuck_mails": Notification.objects.stuck().count()}
        return super().changelist_view(request, context | (extra_context or {}))

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


def _day(moment):
    return date_format(localtime(moment), "j M Y")


def _chip(name, word):
    return format_html('<span class="chip chip--{}">{}</span>', name, word)
