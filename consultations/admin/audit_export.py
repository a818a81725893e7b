from django.http import HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from consultations.admin.audit_filter import AuditFilter
from consultations.admin.audit_words import detail_in_words
from consultations.admin.dashboard_export import export
from gutskin.accounts.recent_login import recently_authenticated

# The newest ones of a choice; the page says how to get at the others.
MOST_SAVED = 50_000


@recently_authenticated
def save_events(request, chosen: AuditFilter) -> HttpResponse:
    """The chosen events, the newest first, with the digests by which they can be checked."""
    columns = [_("Number"), _("When"), _("Who"), _("What"), _("Request"), _("Detail"), _("Digest")]
    events = chosen.events()[:MOST_SAVED]
    return export(request, "audit-log", columns, [_row(event) for event in events.iterator(chunk_size=2000)])


def _row(event):
    return [
        event.sequence,
        localtime(event.at).isoformat(timespec="seconds"),
        event.actor,
        event.get_action_display(),
        event.reference,
        detail_in_words(event.action, event.detail),
        event.digest,
    ]
