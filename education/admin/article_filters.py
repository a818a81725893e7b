from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class LivePageFilter(admin.SimpleListFilter):
    """How the public page stands."""

    title = _("public page")
    parameter_name = "page"

    def lookups(self, request, model_admin):
        return [
            ("awaiting", _("Awaiting clinical review")),
            ("reviewed", _("Reviewed")),
            ("overdue", _("Review overdue")),
            ("unpublished", _("Not published")),
        ]

    def queryset(self, request, queryset):
        today = timezone.localdate()
        published = queryset.published()
        match self.value():
            case "awaiting":
                return published.filter(live__reviewer__isnull=True)
            case "reviewed":
                return published.filter(live__next_review_due__gte=today)
            case "overdue":
                return published.filter(live__next_review_due__lt=today)
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
