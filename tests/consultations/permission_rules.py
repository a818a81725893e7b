"""Who may open and who may send what on the staff's site. docs/permissions.md is made of this table.

The first rule whose pattern fits a page's name holds. A page that no rule fits fails the test.
"""

import re
from dataclasses import dataclass

EVERYBODY = {
    "staff without a group",
    "author",
    "reviewer",
    "coordinator",
    "clinician",
    "other clinician",
    "privacy lead",
    "superuser",
}
NOBODY = set()
ROOT = {"superuser"}
AUTHORS = {"author", "superuser"}
REVIEWERS = {"reviewer", "superuser"}
EDITORS = {"author", "reviewer", "superuser"}
COORDINATORS = {"coordinator", "superuser"}
PRIVACY = {"privacy lead", "superuser"}
# The list shows each of them what they may see.
DESK = {"coordinator", "clinician", "other clinician", "superuser"}
# The request itself is there for those who see it, and for nobody else.
SEES = {"coordinator", "clinician", "superuser"}
# The story, its photos, and writing to the patient: neither coordinator nor superuser without a reason.
READS = {"clinician"}


@dataclass(frozen=True)
class Rule:
    what: str
    pattern: str
    opens: set
    sends: set


RULES = [
    Rule("The front page, one's own password, logging out", "index|logout|password_change", EVERYBODY, EVERYBODY),
    Rule("What the front page leads on to", "password_change_done|jsi18n", EVERYBODY, NOBODY),
    Rule("A public page from its place in admin", "view_on_site", EVERYBODY, EVERYBODY),
    Rule("Admin's own login: it leads to the one door there is", "login|no such page", NOBODY, NOBODY),
    Rule("The list of pages of accounts", "app_list (auth|accounts)", ROOT, ROOT),
    Rule("The list of pages of articles", "app_list education", EDITORS, EDITORS),
    Rule("The list of pages of requests", "app_list consultations", DESK | PRIVACY, DESK | PRIVACY),
    Rule("Suggestions while typing, without naming a field", "autocomplete", NOBODY, NOBODY),
    Rule(
        "Suggestions of articles and what belongs to them",
        r"autocomplete of education\.(article|clinician|reference|revision|evidencestatement)",
        EDITORS,
        NOBODY,
    ),
    Rule("Suggestions of accounts and groups", r"autocomplete of auth\..*", ROOT, NOBODY),
    Rule("Suggestions of requests: there are none", r"autocomplete of consultations\..*", NOBODY, NOBODY),
    # Accounts
    Rule("Removing a factor: two people, and no deleting", "accounts_factorreset_delete", NOBODY, NOBODY),
    Rule("A reset that was asked for", "accounts_factorreset_change", ROOT, NOBODY),
    Rule("Approving a reset", "accounts_factorreset_approve", NOBODY, ROOT),
    Rule("Accounts, groups and resets of factors", "(auth|accounts)[_/].*", ROOT, ROOT),
    # Requests
    Rule("Requests come from patients and leave by the purge", "consultations_inquiry_(add|delete)", NOBODY, NOBODY),
    Rule("The queue and its search", "consultations_inquiry_(changelist|search)", DESK, DESK),
    Rule("The order in which somebody wants the queue", "consultations_inquiry_order", NOBODY, DESK),
    Rule("One request", "consultations_inquiry_change", SEES, NOBODY),
    Rule("Ways to the page of one request", "consultations_inquiry_history|consultations/inquiry/.*", SEES, SEES),
    Rule("Photos", "consultations_inquiry_photo(_large|_small)?", READS, NOBODY),
    Rule("Notes and replies", "consultations_inquiry_(note|reply)", NOBODY, READS),
    Rule(
        "Steps with a request, and giving a reason to read its story",
        "consultations_inquiry_(status|assign|urgency|merge|hold|open|presence)",
        NOBODY,
        SEES,
    ),
    Rule("Erasing a request on the patient's wish", "consultations_inquiry_erase", COORDINATORS, COORDINATORS),
    Rule("The figures of the desk", "consultations_inquiry_figures", DESK | PRIVACY, NOBODY),
    Rule("Figures and the list as files", "consultations_inquiry_save_(figure|requests)", NOBODY, COORDINATORS),
    Rule("The rules for warning signs", "consultations_redflagresult_changelist", DESK, NOBODY),
    Rule("Deleting a team or a canned reply", "consultations_(team|cannedreply)_delete", ROOT, ROOT),
    Rule("Teams", "consultations[_/]team.*", COORDINATORS, COORDINATORS),
    Rule("Canned replies", "consultations[_/]cannedreply.*", DESK, DESK),
    # What the privacy lead looks after
    Rule("The list of pages of the audit log", "app_list audit", PRIVACY, PRIVACY),
    Rule("The audit log", "audit_auditevent_changelist", PRIVACY, NOBODY),
    Rule("Who gave a reason to read a story", "consultations_storyaccess_changelist", PRIVACY, NOBODY),
    Rule("The words of such a reason", "consultations_storyaccess_explanation", {"privacy lead"}, NOBODY),
    Rule("Checking the chain, and the log as a file", "audit_auditevent_(check|export)", NOBODY, PRIVACY),
    Rule("Certificates are made by an erasure", "consultations_purgecertificate_(add|delete)", NOBODY, NOBODY),
    Rule("A certificate of erasure", "consultations_purgecertificate_change", PRIVACY, NOBODY),
    Rule("Certificates of erasure", "consultations[_/]purgecertificate.*", PRIVACY, PRIVACY),
    # Articles
    Rule("What nobody adds or deletes by hand", "education_(revision|review|feedback)_(add|delete)", NOBODY, NOBODY),
    Rule("Frozen revisions and their reviews", "education_(revision|review)_change", EDITORS, NOBODY),
    Rule("Deleting synonyms", "education_synonymgroup_delete", AUTHORS, AUTHORS),
    Rule("Deleting anything else", "education_[a-z]+_delete", ROOT, ROOT),
    Rule("Checks of a text that is being written", "education_article_checks(_new)?", NOBODY, AUTHORS),
    Rule(
        "Writing: submit, restore, revise, look up and merge references",
        "education_(article_submit|revision_restore|evidencestatement_revise"
        "|reference_(lookup_register|lookup_file|check|takeover|merge))",
        AUTHORS,
        AUTHORS,
    ),
    Rule(
        "Deciding: approve, send back, call back, withdraw, keep",
        "education_(article_(withdraw|keep)|revision_(approve|request|callback)|evidencestatement_approve)",
        REVIEWERS,
        REVIEWERS,
    ),
    Rule("Adding a clinician", "education_clinician_add", ROOT, ROOT),
    Rule("Adding what belongs to articles", "education_[a-z]+_add", AUTHORS, AUTHORS),
    Rule("A clinician's entry", "education_clinician_change", EDITORS, ROOT),
    Rule(
        "An article, a reference, a word of the glossary, an evidence statement",
        "education_(article|reference|glossaryterm|evidencestatement)_change",
        EDITORS,
        AUTHORS,
    ),
    Rule("Everything else of the editing desk", "education[_/].*", EDITORS, EDITORS),
]


def rule_of(name) -> Rule:
    return next(rule for rule in RULES if re.fullmatch(rule.pattern, name))
