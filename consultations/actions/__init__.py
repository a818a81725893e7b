from consultations.actions.desk import (
    CannotBeAssigned,
    StepNotAllowed,
    add_note,
    assign,
    change_status,
    record_view,
    set_urgency,
)
from consultations.actions.submission import submit_inquiry

__all__ = [
    "CannotBeAssigned",
    "StepNotAllowed",
    "add_note",
    "assign",
    "change_status",
    "record_view",
    "set_urgency",
    "submit_inquiry",
]
