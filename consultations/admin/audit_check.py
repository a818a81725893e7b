"""The chain of the audit log, checked from the page."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.audit import broken_links, record
from consultations.models import AuditEvent, AuditHead

# So many are read in a few seconds; the whole of a longer log is the command's to read.
MOST_CHECKED = 20_000


def check_chain(*, by) -> tuple[list[str], str]:
    """The broken places of the newest events, and a sentence about them. The check is recorded."""
    head = AuditHead.objects.filter(pk=1).first()
    last = head.sequence if head else 0
    first = max(1, last - MOST_CHECKED + 1)
    found = list(broken_links(since=first))
    record(AuditEvent.Action.CHAIN_CHECKED, by=by, detail=f"{first} {last} {len(found)}")
    numbers = {"first": first, "last": last}
    if found:
        sentence = ngettext(
            "The log is not what was written, in %(count)s place. Tell whoever runs the site, and change nothing.",
            "The log is not what was written, in %(count)s places. Tell whoever runs the site, and change nothing.",
            len(found),
        ) % {"count": len(found)}
    elif first > 1:
        sentence = (
            _(
                "Events %(first)s to %(last)s are what was written. Older ones are checked by the command "
                "verify_audit_log."
            )
            % numbers
        )
    else:
        sentence = _("The log is whole: events %(first)s to %(last)s are what was written.") % numbers
    return found, sentence


def last_check() -> AuditEvent | None:
    return AuditEvent.objects.filter(action=AuditEvent.Action.CHAIN_CHECKED).first()
