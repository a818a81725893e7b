"""How a page stands, in the sentences that are told to readers and to machines alike."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from education.models import ReferenceStatus


def standing(revision, source_flag: str | None) -> list[str]:
    """In short: whether a review holds, then what became of a source (`source_flag`), if anything did."""
    warning = _warning(source_flag)
    return [_review(revision), warning] if warning else [_review(revision)]


def standing_with_dates(revision, source_flag: str | None) -> list[str]:
    """The same with the reviewer and the two dates, as the page prints them. Warnings come first."""
    if not revision.is_reviewed:
        return [*filter(None, [_warning(source_flag)]), _review(revision)]
    warnings = [_warning(source_flag), _review(revision) if revision.is_overdue else ""]
    return [
        *filter(None, warnings),
        _("Reviewed by %(reviewer)s, %(role)s.") % {"reviewer": revision.reviewer, "role": revision.reviewer.role},
        _("Page last reviewed: %(last)s. Next review due: %(due)s.")
        % {
            "last": date_format(revision.last_reviewed, "DATE_FORMAT"),
            "due": date_format(revision.next_review_due, "DATE_FORMAT"),
        },
    ]


def _review(revision):
    if not revision.is_reviewed:
        return _("Awaiting clinical review.")
    return _("This page is past its review date.") if revision.is_overdue else _("Reviewed by a clinician.")


def _warning(source_flag):
    return {
        ReferenceStatus.RETRACTED: _("A paper this page relies on has been retracted."),
        ReferenceStatus.REJECTED: _("A source this page relied on did not hold up."),
    }.get(source_flag, "")
