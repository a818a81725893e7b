from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from education.due_dates import REMIND_BEFORE


class LivePageFilter(admin.SimpleListFilter):
    """How the public page stands."""

    title = _lazy("public page")
    parameter_name = "page"

    def lookups(self, request, model_admin):
        return [
            ("awaiting", _lazy("Awaiting clinical review")),
            ("reviewed", _lazy("Reviewed")),
            ("due", _lazy("Review due within 90 days")),
            ("overdue", _lazy("Review overdue")),
            ("leaving", _lazy("To be withdrawn")),
            ("unpublished", _lazy("Not published")),
        ]

    def queryset(self, request, queryset):
        today = timezone.localdate()
        match self.value():
            case "awaiting":
                return queryset.awaiting_first_review()
            case "reviewed":
                return queryset.published().filter(live__next_review_due__gte=today)
            case "due":
                return queryset.due_for_review(today + REMIND_BEFORE, since=today)
            case "overdue":
                return queryset.overdue(today)
            case "leaving":
                return queryset.to_be_withdrawn()
            case "unpublished":
                return queryset.filter(live__isnull=True)
        return queryset


class WaitingFilter(admin.SimpleListFilter):
    title = _lazy("waiting for review")
    parameter_name = "waiting"

    def lookups(self, request, model_admin):
        return [("yes", _lazy("Yes")), ("no", _lazy("No"))]

    def queryset(self, request, queryset):
        # `waiting_id` is annotated by ArticleAdmin.get_queryset.
        match self.value():
            case "yes":
                return queryset.filter(waiting_id__isnull=False)
            case "no":
                return queryset.filter(waiting_id__isnull=True)
        return queryset
