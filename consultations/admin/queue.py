"""The queue: who owes whom a reply, in the order of work, and nothing of what was written."""

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from consultations.admin.assignee import assignee_of
from consultations.admin.queue_filters import AssigneeFilter, TopicFilter, UrgencyFilter
from consultations.admin.queue_list import PageOfQueue, QueueList, glance_of, tab_of
from consultations.admin.queue_search import QueueSearch
from consultations.admin.queue_steps import assign_chosen
from consultations.models import Inquiry
from consultations.queue import ordering
from consultations.queue.due_dates import working_days_between
from consultations.queue.tabs import LABELS as TABS
from consultations.queue.tabs import OVER
from consultations.queue.teams import colleagues
from gutskin.audit.hash_chain import record
from gutskin.audit.models import AuditEvent


class InquiryQueue(QueueSearch, admin.ModelAdmin):
    list_display = ["reference", "standing", "urgency_chip", "due", "age", "topic", "who_has_it", "received"]
    list_filter = [TopicFilter, AssigneeFilter, UrgencyFilter]
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    paginator = PageOfQueue
    list_per_page = 50
    # “Show all” would be as long as the year.
    list_max_show_all = 0
    actions = [assign_chosen]

    @admin.display(description=_lazy("topic"), ordering="condition__title")
    def topic(self, inquiry):
        return inquiry.condition or _("Something else")

    @admin.display(description=_lazy("status"), ordering="status")
    def status_chip(self, inquiry):
        return _chip(inquiry.status, inquiry.get_status_display())

    @admin.display(description=_lazy("status"), ordering="status")
    def standing(self, inquiry):
        if inquiry.has_news:
            return format_html("{} {}", self.status_chip(inquiry), _chip("news", _("New message")))
        return self.status_chip(inquiry)

    @admin.display(description=_lazy("urgency"), ordering="urgency")
    def urgency_chip(self, inquiry):
        return _chip(inquiry.urgency, inquiry.get_urgency_display())

    @admin.display(description=_lazy("reply due"), ordering="due_at")
    def due(self, inquiry):
        day = _day(inquiry.due_at)
        if inquiry.is_overdue:
            return format_html("{} {}", day, _chip("overdue", _("Overdue")))
        return day

    @admin.display(description=_lazy("working days old"), ordering="-received_at")
    def age(self, inquiry):
        """Counted as the reply is due; of a request that is over, until it was."""
        return working_days_between(inquiry.received_at, inquiry.closed_at or timezone.now())

    @admin.display(description=_lazy("assignee"), ordering="assignee", empty_value="–")
    def who_has_it(self, inquiry):
        return assignee_of(inquiry)

    @admin.display(description=_lazy("received"), ordering="received_at")
    def received(self, inquiry):
        return _day(inquiry.received_at)

    def get_urls(self):
        order = self.admin_site.admin_view(self.order_view)
        return [path("order/", order, name="consultations_inquiry_order"), *super().get_urls()]

    def get_changelist(self, request, **kwargs):
        return QueueList

    def get_queryset(self, request):
        return Inquiry.objects.visible_to(request.user)

    def get_ordering(self, request):
        return ordering.order_by(glance_of(request).order, is_over=tab_of(request) == OVER)

    def colleagues_of(self, request):
        if not hasattr(request, "queue_colleagues"):
            request.queue_colleagues = list(colleagues())
        return request.queue_colleagues

    def lookup_allowed(self, lookup, value, request=None):
        """By nothing else than what is offered: no digest, key or day can be fished for in the address."""
        return lookup in {each.parameter_name for each in self.list_filter}

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        if SEARCH_VAR in request.GET:
            # What was searched for stands in no address: there is a form for it.
            return redirect("admin:consultations_inquiry_search")
        context = {
            "title": _lazy("Requests"),
            "stuck_mails": glance_of(request).stuck_mails,
            "orders": ordering.LABELS.items(),
            "order": glance_of(request).order,
            "colleagues": self.colleagues_of(request),
        }
        response = super().changelist_view(request, context | (extra_context or {}))
        # A POST that is no action shows the list, too.
        if response.status_code == 200:
            record(AuditEvent.Action.LISTED, by=request.user, detail=tab_of(request))
        return response

    @method_decorator(require_POST)
    def order_view(self, request):
        """Keeps the order that was chosen, and shows the same tab in it."""
        self.demand_view(request)
        name = request.POST.get("order", "")
        if name in ordering.LABELS:
            ordering.choose(name, by=request.user)
        queue = reverse("admin:consultations_inquiry_changelist")
        return redirect(f"{queue}?tab={tab}" if (tab := request.POST.get("tab")) in TABS else queue)


def _day(moment):
    return date_format(localtime(moment), "j M Y")


def _chip(name, word):
    return format_html('<span class="chip chip--{}">{}</span>', name, word)
