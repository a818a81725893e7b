"""What an audit event tells, in words. The log holds codes, so that it reads the same in every language."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from consultations.models import AuditEvent, Outcome, Status, StoryAccess, Urgency

Action = AuditEvent.Action
WORDS = dict(Status.choices) | dict(Urgency.choices) | dict(Outcome.choices) | dict(StoryAccess.Reason.choices)
FILES = {
    "requests": gettext_lazy("the list of requests"),
    "audit-log": gettext_lazy("the audit log"),
    "backlog": gettext_lazy("requests waiting, by age"),
    "in-time": gettext_lazy("replies in time"),
    "replies": gettext_lazy("time to the first reply, by month"),
    "urgency": gettext_lazy("time to the first reply, by urgency"),
    "weeks": gettext_lazy("requests by week"),
    "topics": gettext_lazy("requests by topic"),
    "outcomes": gettext_lazy("outcomes"),
    "left-aside": gettext_lazy("withdrawn requests and spam"),
    "mails": gettext_lazy("mails"),
}
LOOKED_AT = {
    "who": gettext_lazy("of one person"),
    "what": gettext_lazy("of one kind"),
    "request": gettext_lazy("of one request"),
    "day": gettext_lazy("of some days"),
    "reasons": gettext_lazy("reasons to read a story"),
    "explanation": gettext_lazy("an explanation in full"),
}


def detail_in_words(action: str, detail: str) -> str:
    """`detail` of an event with this action. What is no code of ours stays as it is."""
    if action == Action.EXPORTED:
        return _exported(detail)
    if action == Action.CHAIN_CHECKED:
        return _checked(detail)
    words = LOOKED_AT if action == Action.AUDIT_VIEWED else WORDS
    separator, joint = (" ", ", ") if action == Action.AUDIT_VIEWED else (" → ", " → ")
    return joint.join(str(words.get(part, part)) for part in detail.split(separator))


def _exported(detail):
    name, _space, count = detail.rpartition(" ")
    if not count.isdecimal():
        return detail
    rows = ngettext("%(count)s row", "%(count)s rows", int(count)) % {"count": count}
    return f"{FILES.get(name, name)}, {rows}"


def _checked(detail):
    """`first last number of broken places`."""
    numbers = detail.split(" ")
    if len(numbers) != 3 or not all(number.isdecimal() for number in numbers):
        return detail
    first, last, broken = numbers
    if broken == "0":
        return _("events %(first)s to %(last)s: whole") % {"first": first, "last": last}
    places = ngettext("broken in %(count)s place", "broken in %(count)s places", int(broken)) % {"count": broken}
    return _("events %(first)s to %(last)s: %(places)s") % {"first": first, "last": last, "places": places}
