"""The words for the codes that this app writes into the detail of an audit event."""

from django.utils.translation import gettext_lazy as _lazy

from consultations.models import Outcome, Status, StatusPass, StoryAccess, Urgency
from gutskin.audit.details import add_exports, add_words

for _choices in (Status, Urgency, Outcome, StoryAccess.Reason, StatusPass.OpenedWith):
    add_words(dict(_choices.choices))
add_words({"reasons": _lazy("reasons to read a story"), "explanation": _lazy("an explanation in full")})
add_exports(
    {
        "requests": _lazy("the list of requests"),
        "backlog": _lazy("requests waiting, by age"),
        "in-time": _lazy("replies in time"),
        "replies": _lazy("time to the first reply, by month"),
        "urgency": _lazy("time to the first reply, by urgency"),
        "weeks": _lazy("requests by week"),
        "topics": _lazy("requests by topic"),
        "outcomes": _lazy("outcomes"),
        "left-aside": _lazy("withdrawn requests and spam"),
        "mails": _lazy("mails"),
    }
)
