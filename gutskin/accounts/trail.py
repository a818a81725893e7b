"""What happens at the doors goes into the same audit log as everything else.

The only file here that knows of consultations: the log belongs to that app, and has to be one chain.
"""

from consultations.audit import SYSTEM, gained_and_lost, record, record_parts
from consultations.models import AuditEvent

Action = AuditEvent.Action

__all__ = ["SYSTEM", "Action", "gained_and_lost", "record", "record_parts"]
