"""The changelist behind the queue: its tabs, filters and pagination.

The number of queries does not depend on the number of requests, and no filter offers a choice that is looked up among
all requests, only among open ones: a list of a hundred thousand is as fast as a list of ten.
"""

from dataclasses import dataclass

from django.contrib import admin
from django.contrib.admin.views.main import ORDER_VAR
from django.contrib.auth import get_user_model
from django.db.models import Count, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from consultations.models import Inquiry, QueuePreference, Urgency
from consultations.queue import ordering
from consultations.queue.tabs import LABELS, OPEN, in_tab, is_unassigned, tabs
from education.models import Article
from gutskin.admin_lists import KeysFirstPaginator, WordsFilter
from gutskin.admin_site import StaffList
from gutskin.counting import number_of
from gutskin.mail.models import Notification

TAB = "tab"
# The value of a filter for requests that have no topic, or no assignee.
NONE = "none"
MOST_TOPICS = 20


@dataclass(frozen=True)
class QueueSummary:
    """What the page of the queue shows besides the list."""

    order: str
    over: int
    stuck_mails: int


def queue_summary(request) -> QueueSummary:
    """Returns the summary for this HTTP request, cached on it. Three independent numbers in one query."""
    if not hasattr(request, "queue_summary"):
        chosen = QueuePreference.objects.filter(user=request.user).values("ordering")
        over = Inquiry.objects.visible_to(request.user).over()
        row = get_user_model().objects.filter(pk=request.user.pk)
        order, *counts = row.values_list(
            Subquery(chosen), number_of(over), number_of(Notification.objects.stuck())
        ).get()
        request.queue_summary = QueueSummary(order if order in ordering.LABELS else ordering.WORK, *counts)
    return request.queue_summary


def tab_of(request) -> str:
    name = request.GET.get(TAB, OPEN)
    return name if name in LABELS else OPEN


class QueuePaginator(KeysFirstPaginator):
    """Also reads what the queue shows beside each row of a page."""

    def page(self, number):
        page = super().page(number)
        # as_queue() has an order of its own.
        page.object_list = page.object_list.as_queue().with_news().order_by(*self.object_list.query.order_by)
        return page


class QueueList(StaffList):
    def __init__(self, request, *args, **kwargs):
        self.tab = tab_of(request)
        super().__init__(request, *args, **kwargs)

    def get_filters_params(self, params=None):
        """Leaves out the tab, which is not one of Django's filters."""
        return {name: values for name, values in super().get_filters_params(params).items() if name != TAB}

    def get_queryset(self, request, exclude_parameters=None):
        return in_tab(self.tab, super().get_queryset(request, exclude_parameters), request.user)

    def get_results(self, request):
        found = tabs(self.root_queryset, request.user, over=queue_summary(request).over)
        self.tabs = [{"tab": tab, "is_current": tab.name == self.tab, "address": f"?{TAB}={tab.name}"} for tab in found]
        if not self.has_active_filters and not self.query:
            # The list is the whole tab, which has just been counted.
            request.queue_count = next(tab.count for tab in found if tab.name == self.tab)
        super().get_results(request)

    def get_ordering_field_columns(self):
        """Marks a column as sorted only if the user clicked on it: the order of work is not the order of a column."""
        return super().get_ordering_field_columns() if ORDER_VAR in self.params else {}


class TopicFilter(WordsFilter):
    """By part of a title. Offers as suggestions what is asked about most at the moment: all topics may be thousands."""

    title = _lazy("topic")
    parameter_name = "topic"

    def lookups(self, request, model_admin):
        # An expression, since asked to count by the column itself, SQLite reads every request in the order of topics.
        asked = Inquiry.objects.visible_to(request.user).open().order_by().values(topic=Coalesce("condition", 0))
        most = asked.exclude(topic=0).annotate(count=Count("pk")).order_by("-count", "topic")[:MOST_TOPICS]
        titles = Article.objects.filter(pk__in=[row["topic"] for row in most]).values_list("title", flat=True)
        return [*((title, title) for title in titles.order_by("title")), (NONE, _("Something else"))]

    def typed(self):
        return _("Something else") if self.value() == NONE else super().typed()

    def find(self, queryset, words):
        if words.casefold() in (NONE, _("Something else").casefold()):
            return queryset.filter(condition=None)
        found = Q(pk=words) if words.isdecimal() else Q(title__icontains=words)
        return queryset.filter(condition__in=Article.objects.filter(found))


class AssigneeFilter(admin.SimpleListFilter):
    title = _lazy("assignee")
    parameter_name = "assignee"

    def lookups(self, request, model_admin):
        return [*((str(user.pk), str(user)) for user in model_admin.get_colleagues(request)), (NONE, _("No one"))]

    def queryset(self, request, queryset):
        return queryset.filter(is_unassigned()) if self.value() == NONE else _filtered(queryset, "assignee", self)


class UrgencyFilter(admin.SimpleListFilter):
    title = _lazy("urgency")
    parameter_name = "urgency"

    def lookups(self, request, model_admin):
        return Urgency.choices

    def queryset(self, request, queryset):
        return _filtered(queryset, "urgency", self)


def _filtered(queryset, field, list_filter):
    value = list_filter.value()
    # A value that is not offered is ignored, so that the address cannot be used to probe the data.
    if value not in dict(list_filter.lookup_choices):
        return queryset
    return queryset.filter(**{field: None if value == NONE else value})
