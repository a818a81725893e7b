from education.actions.articles import (
    WorkingCopyChanged,
    restore,
    save_working_copy,
    snapshot,
    submit_for_review,
    withdraw,
)
from education.actions.feedback import delete_old_feedback_words, explain_feedback, give_feedback, handle_feedback
from education.actions.merging import merge_references
from education.actions.new_papers import attach_references, decide_new_papers
from education.actions.references import add_reference, import_references, record_check, use_register_value
from education.actions.reviews import approve, call_back, publish_awaiting_review, request_changes
from education.actions.schedule import cancel_withdrawal, publish_due, schedule_withdrawal
from education.actions.statements import approve_statement, content_digest, revise_statement
from gutskin.exceptions import ActionRefused

__all__ = [
    "ActionRefused",
    "WorkingCopyChanged",
    "add_reference",
    "approve",
    "approve_statement",
    "attach_references",
    "call_back",
    "cancel_withdrawal",
    "content_digest",
    "decide_new_papers",
    "delete_old_feedback_words",
    "explain_feedback",
    "give_feedback",
    "handle_feedback",
    "import_references",
    "merge_references",
    "publish_awaiting_review",
    "publish_due",
    "record_check",
    "request_changes",
    "restore",
    "revise_statement",
    "save_working_copy",
    "schedule_withdrawal",
    "snapshot",
    "submit_for_review",
    "use_register_value",
    "withdraw",
]
