from django import template

from education.models import Revision

register = template.Library()


@register.simple_tag
def revisions_waiting(limit=10):
    """The oldest revisions that wait for a reviewer."""
    return Revision.objects.awaiting_review().select_related("author").order_by("created_at")[:limit]
