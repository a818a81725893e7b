from education.admin.articles import ArticleAdmin
from education.admin.codes_and_clinicians import ClinicalCodeAdmin, ClinicianAdmin
from education.admin.evidence_watch import EvidenceQuestionAdmin, NewPaperAdmin
from education.admin.feedback import FeedbackAdmin
from education.admin.glossary_and_synonyms import GlossaryTermAdmin, SynonymGroupAdmin
from education.admin.interventions import InterventionAdmin
from education.admin.references import ReferenceAdmin
from education.admin.reviews import ReviewAdmin
from education.admin.revisions import RevisionAdmin
from education.admin.statements import EvidenceStatementAdmin

__all__ = [
    "ArticleAdmin",
    "ClinicalCodeAdmin",
    "ClinicianAdmin",
    "EvidenceQuestionAdmin",
    "EvidenceStatementAdmin",
    "FeedbackAdmin",
    "GlossaryTermAdmin",
    "InterventionAdmin",
    "NewPaperAdmin",
    "ReferenceAdmin",
    "ReviewAdmin",
    "RevisionAdmin",
    "SynonymGroupAdmin",
]
