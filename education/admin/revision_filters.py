from django.contrib import admin
from django.utils.translation import gettext_lazy as _lazy


class DeskFilter(admin.SimpleListFilter):
    """What waits for the one who looks. The front page counts the same rows."""

    title = _lazy("your desk")
    parameter_name = "desk"

    def lookups(self, request, model_admin):
        return [("to-review", _lazy("Waiting for your review")), ("sent-back", _lazy("Sent back to you"))]

    def queryset(self, request, queryset):
        match self.value():
            case "to-review":
                return queryset.to_review_by(request.user)
            case "sent-back":
                return queryset.sent_back_to(request.user)
        return queryset
