"""Who did what to a request, when, in words."""

from consultations.models import AuditEvent, Inquiry, Status, Urgency

WORDS = dict(Status.choices) | dict(Urgency.choices)


def timeline_of(inquiry: Inquiry):
    return [
        {"at": event.at, "actor": event.actor, "action": event.get_action_display(), "detail": _in_words(event.detail)}
        for event in AuditEvent.objects.about(inquiry.reference)
    ]


def _in_words(detail):
    return " → ".join(str(WORDS.get(part, part)) for part in detail.split(" → "))
