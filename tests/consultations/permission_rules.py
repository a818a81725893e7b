"""Which roles may open (GET) and submit (POST) which pages of the admin. docs/permissions.md is generated from this.

The first rule whose pattern matches the name of a page applies. A page without a rule fails the test.
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
# Each of them sees in the list what they may see.
REQUEST_STAFF = {"coordinator", "clinician", "other clinician", "superuser"}
# Only those who may see the request.
SEES = {"coordinator", "clinician", "superuser"}
# The story and its photos. Coordinators and superusers need a reason first.
READS = {"clinician"}
# Writing to the patient: no reason makes a clinician of a coordinator or a superuser.
REPLIES = {"clinician"}


@dataclass(frozen=True)
class Rule:
    what: str
    pattern: str
    opens: set
    sends: set
    # Who else may do the same for an hour after giving a reason to read the story (superusers: break the glass).
    with_a_reason: frozenset = frozenset()


RULES = [
    Rule("The front page, changing one's password, logging out", "index|logout|password_change", EVERYBODY, EVERYBODY),
    Rule("Confirmation of a new password, translations for scripts", "password_change_done|jsi18n", EVERYBODY, NOBODY),
    Rule("“View on site”: the public page of an article", "view_on_site", EDITORS, EDITORS),
    Rule("Django admin's own login, which redirects to the site's login", "login|no such page", NOBODY, NOBODY),
    Rule("The index of accounts", "app_list (auth|accounts)", ROOT, ROOT),
    Rule("The index of articles", "app_list education", EDITORS, EDITORS),
    Rule("The index of requests", "app_list consultations", REQUEST_STAFF | PRIVACY, REQUEST_STAFF | PRIVACY),
    Rule("Autocomplete without a field", "autocomplete", NOBODY, NOBODY),
    Rule(
        "Autocomplete of articles and what belongs to them",
        r"autocomplete of education\.(article|clinician|reference|revision|evidence(statement|question)|intervention)",
        EDITORS,
        NOBODY,
    ),
    Rule("Autocomplete of accounts and groups", r"autocomplete of auth\..*", ROOT, NOBODY),
    Rule("Autocomplete of requests: there is none", r"autocomplete of consultations\..*", NOBODY, NOBODY),
    # Accounts
    Rule("Deleting a second-factor reset", "accounts_factorreset_delete", NOBODY, NOBODY),
    Rule("A second-factor reset that was asked for", "accounts_factorreset_change", ROOT, NOBODY),
    Rule("Approving a second-factor reset", "accounts_factorreset_approve", NOBODY, ROOT),
    Rule("Accounts, groups and second-factor resets", "(auth|accounts)[_/].*", ROOT, ROOT),
    # Requests
    Rule("Adding or deleting a request by hand", "consultations_inquiry_(add|delete)", NOBODY, NOBODY),
    Rule("The queue and its search", "consultations_inquiry_(changelist|search)", REQUEST_STAFF, REQUEST_STAFF),
    Rule("Choosing the order of the queue", "consultations_inquiry_order", NOBODY, REQUEST_STAFF),
    Rule("One request", "consultations_inquiry_change", SEES, NOBODY),
    Rule(
        "Addresses that redirect to the page of one request",
        "consultations_inquiry_history|consultations/inquiry/.*",
        SEES,
        SEES,
    ),
    Rule("Photos", "consultations_inquiry_photo(_large|_small)?", READS, NOBODY, with_a_reason=COORDINATORS),
    Rule("Notes", "consultations_inquiry_note", NOBODY, READS, with_a_reason=COORDINATORS),
    Rule("Replies to the patient, and filling in a canned reply", "consultations_inquiry_reply", NOBODY, REPLIES),
    Rule(
        "Changing a request, giving a reason to read its story, and keeping drafts of texts",
        "consultations_inquiry_(status|assign|urgency|merge|hold|open|presence|draft|discard)",
        NOBODY,
        SEES,
    ),
    Rule(
        "Erasing a request because the patient asked for it", "consultations_inquiry_erase", COORDINATORS, COORDINATORS
    ),
    Rule(
        "Correcting how to reach a patient",
        "consultations_inquiry_contact",
        {"coordinator"},
        {"coordinator"},
        with_a_reason=ROOT,
    ),
    Rule("The dashboard (request figures)", "consultations_inquiry_figures", REQUEST_STAFF | PRIVACY, NOBODY),
    Rule(
        "Counting the figures of the dashboard again",
        "consultations_inquiry_count_figures",
        NOBODY,
        REQUEST_STAFF | PRIVACY,
    ),
    Rule(
        "CSV export of figures and of the list of requests",
        "consultations_inquiry_save_(figure|requests)",
        NOBODY,
        COORDINATORS,
    ),
    Rule("The rules for warning signs", "consultations_redflagresult_changelist", REQUEST_STAFF, NOBODY),
    Rule("Deleting a team or a canned reply", "consultations_(team|cannedreply)_delete", ROOT, ROOT),
    Rule("Looking up topics for a team", "consultations_team_topics", COORDINATORS, NOBODY),
    Rule("Teams", "consultations[_/]team.*", COORDINATORS, COORDINATORS),
    Rule("Canned replies", "consultations[_/]cannedreply.*", REQUEST_STAFF, REQUEST_STAFF),
    # For the privacy lead
    Rule("The index of the audit log", "app_list audit", PRIVACY, PRIVACY),
    Rule("The audit log", "audit_auditevent_changelist", PRIVACY, NOBODY),
    Rule("The list of reasons given to read a story", "consultations_storyaccess_changelist", PRIVACY, NOBODY),
    Rule("The explanation of such a reason", "consultations_storyaccess_explanation", {"privacy lead"}, NOBODY),
    Rule("Checking the hash chain, and exporting the audit log", "audit_auditevent_(check|export)", NOBODY, PRIVACY),
    Rule(
        "Adding or deleting a certificate of erasure by hand",
        "consultations_purgecertificate_(add|delete)",
        NOBODY,
        NOBODY,
    ),
    Rule("A certificate of erasure", "consultations_purgecertificate_change", PRIVACY, NOBODY),
    Rule("Certificates of erasure", "consultations[_/]purgecertificate.*", PRIVACY, PRIVACY),
    # Articles
    Rule(
        "Adding or deleting a revision, a review or feedback by hand",
        "education_(revision|review|feedback)_(add|delete)",
        NOBODY,
        NOBODY,
    ),
    Rule(
        "Adding or deleting a question to PubMed or a new paper by hand",
        "education_(evidencequestion|newpaper)_(add|delete)",
        NOBODY,
        NOBODY,
    ),
    Rule("Revisions and their reviews", "education_(revision|review)_change", EDITORS, NOBODY),
    Rule("Deleting synonyms", "education_synonymgroup_delete", AUTHORS, AUTHORS),
    Rule("Deleting anything else", "education_[a-z]+_delete", ROOT, ROOT),
    Rule("Checking an article while it is being written", "education_article_checks(_new)?", NOBODY, AUTHORS),
    Rule(
        "Writing: submitting, restoring, revising, looking up and merging references",
        "education_(article_submit|revision_restore|evidencestatement_revise"
        "|reference_(lookup_register|lookup_file|check|takeover|merge))",
        AUTHORS,
        AUTHORS,
    ),
    Rule(
        "Deciding: approving, requesting changes, calling back, withdrawing, keeping",
        "education_(article_(withdraw|keep)|revision_(approve|request|callback)|evidencestatement_approve)",
        REVIEWERS,
        REVIEWERS,
    ),
    Rule("Adding a clinician", "education_clinician_add", ROOT, ROOT),
    Rule("Adding what belongs to articles", "education_[a-z]+_add", AUTHORS, AUTHORS),
    Rule("A clinician's entry", "education_clinician_change", EDITORS, ROOT),
    Rule(
        "An article, a reference, a glossary term, an evidence statement, a row of the map",
        "education_(article|reference|glossaryterm|evidencestatement|intervention)_change",
        EDITORS,
        AUTHORS,
    ),
    Rule("Everything else about articles", "education[_/].*", EDITORS, EDITORS),
]


def rule_of(name) -> Rule:
    return next(rule for rule in RULES if re.fullmatch(rule.pattern, name))
