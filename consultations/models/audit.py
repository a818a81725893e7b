from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AppendOnly(Exception):
    def __init__(self):
        super().__init__("Audit events are only ever added. Record a new event instead.")


class AuditEventQuerySet(models.QuerySet):
    def about(self, reference):
        return self.filter(reference=reference)

    def erase_details(self):
        """The one thing that is taken away: words, when the request they belong to is erased. The chain stays whole."""
        return super().update(detail="")

    def update(self, **kwargs):
        raise AppendOnly

    def bulk_update(self, objs, fields, batch_size=None):
        raise AppendOnly

    def delete(self):
        raise AppendOnly


class AuditEvent(models.Model):
    """Who did what to which request, when. Text, no foreign keys: it outlives what it describes.

    It never holds anything a patient or a colleague wrote. Written by `consultations.audit.record` only, which makes it
    a link of the chain.
    """

    class Action(models.TextChoices):
        SUBMITTED = "submitted", _("sent the request")
        VIEWED = "viewed", _("opened the request")
        STORY_READ = "story_read", _("read the story")
        STATUS_CHANGED = "status_changed", _("changed the status")
        ASSIGNED = "assigned", _("changed the assignee")
        URGENCY_CHANGED = "urgency_changed", _("changed the urgency")
        NOTE_ADDED = "note_added", _("added a note")
        REPLIED = "replied", _("replied to the patient")
        PATIENT_WROTE = "patient_wrote", _("wrote a message")
        PHOTO_ADDED = "photo_added", _("added a photo")
        PHOTO_REMOVED = "photo_removed", _("removed a photo")
        PHOTO_VIEWED = "photo_viewed", _("looked at a photo")
        ACCESS_OPENED = "access_opened", _("gave a reason to read the story")
        GLASS_BROKEN = "glass_broken", _("broke the glass to read the story")
        MERGED = "merged", _("merged with another request")
        HELD = "held", _("put a legal hold on it")
        RELEASED = "released", _("lifted the legal hold")
        STATUS_PAGE_OPENED = "status_page_opened", _("opened the status page")
        LINK_ASKED_FOR = "link_asked_for", _("asked for a link to the status page")
        DOWNLOADED = "downloaded", _("downloaded the data")
        CONSENT_CHANGED = "consent_changed", _("changed the consent")
        WITHDRAWN = "withdrawn", _("withdrew the request")
        ERASED = "erased", _("erased the request")
        PURGED = "purged", _("purged the request")
        LISTED = "listed", _("looked at the list of requests")
        SEARCHED = "searched", _("searched the requests")
        DASHBOARD_VIEWED = "dashboard_viewed", _("looked at the dashboard")
        EXPORTED = "exported", _("exported figures")
        AUDIT_VIEWED = "audit_viewed", _("looked at the audit log")
        CHAIN_CHECKED = "chain_checked", _("checked the chain of the audit log")
        LOGGED_IN = "logged_in", _("logged in")
        LOGGED_OUT = "logged_out", _("logged out")
        LOGIN_FAILED = "login_failed", _("tried to log in, and failed")
        LOCKED_OUT = "locked_out", _("was locked out")
        PASSWORD_CHANGED = "password_changed", _("changed a password")
        FACTOR_ADDED = "factor_added", _("added a second factor")
        FACTOR_REMOVED = "factor_removed", _("removed a second factor")
        FACTOR_RESET_ASKED_FOR = "factor_reset_asked_for", _("asked for the reset of a second factor")
        FACTOR_RESET = "factor_reset", _("reset a second factor")
        SESSION_ENDED = "session_ended", _("ended a session")
        ACCOUNT_CHANGED = "account_changed", _("changed an account")
        KEYS_ROTATED = "keys_rotated", _("sealed texts anew with the newest key")
        BACKED_UP = "backed_up", _("made a backup")
        RESTORED = "restored", _("restored a backup")

    # Counted from 1 without a gap.
    sequence = models.PositiveBigIntegerField(_("number"), unique=True)
    at = models.DateTimeField(_("when"), default=timezone.now)
    actor = models.CharField(_("who"), max_length=150)
    action = models.CharField(_("what"), max_length=40, choices=Action)
    # Empty for what is about no single request, such as a login.
    reference = models.CharField(_("request"), max_length=12, db_index=True, blank=True)
    detail = models.CharField(_("detail"), max_length=300, blank=True)
    # Keyed digests. The chain goes over the detail's digest: the detail can be erased, and the chain still holds.
    detail_digest = models.CharField(max_length=64, editable=False)
    digest = models.CharField(_("digest"), max_length=64, editable=False)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit log")
        default_permissions = ("view",)
        ordering = ["-sequence"]
        # The log is never made smaller: what somebody did, and what happened on a day, are found among millions.
        indexes = [
            models.Index(fields=["actor", "sequence"], name="audit_actor"),
            models.Index(fields=["action", "sequence"], name="audit_action"),
            models.Index(fields=["at"], name="audit_at"),
        ]

    def __str__(self):
        return f"{self.sequence} {self.reference} {self.action}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnly
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnly


class AuditHead(models.Model):
    """Where the chain ends: one row, locked by whoever adds a link."""

    sequence = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"{self.sequence}"
