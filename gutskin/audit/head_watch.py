"""Records outside the database where the audit log ends: a log that was deleted as a whole has no gap to be found."""

import logging
from collections.abc import Iterator
from datetime import date

from django.utils import timezone

from gutskin.audit.models import AuditEvent, AuditHead

logger = logging.getLogger(__name__)


class HeadWatch:
    """An hourly job of the mail worker: compares the log with what this process saw before.

    Once a day it prints where the log ends, for `verify_audit_log --expect`.
    """

    def __init__(self):
        self.seen: tuple[int, str] | None = None
        self.printed_on: date | None = None

    def __call__(self) -> Iterator[str]:
        head = AuditHead.objects.filter(pk=1).first() or AuditHead()
        before, self.seen = self.seen, (head.sequence, head.digest)
        if before and before[0] and not AuditEvent.objects.filter(sequence=before[0], digest=before[1]).exists():
            logger.error("The audit log was cut off or replaced: event %s is not there any more", before[0])
            yield f"The audit log was cut off or replaced: it ended with {before[0]}:{before[1]}."
        if self.printed_on != timezone.localdate():
            self.printed_on = timezone.localdate()
            yield f"The audit log ends with {head.sequence}:{head.digest}"
