"""The roles of the staff: which permissions each of Django's groups has on a new site.

A migration creates them (consultations/migrations/0002_roles.py, the last app, so that every permission exists). A
site may then change their permissions in admin, but not their names, by which the code finds them. To change what every
site has, edit this table and add a migration. The whole matrix is docs/permissions.md.
"""

AUTHOR = "Author"
CLINICAL_REVIEWER = "Clinical reviewer"
INTAKE_COORDINATOR = "Intake coordinator"
CLINICIAN = "Clinician"
PRIVACY_LEAD = "Privacy lead"

ROLES = {
    AUTHOR: [
        "education.add_article",
        "education.change_article",
        "education.view_article",
        "education.add_carecard",
        "education.change_carecard",
        "education.delete_carecard",
        "education.view_carecard",
        "education.add_clinicalcode",
        "education.change_clinicalcode",
        "education.view_clinicalcode",
        "education.view_clinician",
        "education.add_evidencenumber",
        "education.change_evidencenumber",
        "education.delete_evidencenumber",
        "education.view_evidencenumber",
        "education.add_evidencestatement",
        "education.change_evidencestatement",
        "education.view_evidencestatement",
        "education.change_feedback",
        "education.view_feedback",
        "education.add_glossaryterm",
        "education.change_glossaryterm",
        "education.view_glossaryterm",
        "education.add_intervention",
        "education.change_intervention",
        "education.view_intervention",
        "education.add_reference",
        "education.change_reference",
        "education.view_reference",
        "education.view_referencecheck",
        "education.view_review",
        "education.view_revision",
        "education.add_synonymgroup",
        "education.change_synonymgroup",
        "education.delete_synonymgroup",
        "education.view_synonymgroup",
    ],
    CLINICAL_REVIEWER: [
        "education.view_article",
        "education.withdraw_article",
        "education.view_carecard",
        "education.change_clinicalcode",
        "education.view_clinicalcode",
        "education.view_clinician",
        "education.view_evidencenumber",
        "education.view_evidencestatement",
        "education.change_feedback",
        "education.view_feedback",
        "education.view_glossaryterm",
        "education.view_intervention",
        "education.view_reference",
        "education.view_referencecheck",
        "education.view_review",
        "education.review_revision",
        "education.view_revision",
        "education.change_synonymgroup",
        "education.view_synonymgroup",
    ],
    INTAKE_COORDINATOR: [
        "consultations.add_cannedreply",
        "consultations.change_cannedreply",
        "consultations.view_cannedreply",
        "consultations.view_dashboard",
        "consultations.view_every_inquiry",
        "consultations.change_inquiry",
        "consultations.export_inquiry",
        "consultations.view_inquiry",
        "consultations.add_team",
        "consultations.change_team",
        "consultations.view_team",
    ],
    CLINICIAN: [
        "consultations.add_cannedreply",
        "consultations.change_cannedreply",
        "consultations.view_cannedreply",
        "consultations.view_dashboard",
        "consultations.answer_inquiry",
        "consultations.change_inquiry",
        "consultations.view_inquiry",
    ],
    PRIVACY_LEAD: [
        "audit.view_auditevent",
        "consultations.view_dashboard",
        "consultations.view_purgecertificate",
    ],
}
