"""What the queue can be narrowed down by, besides its tabs. What is offered does not depend on the requests there are:
a list of a hundred thousand offers it as fast as a list of ten."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from consultations.models import Urgency
from consultations.queue.tabs import has_nobody
from consultations.queue.teams import topics

NONE = "none"


class TopicFilter(admin.SimpleListFilter):
    title = _lazy("topic")
    parameter_name = "topic"

    def lookups(self, request, model_admin):
        found = topics().values_list("pk", "title")
        return [*((str(pk), title) for pk, title in found), (NONE, _("Something else"))]

    def queryset(self, request, queryset):
        return _with(queryset, "condition", self)


class AssigneeFilter(admin.SimpleListFilter):
    title = _lazy("assignee")
    parameter_name = "assignee"

    def lookups(self, request, model_admin):
        return [*((str(user.pk), str(user)) for user in model_admin.colleagues_of(request)), (NONE, _("Nobody"))]

    def queryset(self, request, queryset):
        return queryset.filter(has_nobody()) if self.value() == NONE else _with(queryset, "assignee", self)


class UrgencyFilter(admin.SimpleListFilter):
    title = _lazy("urgency")
    parameter_name = "urgency"

    def lookups(self, request, model_admin):
        return Urgency.choices

    def queryset(self, request, queryset):
        return _with(queryset, "urgency", self)


def _with(queryset, field, chosen):
    value = chosen.value()
    # Only what is offered: everything else in the address is as if it were not there.
    if value not in dict(chosen.lookup_choices):
        return queryset
    return queryset.filter(**{field: None if value == NONE else value})
