"""What Crossref and PubMed say of a stored reference."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from education.models import Reference, ReferenceCheck
from education.references import crossref, pubmed
from education.references.client import RegisterClient
from education.references.comparing import confirmed_fields, differences, is_same_paper
from education.references.exceptions import NotFound, Unreachable
from education.references.identifiers import is_doi, is_pmid
from education.references.record import Notice, Record

Register, Outcome = ReferenceCheck.Register, ReferenceCheck.Outcome


@dataclass
class Answer:
    """One register's answer about one reference, ready to be recorded by actions.record_check."""

    register: str
    outcome: str
    differences: list[dict] = field(default_factory=list)
    notice: str = ""
    confirmed: list[str] = field(default_factory=list)


def registers_for(reference: Reference) -> list[str]:
    """Which registers can be asked: Crossref by DOI, PubMed by PMID."""
    return [
        register
        for register, can_ask in (
            (Register.CROSSREF, is_doi(reference.doi)),
            (Register.PUBMED, is_pmid(reference.pmid)),
        )
        if can_ask
    ]


def ask(reference: Reference, register: str, asker: RegisterClient) -> Answer:
    """The answer of one register. Trouble of any kind is an answer too, and raises nothing."""
    try:
        if register == Register.CROSSREF:
            record = crossref.find(reference.doi, asker)
        else:
            record = pubmed.find(reference.pmid, asker)
    except NotFound:
        return Answer(register, Outcome.NOT_FOUND)
    except Unreachable as trouble:
        return Answer(register, Outcome.UNREACHABLE, notice=str(trouble)[:300])
    return judge(reference, register, record)


def judge(reference: Reference, register: str, record: Record) -> Answer:
    """Compares a record with what we have. A notice about another paper than ours says nothing of ours."""
    found = differences(reference, record)
    contradicted = any(difference["contradicts"] for difference in found)
    outcome, notice = Outcome.DIFFERS if contradicted else Outcome.AGREES, ""
    if not is_same_paper(reference, record):
        return Answer(register, Outcome.DIFFERS, found)
    for kind, told in (
        ("correction", Outcome.CORRECTED),
        ("concern", Outcome.CONCERN),
        ("retraction", Outcome.RETRACTED),
    ):
        # The gravest one last: it is the one that counts.
        if notices := [notice for notice in record.notices if notice.kind == kind]:
            outcome, notice = told, notices[-1].where[:300]
    return Answer(register, outcome, found, notice, confirmed_fields(reference, record))


def notice_sentence(register: str, notice: Notice) -> str:
    """Why a reference is marked as retracted or corrected; readers see it: who says so, and where to read it."""
    sentences = {
        "retraction": _("%(register)s says that this paper was retracted: %(notice)s."),
        "correction": _("%(register)s says that a correction was published: %(notice)s."),
    }
    where = notice.where.rstrip(".") or _("no notice is named")
    return sentences[notice.kind] % {"register": Register(register).label, "notice": where}
