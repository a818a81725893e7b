from consultations.models.audit import AppendOnly, AuditEvent
from consultations.models.consent import Consent
from consultations.models.inquiry import STATUS_STEPS, Inquiry, Status, Urgency
from consultations.models.note import Note
from consultations.models.notification import Notification
from consultations.models.rate_limit import RateLimit

__all__ = [
    "STATUS_STEPS",
    "AppendOnly",
    "AuditEvent",
    "Consent",
    "Inquiry",
    "Note",
    "Notification",
    "RateLimit",
    "Status",
    "Urgency",
]
