"""Entries in Django's own admin log: who did what, when."""

from django.contrib.admin.models import CHANGE, LogEntry


def record(subject, *, by, message):
    """`by` is None for load_content, which has no account and therefore no entry."""
    if by is not None:
        LogEntry.objects.log_actions(by.pk, [subject], CHANGE, message, single_object=True)
