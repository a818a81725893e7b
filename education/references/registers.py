"""Checks of a stored reference against the registers Crossref and PubMed."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from education.models import Reference, ReferenceCheck
from education.references import crossref, pubmed
from education.references.client import RegisterClient
from education.references.comparison import confirmed_fields, differences, is_same_paper
from education.references.exceptions import NotFound, Unreachable
from education.references.identifiers import is_doi, is_pmid
from education.references.notices import Notice
from education.references.record import Record

Register, Outcome = ReferenceCheck.Register, ReferenceCheck.Outcome


@dataclass
class RegisterAnswer:
    """One register's answer about one reference, to be stored with actions.record_check."""

    register: str
    outcome: str
    differences: list[dict] = field(default_factory=list)
    notice: str = ""
    confirmed: list[str] = field(default_factory=list)


def registers_for(reference: Reference) -> list[str]:
    """The registers that can be asked about a reference: Crossref by DOI, PubMed by PMID."""
    return [
        register
        for register, can_ask in (
            (Register.CROSSREF, is_doi(reference.doi)),
            (Register.PUBMED, is_pmid(reference.pmid)),
        )
        if can_ask
    ]


def ask(reference: Reference, register: str, client: RegisterClient) -> RegisterAnswer:
    """Ask one register about a reference. A failure is an answer too (UNREACHABLE), so this does not raise."""
    try:
        if register == Register.CROSSREF:
            record = crossref.find(reference.doi, client)
        else:
            record = pubmed.find(reference.pmid, client)
    # The number was asked for, so a 404 is a finding about the reference and not a failure.
    except NotFound:
        return RegisterAnswer(register, Outcome.NOT_FOUND)
    except Unreachable as error:
        return RegisterAnswer(register, Outcome.UNREACHABLE, notice=str(error)[:300])
    return compare(reference, register, record)


def compare(reference: Reference, register: str, record: Record) -> RegisterAnswer:
    """Compare a register's record with a reference. Notices count only if the record is about the same paper."""
    found = differences(reference, record)
    contradicted = any(difference["contradicts"] for difference in found)
    outcome, notice = Outcome.DIFFERS if contradicted else Outcome.AGREES, ""
    # A mistyped DOI leads to another paper, and that one's retraction says nothing about ours (decision 13).
    if not is_same_paper(reference, record):
        return RegisterAnswer(register, Outcome.DIFFERS, found)
    for kind, outcome_of_kind in (
        ("correction", Outcome.CORRECTED),
        ("concern", Outcome.CONCERN),
        ("retraction", Outcome.RETRACTED),
    ):
        # The most serious kind comes last, because the last one wins.
        if notices := [notice for notice in record.notices if notice.kind == kind]:
            outcome, notice = outcome_of_kind, notices[-1].where[:300]
    if record.is_notice and outcome in {Outcome.AGREES, Outcome.DIFFERS}:
        # A text that cites the notice of a retraction as its source is to be looked at by a person.
        outcome, notice = Outcome.CONCERN, " ".join(record.remarks)[:300]
    return RegisterAnswer(register, outcome, found, notice, confirmed_fields(reference, record))


def notice_sentence(register: str, notice: Notice) -> str:
    """Why a reference is marked as retracted or corrected, for readers: who says so, and where to read it."""
    sentences = {
        "retraction": _("%(register)s says that this paper was retracted: %(notice)s."),
        "correction": _("%(register)s says that a correction was published: %(notice)s."),
    }
    where = notice.where.rstrip(".") or _("no notice is named")
    return sentences[notice.kind] % {"register": Register(register).label, "notice": where}
