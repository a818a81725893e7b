from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from education.due_dates import REMIND_BEFORE


class LivePageFilter(admin.SimpleListFilter):
    """How the public page stands."""

    title = _("public page")
    parameter_name = "page"

    def lookups(self, request, model_admin):
        return [
            ("awaiting", _("Awaiting clinical review")),
            ("reviewed", _("Reviewed")),
            ("due", _("Review due within 90 days")),
            ("overdue", _("Review overdue")),
            ("leaving", _("To be withdrawn")),
            ("unpublished", _("Not published")),
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
    title = _("waiting for review")
    parameter_name = "waiting"

    def lookups(self, request, model_admin):
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request, queryset):
        # `waiting_id` is annotated by ArticleAdmin.get_queryset.
        match self.value():
            case "yes":
                return queryset.filter(waiting_id__isnull=False)
            case "no":
                return queryset.filter(waiting_id__isnull=True)
        return queryset
