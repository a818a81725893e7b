from consultations.actions.conversation import receive_message, reply
from consultations.actions.desk import (
    CannotBeAssigned,
    StepNotAllowed,
    add_note,
    assign,
    change_status,
    record_view,
    set_urgency,
)
from consultations.actions.status_passes import begin_visit, end_visit, send_link, use_link, visit_of
from consultations.actions.submission import submit_inquiry

__all__ = [
    "CannotBeAssigned",
    "StepNotAllowed",
    "add_note",
    "assign",
    "begin_visit",
    "change_status",
    "end_visit",
    "receive_message",
    "record_view",
    "reply",
    "send_link",
    "set_urgency",
    "submit_inquiry",
    "use_link",
    "visit_of",
]
