from django import template
from django.urls import reverse

from consultations.queue.tabs import OPEN, OVERDUE, URGENT, open_tabs_of
from consultations.queue.teams import topics_without_a_clinician

register = template.Library()


@register.simple_tag
def requests_to_answer(user):
    """The tabs of the queue as lines, each with its count, as far as this user may see the requests; none where
    nothing is open. One query.
    """
    queue = reverse("admin:consultations_inquiry_changelist")
    found = open_tabs_of(user)
    if not any(tab.count for tab in found if tab.name == OPEN):
        return []
    return [{"tab": tab, "url": f"{queue}?tab={tab.name}", "is_late": tab.name in (OVERDUE, URGENT)} for tab in found]


@register.simple_tag
def topics_that_nobody_answers():
    """Titles of topics in no clinician's hands. Two queries."""
    return topics_without_a_clinician()
