"""The list behind the queue: one tab of it, a page at a time, and no more questions to the database for many rows."""

from dataclasses import dataclass

from django.contrib.admin.views.main import ORDER_VAR
from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.db.models import Count, Subquery, Value
from django.db.models.functions import Coalesce

from consultations.models import Inquiry, QueuePreference
from consultations.queue import ordering
from consultations.queue.tabs import LABELS, OPEN, in_tab, tabs
from gutskin.admin_site import StaffList
from gutskin.mail.models import Notification

TAB = "tab"


@dataclass(frozen=True)
class QueueSummary:
    """What the list has to know besides its rows."""

    order: str
    over: int
    stuck_mails: int


def glance_of(request) -> QueueSummary:
    """In one query, once in a request: these are three small questions that do not depend on each other."""
    if not hasattr(request, "queue_glance"):
        chosen = QueuePreference.objects.filter(user=request.user).values("ordering")
        over = Inquiry.objects.visible_to(request.user).over()
        row = get_user_model().objects.filter(pk=request.user.pk)
        order, *counts = row.values_list(
            Subquery(chosen), _number_of(over), _number_of(Notification.objects.stuck())
        ).get()
        request.queue_glance = QueueSummary(order if order in ordering.LABELS else ordering.WORK, *counts)
    return request.queue_glance


def _number_of(rows):
    return Coalesce(Subquery(rows.order_by().values(all=Value(1)).annotate(number=Count("pk")).values("number")), 0)


def tab_of(request) -> str:
    name = request.GET.get(TAB, OPEN)
    return name if name in LABELS else OPEN


class PageOfQueue(Paginator):
    """Which rows stand on a page is found among narrow ones, on an index; only those fifty are read whole."""

    def page(self, number):
        page = super().page(number)
        ordering = self.object_list.query.order_by
        rows = Inquiry.objects.filter(pk__in=page.object_list.values("pk"))
        page.object_list = rows.as_queue().with_news().order_by(*ordering)
        return page


class QueueList(StaffList):
    def __init__(self, request, *args, **kwargs):
        self.tab = tab_of(request)
        super().__init__(request, *args, **kwargs)

    def get_filters_params(self, params=None):
        """Without the tab, which is no filter of Django's."""
        return {name: values for name, values in super().get_filters_params(params).items() if name != TAB}

    def get_queryset(self, request, exclude_parameters=None):
        return in_tab(self.tab, super().get_queryset(request, exclude_parameters), request.user)

    def get_results(self, request):
        found = tabs(self.root_queryset, request.user, over=glance_of(request).over)
        self.tabs = [{"tab": tab, "is_current": tab.name == self.tab, "address": f"?{TAB}={tab.name}"} for tab in found]
        super().get_results(request)
        if not self.multi_page:
            self.result_list = self.paginator.page(1).object_list

    def get_ordering_field_columns(self):
        """No column is marked as the one that sorts, unless somebody clicked on it."""
        return super().get_ordering_field_columns() if ORDER_VAR in self.params else {}
