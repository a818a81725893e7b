from consultations.models.access import LinkRequest, RateLimit, StatusPass, StoryAccess
from consultations.models.attachment import Attachment
from consultations.models.choices import STATUS_STEPS, Outcome, Status, Urgency
from consultations.models.conversation import CannedReply, Message, Note
from consultations.models.figures import CountedFigures
from consultations.models.inquiry import Inquiry
from consultations.models.privacy import Consent, PurgeCertificate
from consultations.models.red_flags import MessageRedFlags, RedFlagResult
from consultations.models.staff import Presence, QueuePreference, Team

__all__ = [
    "STATUS_STEPS",
    "Attachment",
    "CannedReply",
    "Consent",
    "CountedFigures",
    "Inquiry",
    "LinkRequest",
    "Message",
    "MessageRedFlags",
    "Note",
    "Outcome",
    "Presence",
    "PurgeCertificate",
    "QueuePreference",
    "RateLimit",
    "RedFlagResult",
    "Status",
    "StatusPass",
    "StoryAccess",
    "Team",
    "Urgency",
]
