"""The status of a reference, for its own page: in words, with the latest check and the notice, if there is one."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from education.models import ReferenceCheck, ReferenceStatus
from education.references.identifiers import clean_doi, is_doi

Outcome = ReferenceCheck.Outcome
# The outcome of a check that explains each status.
OUTCOME_BEHIND = {ReferenceStatus.RETRACTED: Outcome.RETRACTED, ReferenceStatus.CORRECTED: Outcome.CORRECTED}


@dataclass(frozen=True)
class StatusOnPage:
    """`check` is the latest ReferenceCheck with an answer, or None. A notice is either a DOI link or a sentence."""

    words: str
    check: ReferenceCheck | None
    is_of_concern: bool
    notice: str
    notice_link: str


def status_on_page(reference) -> StatusOnPage:
    """What the registers last reported about a reference. One query."""
    # Unreachable registers said nothing. Twenty are more than enough to find the notice behind the current status.
    checks = list(reference.checks.exclude(outcome=Outcome.UNREACHABLE)[:20])
    newest = checks[0] if checks else None
    is_of_concern = newest is not None and newest.outcome == Outcome.CONCERN
    wanted = Outcome.CONCERN if is_of_concern else OUTCOME_BEHIND.get(reference.status)
    notice = next((check.notice for check in checks if check.outcome == wanted and check.notice), "")
    # Crossref gives the notice as a DOI, PubMed as a citation in words.
    doi = clean_doi(notice)
    return StatusOnPage(
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
