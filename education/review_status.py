"""The review status of a page, in the sentences that both readers and machines are given."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from education.models import ReferenceStatus


def review_status(revision, source_flag: str | None) -> list[str]:
    """Whether the page is reviewed, then a warning if a source was retracted or rejected (see `source_flag`).

    `source_flag` is the status of the worst source, as Article.objects.with_source_flag() gives it, or None or "".
    """
    warning = _warning(source_flag)
    return [_review(revision), warning] if warning else [_review(revision)]


def review_status_with_dates(revision, source_flag: str | None) -> list[str]:
    """The same with the reviewer and the two dates, as the page shows them. Warnings come first."""
    # An unreviewed page has no dates to show.
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
