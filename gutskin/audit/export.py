"""CSV export of tables. Every export is an event of the audit log."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from gutskin import limits
from gutskin.accounts.reauthentication import recently_authenticated
from gutskin.audit.details import detail_in_words
from gutskin.audit.filters import AuditFilter
from gutskin.audit.hash_chain import record
from gutskin.audit.models import AuditEvent
from gutskin.csv_export import csv_text


def export_table(request, name: str, columns: list, rows: list) -> HttpResponse:
    """A CSV file to download. The event records which table it was and how many rows it had."""
    record(AuditEvent.Action.EXPORTED, by=request.user, detail=f"{name} {len(rows)}")
    day = timezone.localdate().isoformat()
    return HttpResponse(
        csv_text(columns, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="gutskin-{name}-{day}.csv"'},
    )


@recently_authenticated
def export_events(request, chosen: AuditFilter) -> HttpResponse:
    """The chosen events, newest first, with the digests that the chain is checked by."""
    columns = [_("Number"), _("When"), _("Who"), _("What"), _("Request"), _("Detail"), _("Digest")]
    events = chosen.events()[: limits.MOST_EXPORTED_EVENTS]
    return export_table(request, "audit-log", columns, [_row(event) for event in events.iterator(chunk_size=2000)])


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
