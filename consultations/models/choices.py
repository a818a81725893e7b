"""The status, urgency and outcome of a request: their values, and which status may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _lazy


class Status(models.TextChoices):
    NEW = "new", _lazy("New")
    IN_TRIAGE = "in_triage", _lazy("In triage")
    WAITING_FOR_PATIENT = "waiting_for_patient", _lazy("Waiting for patient")
    ANSWERED = "answered", _lazy("Answered")
    CLOSED = "closed", _lazy("Closed")
    WITHDRAWN = "withdrawn", _lazy("Withdrawn")
    SPAM = "spam", _lazy("Spam")


# The statuses that may follow each one. Spam can be taken back, so that a mistake loses no patient.
STATUS_STEPS = {
    Status.NEW: [Status.IN_TRIAGE, Status.WITHDRAWN, Status.SPAM],
    Status.IN_TRIAGE: [Status.WAITING_FOR_PATIENT, Status.ANSWERED, Status.CLOSED, Status.WITHDRAWN, Status.SPAM],
    Status.WAITING_FOR_PATIENT: [Status.IN_TRIAGE, Status.ANSWERED, Status.CLOSED, Status.WITHDRAWN],
    Status.ANSWERED: [Status.IN_TRIAGE, Status.CLOSED, Status.WITHDRAWN],
    Status.CLOSED: [Status.IN_TRIAGE],
    Status.WITHDRAWN: [],
    Status.SPAM: [Status.IN_TRIAGE],
}
# In these the clinic owes a reply; in those that are over it owes nothing more.
OWED_A_REPLY = [Status.NEW, Status.IN_TRIAGE]
OVER = [Status.CLOSED, Status.WITHDRAWN, Status.SPAM]


class Urgency(models.TextChoices):
    ROUTINE = "routine", _lazy("Routine")
    SOON = "soon", _lazy("Soon")
    URGENT = "urgent", _lazy("Urgent")


# From the least to the most urgent: places in this list are compared.
BY_WEIGHT = [Urgency.ROUTINE, Urgency.SOON, Urgency.URGENT]


def more_urgent(one: str, other: str) -> Urgency:
    """Returns the more urgent of two values of Urgency."""
    return max(Urgency(one), Urgency(other), key=BY_WEIGHT.index)


class Outcome(models.TextChoices):
    """How a request ended. The dashboard counts them."""

    ADVICE_GIVEN = "advice_given", _lazy("Advice given in writing")
    APPOINTMENT = "appointment", _lazy("Appointment arranged")
    REFERRED = "referred", _lazy("Referred to someone else")
    NO_REPLY = "no_reply", _lazy("No reply from the patient")
    DUPLICATE = "duplicate", _lazy("Answered under another request")
    NOT_FOR_US = "not_for_us", _lazy("Not for us")
