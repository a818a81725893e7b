"""The queue: who owes whom a reply, in the order of work, and nothing of what was written."""

from django.contrib import admin
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from consultations.models import Inquiry, Notification
from consultations.models.inquiry import queue_order


class InquiryQueue(admin.ModelAdmin):
    list_display = ["reference", "due", "status_chip", "urgency_chip", "topic", "assignee", "received"]
    list_filter = [
        "status",
        ("condition", admin.RelatedOnlyFieldListFilter),
        ("assignee", admin.RelatedOnlyFieldListFilter),
        "urgency",
    ]
    show_facets = admin.ShowFacets.ALWAYS
    search_fields = ["reference"]
    search_help_text = _("By reference, for example GS-7K2M-9QXA. Please type no names here.")
    list_per_page = 50
    actions = None

    @admin.display(description=_("topic"), ordering="condition__title")
    def topic(self, inquiry):
        return inquiry.condition or _g("Something else")

    @admin.display(description=_("status"), ordering="status")
    def status_chip(self, inquiry):
        return _chip(inquiry.status, inquiry.get_status_display())

    @admin.display(description=_("urgency"), ordering="urgency")
    def urgency_chip(self, inquiry):
        return _chip(inquiry.urgency, inquiry.get_urgency_display())

    @admin.display(description=_("reply due"), ordering="due_at")
    def due(self, inquiry):
        day = _day(inquiry.due_at)
        if inquiry.is_overdue:
            return format_html("{} {}", day, _chip("overdue", _g("Overdue")))
        return day

    @admin.display(description=_("received"), ordering="received_at")
    def received(self, inquiry):
        return _day(inquiry.received_at)

    def get_queryset(self, request):
        return Inquiry.objects.visible_to(request.user).as_queue()

    def get_ordering(self, request):
        return queue_order()

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        context = {"title": _("Requests"), "stuck_mails": Notification.objects.stuck().count()}
        return super().changelist_view(request, context | (extra_context or {}))


def _day(moment):
    return date_format(localtime(moment), "j M Y")


def _chip(name, word):
    return format_html('<span class="chip chip--{}">{}</span>', name, word)
