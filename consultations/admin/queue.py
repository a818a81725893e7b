"""The queue of requests: columns, ordering and permissions of the list. It shows nothing of what patients wrote."""

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from consultations.admin.bulk_assign import assign_chosen, drawn_now
from consultations.admin.queue_list import (
    AssigneeFilter,
    QueueList,
    QueuePaginator,
    TopicFilter,
    UrgencyFilter,
    queue_summary,
    tab_of,
)
from consultations.admin.queue_search import QueueSearchMixin
from consultations.models import Inquiry, Status, Urgency
from consultations.queue import ordering
from consultations.queue.due_dates import working_days_between
from consultations.queue.tabs import LABELS as TABS
from consultations.queue.tabs import OVER
from consultations.queue.teams import colleagues
from gutskin.accounts.permissions import require_permission
from gutskin.audit.hash_chain import record
from gutskin.audit.models import AuditEvent
from gutskin.http_methods import require_post


class QueueAdmin(QueueSearchMixin, admin.ModelAdmin):
    # A phone shows the first three, and the others when the list is moved sideways.
    list_display = ["reference", "due", "urgency_badge", "status_and_news", "age", "topic", "assignee_name", "received"]
    list_filter = [TopicFilter, AssigneeFilter, UrgencyFilter]
    paginator = QueuePaginator
    # No “Show all”, which would be thousands of rows.
    list_max_show_all = 0
    actions = [assign_chosen]

    @admin.display(description=_lazy("topic"), ordering="condition__title")
    def topic(self, inquiry):
        return inquiry.condition or _("Something else")

    @admin.display(description=_lazy("status"), ordering="status")
    def status_badge(self, inquiry):
        # Not get_status_display(), which translates the label of every status to find one.
        return _badge(inquiry.status, Status(inquiry.status).label)

    @admin.display(description=_lazy("status"), ordering="status")
    def status_and_news(self, inquiry):
        badges = [self.status_badge(inquiry)]
        if inquiry.has_news:
            badges.append(_badge("news", _("New message")))
        if inquiry.email_refused_at:
            badges.append(_badge("overdue", _("Wrong e-mail address")))
        return format_html_join(" ", "{}", ((badge,) for badge in badges))

    @admin.display(description=_lazy("urgency"), ordering="urgency")
    def urgency_badge(self, inquiry):
        return _badge(inquiry.urgency, Urgency(inquiry.urgency).label)

    @admin.display(description=_lazy("reply due"), ordering="due_at")
    def due(self, inquiry):
        day = day_of(inquiry.due_at)
        if inquiry.is_overdue:
            return format_html("{} {}", day, _badge("overdue", _("Overdue")))
        return day

    @admin.display(description=_lazy("working days old"), ordering="-received_at")
    def age(self, inquiry):
        """Counted in working days, like the due date; for a request that is over, until it was closed."""
        return working_days_between(inquiry.received_at, inquiry.closed_at or timezone.now())

    @admin.display(description=_lazy("assignee"), ordering="assignee", empty_value="–")
    def assignee_name(self, inquiry):
        """Empty for no one. A colleague who has left stays named, so that others know whom to ask about the request."""
        user = inquiry.assignee
        if user is None or user.is_active:
            return str(user or "")
        return _("%(name)s (has left)") % {"name": user}

    @admin.display(description=_lazy("received"), ordering="received_at")
    def received(self, inquiry):
        return day_of(inquiry.received_at)

    def get_urls(self):
        order = self.admin_site.admin_view(self.order_view)
        return [path("order/", order, name="consultations_inquiry_order"), *super().get_urls()]

    def get_changelist(self, request, **kwargs):
        return QueueList

    def get_paginator(self, request, queryset, per_page, *args, **kwargs):
        paginator = super().get_paginator(request, queryset, per_page, *args, **kwargs)
        if hasattr(request, "queue_count"):
            paginator.count = request.queue_count
        return paginator

    def get_queryset(self, request):
        return Inquiry.objects.visible_to(request.user)

    def get_ordering(self, request):
        return ordering.order_by(queue_summary(request).order, is_over=tab_of(request) == OVER)

    def get_colleagues(self, request):
        """Cached on the HTTP request: the filter and the form for assigning both list them."""
        if not hasattr(request, "queue_colleagues"):
            request.queue_colleagues = list(colleagues())
        return request.queue_colleagues

    def lookup_allowed(self, lookup, value, request=None):
        """Allows only the filters that are offered, so that the address cannot be used to probe other fields."""
        return lookup in {each.parameter_name for each in self.list_filter}

    # Requests come from patients, and leave by retention, at the patient's wish, or by a coordinator's erasing.
    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        if SEARCH_VAR in request.GET:
            # A search term may be a patient's address and must not appear in a URL: the search has a form of its own.
            return redirect("admin:consultations_inquiry_search")
        context = {
            "title": _lazy("Requests"),
            "stuck_mails": queue_summary(request).stuck_mails,
            "orders": ordering.LABELS.items(),
            "order": queue_summary(request).order,
            "colleagues": self.get_colleagues(request),
            "drawn": drawn_now(),
        }
        response = super().changelist_view(request, context | (extra_context or {}))
        # An action redirects; a POST that runs none shows the list, which counts as a look at it.
        if response.status_code == 200:
            record(AuditEvent.Action.LISTED, by=request.user, detail=tab_of(request))
        return response

    @method_decorator(require_post(back="admin:consultations_inquiry_changelist"))
    def order_view(self, request):
        """Stores the order that the user chose, and shows the same tab in it."""
        require_permission(self.has_view_permission(request))
        name = request.POST.get("order", "")
        if name in ordering.LABELS:
            ordering.choose(name, by=request.user)
        queue = reverse("admin:consultations_inquiry_changelist")
        return redirect(f"{queue}?tab={tab}" if (tab := request.POST.get("tab")) in TABS else queue)


def day_of(moment):
    return date_format(localtime(moment), "j M Y")


def _badge(name, word):
    return format_html('<span class="chip chip--{}">{}</span>', name, word)
