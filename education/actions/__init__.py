from education.actions.articles import restore, save_working_copy, snapshot, submit_for_review, withdraw
from education.actions.feedback import explain_feedback, forget_old_feedback_words, give_feedback, handle_feedback
from education.actions.merging import merge_references
from education.actions.references import add_reference, import_references, record_check, take_over
from education.actions.reviews import approve, call_back, publish_awaiting_review, request_changes
from education.actions.schedule import cancel_withdrawal, keep_schedule, schedule_withdrawal
from education.actions.statements import approve_statement, revise_statement, wording
from education.actions.trouble import ActionRefused, WorkingCopyChanged

__all__ = [
    "ActionRefused",
    "WorkingCopyChanged",
    "add_reference",
    "approve",
    "approve_statement",
    "call_back",
    "cancel_withdrawal",
    "explain_feedback",
    "forget_old_feedback_words",
    "give_feedback",
    "handle_feedback",
    "import_references",
    "keep_schedule",
    "merge_references",
    "publish_awaiting_review",
    "record_check",
    "request_changes",
    "restore",
    "revise_statement",
    "save_working_copy",
    "schedule_withdrawal",
    "snapshot",
    "submit_for_review",
    "take_over",
    "withdraw",
    "wording",
]
