from consultations.figures.current import backlog, left_aside, mails, outcomes
from consultations.figures.figure import Figure
from consultations.figures.replies import by_month, by_urgency, first_replies, in_time
from consultations.figures.volume import by_topic, by_week


def all_figures() -> list[Figure]:
    """Eight queries, whatever there is to count."""
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
