from education.admin.articles import ArticleAdmin
from education.admin.clinicians import ClinicianAdmin
from education.admin.codes import ClinicalCodeAdmin
from education.admin.feedback import FeedbackAdmin
from education.admin.glossary import GlossaryTermAdmin
from education.admin.references import ReferenceAdmin
from education.admin.reviews import ReviewAdmin
from education.admin.revisions import RevisionAdmin
from education.admin.statements import EvidenceStatementAdmin
from education.admin.synonyms import SynonymGroupAdmin

__all__ = [
    "ArticleAdmin",
    "ClinicalCodeAdmin",
    "ClinicianAdmin",
    "EvidenceStatementAdmin",
    "FeedbackAdmin",
    "GlossaryTermAdmin",
    "ReferenceAdmin",
    "ReviewAdmin",
    "RevisionAdmin",
    "SynonymGroupAdmin",
]
