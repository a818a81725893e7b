import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _lazy


class ContentChange(models.Model):
    """Says that something changed that a reader can see. Database triggers write it, in the transaction of the change.

    With SQLite one row, with a new token for each change. With PostgreSQL one row per transaction, so that two
    transactions never wait for each other here, and never deadlock: see triggers.py.
    """

    # The number of the transaction in PostgreSQL, 0 in SQLite.
    id = models.BigIntegerField(primary_key=True)
    token = models.CharField(_lazy("token"), max_length=36, default=uuid.uuid4)
    changed_at = models.DateTimeField(_lazy("changed"), auto_now_add=True)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.token
