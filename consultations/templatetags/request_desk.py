from django import template
from django.db.models import Count, Q
from django.utils import timezone

from consultations.models import Inquiry
from consultations.models.inquiry import OWED_A_REPLY

register = template.Library()


@register.simple_tag
def requests_to_answer(user):
    """How many requests wait for an answer, as far as this user may see them, in one query."""
    return (
        Inquiry.objects.visible_to(user)
        .filter(status__in=OWED_A_REPLY)
        .aggregate(
            total=Count("pk"),
            overdue=Count("pk", filter=Q(due_at__lt=timezone.now())),
            unassigned=Count("pk", filter=Q(assignee=None)),
            mine=Count("pk", filter=Q(assignee=user)),
        )
    )
