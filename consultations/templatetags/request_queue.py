"""What the staff front page shows of requests."""

from django import template
from django.urls import reverse

from consultations.queue import teams
from consultations.queue.tabs import OPEN, OVERDUE, URGENT, open_tabs

register = template.Library()
MOST_TITLES = 20


@register.simple_tag
def requests_to_answer(user):
    """Returns the tabs of the queue with their counts of the requests this user may see; none if none is open.

    One query.
    """
    queue = reverse("admin:consultations_inquiry_changelist")
    tabs = open_tabs(user)
    if not any(tab.count for tab in tabs if tab.name == OPEN):
        return []
    return [{"tab": tab, "url": f"{queue}?tab={tab.name}", "is_late": tab.name in (OVERDUE, URGENT)} for tab in tabs]


@register.simple_tag
def topics_without_a_clinician():
    """Returns the first titles, and how many more there are. Two queries."""
    titles = teams.topics_without_a_clinician()
    return {"titles": titles[:MOST_TITLES], "more": len(titles[MOST_TITLES:])}
