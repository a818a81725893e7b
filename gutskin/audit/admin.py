"""The audit log in admin, for the privacy lead: who did what to which request, when, and whether the chain is intact.

Nothing here changes an event, and each view of the log is an event of its own.
"""

from django.contrib import admin, messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gutskin import limits
from gutskin.accounts.permissions import require_permission
from gutskin.admin_site import ReadOnlyAdminMixin
from gutskin.audit.details import detail_in_words
from gutskin.audit.export import export_events
from gutskin.audit.filters import PAGE, VIEWED, AuditFilter, AuditFilterForm
from gutskin.audit.hash_chain import broken_links, record
from gutskin.audit.models import AuditEvent, AuditHead
from gutskin.http_methods import require_post, require_safe


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdminMixin, admin.ModelAdmin):
    """A page of its own instead of Django's change list, which would count a million rows to show fifty."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("", view(self.changelist_view), name="audit_auditevent_changelist"),
            path("check/", view(self.check_view), name="audit_auditevent_check"),
            path("export/", view(self.export_view), name="audit_auditevent_export"),
        ]

    @method_decorator(require_safe)
    def changelist_view(self, request, extra_context=None):
        require_permission(self.has_view_permission(request))
        form = AuditFilterForm(request.GET or None)
        chosen = AuditFilter(**form.cleaned_data) if form.is_valid() else AuditFilter()
        # An invalid filter is not answered with everything.
        events = [] if form.errors else _page(chosen, request.GET.get("before", ""))
        record(
            AuditEvent.Action.AUDIT_VIEWED,
            by=request.user,
            reference=_existing_reference(chosen, events),
            detail=chosen.criteria,
        )
        shown = events[:PAGE]
        checked = AuditEvent.objects.filter(action=AuditEvent.Action.CHAIN_CHECKED).first()
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("Audit log"),
            "form": form,
            "chosen": chosen,
            "lines": [_line(event, chosen) for event in shown],
            "older": _older(chosen, shown) if len(events) > PAGE else "",
            "is_first_page": "before" not in request.GET,
            "newest": chosen.address(),
            "only_views": chosen.action == VIEWED,
            "views_query": AuditFilter(reference=chosen.reference, action=VIEWED).address(),
            "all_query": AuditFilter(reference=chosen.reference).address(),
            "end": AuditHead.objects.filter(pk=1).first(),
            "checked": checked,
            "checked_words": detail_in_words(checked.action, checked.detail) if checked else "",
        }
        return TemplateResponse(request, "admin/audit/auditevent/log.html", context)

    @method_decorator(require_post(back="admin:audit_auditevent_changelist"))
    def check_view(self, request):
        require_permission(self.has_view_permission(request))
        broken, sentence = check_newest(by=request.user)
        messages.add_message(request, messages.ERROR if broken else messages.SUCCESS, sentence)
        for place in broken[:10]:
            messages.error(request, place)
        return redirect("admin:audit_auditevent_changelist")

    @method_decorator(require_post(back="admin:audit_auditevent_changelist"))
    def export_view(self, request):
        require_permission(self.has_view_permission(request))
        form = AuditFilterForm(request.GET or None)
        # Without this, an invalid filter would export the whole log.
        if request.GET and not form.is_valid():
            raise Http404
        return export_events(request, AuditFilter(**form.cleaned_data) if request.GET else AuditFilter())


def check_newest(*, by) -> tuple[list[str], str]:
    """Checks the newest limits.MOST_CHECKED_EVENTS of the chain, and records that.

    Returns the broken places, one sentence each, and a sentence about the whole.
    """
    head = AuditHead.objects.filter(pk=1).first()
    last = head.sequence if head else 0
    # The whole log could take minutes, longer than a web worker may take for one answer.
    first = max(1, last - limits.MOST_CHECKED_EVENTS + 1)
    broken = list(broken_links(since=first))
    record(AuditEvent.Action.CHAIN_CHECKED, by=by, detail=f"{first} {last} {len(broken)}")
    numbers = {"first": first, "last": last}
    if broken:
        sentence = ngettext(
            "The log was altered in %(count)s place. Tell the people who run the site, and change nothing yourself.",
            "The log was altered in %(count)s places. Tell the people who run the site, and change nothing yourself.",
            len(broken),
        ) % {"count": len(broken)}
    elif first > 1:
        sentence = (
            _("Events %(first)s to %(last)s are unchanged. The command verify_audit_log checks older ones.") % numbers
        )
    else:
        sentence = _("The whole log is unchanged: events %(first)s to %(last)s.") % numbers
    return broken, sentence


def _page(chosen, before):
    """A page of events, and one more that shows whether there are older ones."""
    events = chosen.events()
    # A number with more digits does not fit into the column, and the database would raise an error.
    if before.isdecimal() and len(before) < 19:
        events = events.filter(sequence__lt=int(before))
    return list(events[: PAGE + 1])


def _older(chosen, shown):
    address = chosen.address()
    return f"{address}{'&' if address else '?'}before={shown[-1].sequence}"


def _existing_reference(chosen, events):
    """The request that was filtered for, if it exists: the log does not store what was merely typed."""
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
