from education.actions.articles import restore, save_working_copy, snapshot, submit_for_review, withdraw
from education.actions.reviews import approve, publish_awaiting_review, request_changes
from education.actions.statements import approve_statement, revise_statement, wording
from education.actions.trouble import ActionRefused, WorkingCopyChanged

__all__ = [
    "ActionRefused",
    "WorkingCopyChanged",
    "approve",
    "approve_statement",
    "publish_awaiting_review",
    "request_changes",
    "restore",
    "revise_statement",
    "save_working_copy",
    "snapshot",
    "submit_for_review",
    "withdraw",
    "wording",
]
