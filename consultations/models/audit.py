from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AppendOnly(Exception):
    def __init__(self):
        super().__init__("Audit events are only ever added. Record a new event instead.")


class AuditEventQuerySet(models.QuerySet):
    def about(self, reference):
        return self.filter(reference=reference)

    def update(self, **kwargs):
        raise AppendOnly

    def bulk_update(self, objs, fields, batch_size=None):
        raise AppendOnly

    def delete(self):
        raise AppendOnly


class AuditEvent(models.Model):
    """Who did what to which request, when. Text, no foreign keys: it outlives what it describes.

    It never holds anything a patient or a colleague wrote.
    """

    class Action(models.TextChoices):
        SUBMITTED = "submitted", _("sent the request")
        VIEWED = "viewed", _("opened the request")
        STATUS_CHANGED = "status_changed", _("changed the status")
        ASSIGNED = "assigned", _("changed the assignee")
        URGENCY_CHANGED = "urgency_changed", _("changed the urgency")
        NOTE_ADDED = "note_added", _("added a note")

    at = models.DateTimeField(_("when"), default=timezone.now)
    actor = models.CharField(_("who"), max_length=150)
    action = models.CharField(_("what"), max_length=40, choices=Action)
    reference = models.CharField(_("request"), max_length=12, db_index=True)
    detail = models.CharField(_("detail"), max_length=300, blank=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.reference} {self.action}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnly
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnly
