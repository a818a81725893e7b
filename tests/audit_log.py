"""What the audit log holds, and changes to it by hand."""

from gutskin.audit.models import AuditEvent


def told():
    """(who, what, detail) of every event, in the order of the log."""
    return list(AuditEvent.objects.order_by("sequence").values_list("actor", "action", "detail"))


def newest():
    return AuditEvent.objects.first()


def changed_by_hand(sequence, **fields):
    """As someone does who writes to the database directly."""
    events = AuditEvent.objects.filter(sequence=sequence)
    super(type(events), events).update(**fields)
