"""The figures of the dashboard: numbers about requests, replies and mails, never about what a patient wrote."""

from consultations.figures.backlog import backlog, mails
from consultations.figures.figure import Figure
from consultations.figures.replies import by_month, by_urgency, first_replies, in_time
from consultations.figures.requests import by_topic, by_week, left_aside, outcomes


def all_figures() -> list[Figure]:
    """Returns the figures in the order of the page. Nine queries, however many requests there are."""
    replies = first_replies()
    return [
        backlog(),
        in_time(),
        by_month(replies),
        by_urgency(replies),
        by_week(),
        by_topic(),
        outcomes(),
        left_aside(),
        mails(),
    ]
