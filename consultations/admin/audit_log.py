"""The audit log, for the privacy lead: who did what to which request, when, and whether the log is what was written.

Nothing here changes an event. Each look is an event of its own.
"""

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from consultations.admin.audit_check import check_chain, last_check
from consultations.admin.audit_export import save_events
from consultations.admin.audit_filter import LOOKED, PAGE, AuditFilter, AuditFilterForm
from consultations.admin.audit_words import detail_in_words
from consultations.admin.dashboard import demand
from consultations.admin.story_reasons import PAGE as REASONS
from consultations.admin.story_reasons import explanation_of, may_read_explanations, reasons
from consultations.audit import record
from consultations.models import AuditEvent, AuditHead


@admin.register(AuditEvent)
class AuditEventAdmin(admin.ModelAdmin):
    """A page of its own in place of Django's list, which would count a million rows to show fifty."""

    def get_urls(self):
        view = self.admin_site.admin_view
        name = "consultations_auditevent"
        return [
            path("", view(self.changelist_view), name=f"{name}_changelist"),
            path("check/", view(self.check_view), name=f"{name}_check"),
            path("save/", view(self.save_view), name=f"{name}_save"),
            path("reasons/", view(self.reasons_view), name=f"{name}_reasons"),
            path("reasons/<uuid:public_id>/", view(self.reason_view), name=f"{name}_reason"),
        ]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @method_decorator(require_safe)
    def changelist_view(self, request, extra_context=None):
        demand(request, "view_auditevent")
        form = AuditFilterForm(request.GET or None)
        chosen = AuditFilter(**form.cleaned_data) if form.is_valid() else AuditFilter()
        # What cannot be looked for is not answered with everything.
        events = [] if form.errors else _page(chosen, request.GET.get("before", ""))
        record(AuditEvent.Action.AUDIT_VIEWED, by=request.user, reference=_known(chosen, events), detail=chosen.told)
        shown, checked = events[:PAGE], last_check()
        return self._answer(
            request,
            "admin/consultations/auditevent/log.html",
            title=_("Audit log"),
            form=form,
            chosen=chosen,
            lines=[_line(event, chosen) for event in shown],
            older=_older(chosen, shown) if len(events) > PAGE else "",
            is_first_page="before" not in request.GET,
            newest=chosen.address(),
            only_looks=chosen.action == LOOKED,
            looks_at_it=AuditFilter(reference=chosen.reference, action=LOOKED).address(),
            all_of_it=AuditFilter(reference=chosen.reference).address(),
            end=AuditHead.objects.filter(pk=1).first(),
            checked=checked,
            checked_words=detail_in_words(checked.action, checked.detail) if checked else "",
        )

    @method_decorator(require_POST)
    def check_view(self, request):
        demand(request, "view_auditevent")
        found, sentence = check_chain(by=request.user)
        messages.add_message(request, messages.ERROR if found else messages.SUCCESS, sentence)
        for place in found[:10]:
            messages.error(request, place)
        return redirect("admin:consultations_auditevent_changelist")

    @method_decorator(require_POST)
    def save_view(self, request):
        demand(request, "view_auditevent")
        form = AuditFilterForm(request.GET or None)
        if request.GET and not form.is_valid():
            raise Http404
        return save_events(request, AuditFilter(**form.cleaned_data) if request.GET else AuditFilter())

    @method_decorator(require_safe)
    def reasons_view(self, request):
        demand(request, "view_auditevent")
        page = Paginator(reasons(), REASONS).get_page(request.GET.get("page"))
        record(AuditEvent.Action.AUDIT_VIEWED, by=request.user, detail="reasons")
        may_read = may_read_explanations(request.user)
        return self._answer(
            request,
            "admin/consultations/auditevent/reasons.html",
            title=_("Reasons to read a story"),
            page=page,
            may_read=may_read,
        )

    @method_decorator(require_safe)
    def reason_view(self, request, public_id):
        demand(request, "view_auditevent")
        if not may_read_explanations(request.user):
            raise Http404
        access = get_object_or_404(reasons(), public_id=public_id)
        with transaction.atomic():
            explanation = explanation_of(access)
            record(
                AuditEvent.Action.AUDIT_VIEWED,
                by=request.user,
                reference=access.inquiry.reference,
                detail="explanation",
            )
        return self._answer(
            request,
            "admin/consultations/auditevent/reason.html",
            title=_("A reason to read a story"),
            access=access,
            explanation=explanation,
        )

    def _answer(self, request, template, **context):
        context = self.admin_site.each_context(request) | {"opts": self.opts} | context
        return TemplateResponse(request, template, context)


def _page(chosen, before):
    """A page of events and one more, which tells that there are older ones."""
    events = chosen.events()
    if before.isdecimal() and len(before) < 19:
        events = events.filter(sequence__lt=int(before))
    return list(events[: PAGE + 1])


def _older(chosen, shown):
    address = chosen.address()
    return f"{address}{'&' if address else '?'}before={shown[-1].sequence}"


def _known(chosen, events):
    """The request that was looked for, if there is one: the log takes nothing that somebody only typed."""
    return chosen.reference if events else ""


def _line(event, chosen):
    return {
        "event": event,
        "detail": detail_in_words(event.action, event.detail),
        "about_actor": AuditFilter(actor=event.actor).address(),
        "about_request": AuditFilter(reference=event.reference).address(),
        "is_chosen_actor": chosen.actor == event.actor,
        "is_chosen_request": chosen.reference == event.reference,
    }
