"""How a reference stands, for its own page: its status in words, who looked at it last, and the notice, if any."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from education.models import ReferenceCheck, ReferenceStatus
from education.references.identifiers import clean_doi, is_doi

Outcome = ReferenceCheck.Outcome
# Which entry of a register tells of which status.
TELLS_OF = {ReferenceStatus.RETRACTED: Outcome.RETRACTED, ReferenceStatus.CORRECTED: Outcome.CORRECTED}


@dataclass(frozen=True)
class Standing:
    """`check` is the newest that brought an answer, or None; `notice` a sentence, `notice_link` its address."""

    words: str
    check: ReferenceCheck | None
    is_of_concern: bool
    notice: str
    notice_link: str


def standing_of(reference) -> Standing:
    """One query: what the registers said of this reference, newest first."""
    checks = list(reference.checks.exclude(outcome=Outcome.UNREACHABLE)[:20])
    newest = checks[0] if checks else None
    is_of_concern = newest is not None and newest.outcome == Outcome.CONCERN
    wanted = Outcome.CONCERN if is_of_concern else TELLS_OF.get(reference.status)
    notice = next((check.notice for check in checks if check.outcome == wanted and check.notice), "")
    doi = clean_doi(notice)
    return Standing(
        words=_words(reference),
        check=newest,
        is_of_concern=is_of_concern,
        notice="" if is_doi(doi) else notice,
        notice_link=f"https://doi.org/{doi}" if is_doi(doi) else "",
    )


def _words(reference):
    return {
        ReferenceStatus.UNCHECKED: _("Not yet checked against a register of papers."),
        ReferenceStatus.CONFIRMED: _("Confirmed: the paper exists, and this is how it is published."),
        ReferenceStatus.CORRECTED: _("Corrected: the journal has published a correction."),
        ReferenceStatus.RETRACTED: _("Retracted: the journal has withdrawn this paper."),
        ReferenceStatus.REJECTED: _("Rejected: this source did not hold up."),
    }[reference.status]
