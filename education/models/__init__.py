from education.models.article import Article, CareCard, Kind, Language
from education.models.clinician import Clinician
from education.models.code import ClinicalCode, CodeSystem
from education.models.evidence import Certainty, Effect, EvidenceStatement, Intervention
from education.models.glossary import GlossaryTerm
from education.models.reference import Reference, ReferenceStatus
from education.models.review import Decision, Review
from education.models.revision import Revision, RevisionState
from education.models.search import SearchDocument, SearchWord

__all__ = [
    "Article",
    "CareCard",
    "Certainty",
    "ClinicalCode",
    "Clinician",
    "CodeSystem",
    "Decision",
    "Effect",
    "EvidenceStatement",
    "GlossaryTerm",
    "Intervention",
    "Kind",
    "Language",
    "Reference",
    "ReferenceStatus",
    "Review",
    "Revision",
    "RevisionState",
    "SearchDocument",
    "SearchWord",
]
