from education.models.article import Article, CareCard, Kind, Language
from education.models.clinician import Clinician
from education.models.code import ClinicalCode, CodeSystem
from education.models.effects import Certainty, Direction, Effect
from education.models.evidence import EvidenceStatement
from education.models.evidence_number import EvidenceNumber
from education.models.evidence_watch import EvidenceQuestion, NewPaper
from education.models.feedback import Feedback, FeedbackLimit
from education.models.glossary import GlossaryTerm
from education.models.intervention import Intervention
from education.models.leaflet import Leaflet
from education.models.reference import Reference, ReferenceCheck, ReferenceStatus, ReferenceType
from education.models.review import Decision, Review, ReviewDigest
from education.models.revision import Revision, RevisionState
from education.models.search import SearchDocument, SearchWord, SynonymGroup

__all__ = [
    "Article",
    "CareCard",
    "Certainty",
    "ClinicalCode",
    "Clinician",
    "CodeSystem",
    "Decision",
    "Direction",
    "Effect",
    "EvidenceNumber",
    "EvidenceQuestion",
    "EvidenceStatement",
    "Feedback",
    "FeedbackLimit",
    "GlossaryTerm",
    "Intervention",
    "Kind",
    "Language",
    "Leaflet",
    "NewPaper",
    "Reference",
    "ReferenceCheck",
    "ReferenceStatus",
    "ReferenceType",
    "Review",
    "ReviewDigest",
    "Revision",
    "RevisionState",
    "SearchDocument",
    "SearchWord",
    "SynonymGroup",
]
