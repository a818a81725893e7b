"""Who has a request open. It decides nothing: two may work at once, if they know of each other."""

from django.utils import timezone

from consultations.models import Inquiry, Presence


def arrive(inquiry: Inquiry, *, by) -> None:
    """When the page opens, and again every minute while it stays open."""
    Presence.objects.bulk_create(
        [Presence(inquiry=inquiry, user=by, seen_at=timezone.now())],
        update_conflicts=True,
        unique_fields=["inquiry", "user"],
        update_fields=["seen_at"],
    )
