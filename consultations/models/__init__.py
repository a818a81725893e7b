from consultations.models.attachment import Attachment
from consultations.models.canned_reply import CannedReply
from consultations.models.consent import Consent
from consultations.models.inquiry import STATUS_STEPS, Inquiry, Outcome, Status, Urgency
from consultations.models.link_request import LinkRequest
from consultations.models.message import Message
from consultations.models.note import Note
from consultations.models.presence import Presence
from consultations.models.purge_certificate import PurgeCertificate
from consultations.models.queue_preference import QueuePreference
from consultations.models.rate_limit import RateLimit
from consultations.models.red_flag_result import RedFlagResult
from consultations.models.status_pass import StatusPass
from consultations.models.story_access import StoryAccess
from consultations.models.team import Team

__all__ = [
    "STATUS_STEPS",
    "Attachment",
    "CannedReply",
    "Consent",
    "Inquiry",
    "LinkRequest",
    "Message",
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
