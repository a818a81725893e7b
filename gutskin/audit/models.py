from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy


class AppendOnly(Exception):
    def __init__(self):
        super().__init__("Audit events are only ever added. Record a new event instead.")


class AuditEventQuerySet(models.QuerySet):
    def about(self, reference):
        return self.filter(reference=reference)

    def erase_details(self):
        """The only thing that is ever removed: the details about a request that is erased. The chain stays intact."""
        return super().update(detail="")

    def update(self, **kwargs):
        raise AppendOnly

    def bulk_update(self, objs, fields, batch_size=None):
        raise AppendOnly

    def delete(self):
        raise AppendOnly


class AuditEvent(models.Model):
    """Who did what to which request, when. Text, no foreign keys: it outlives what it describes.

    It never holds anything that a patient or a colleague wrote. Only `gutskin.audit.hash_chain.record` adds one.
    """

    class Action(models.TextChoices):
        SUBMITTED = "submitted", _lazy("sent the request")
        VIEWED = "viewed", _lazy("opened the request")
        STORY_READ = "story_read", _lazy("read the story")
        STATUS_CHANGED = "status_changed", _lazy("changed the status")
        ASSIGNED = "assigned", _lazy("changed the assignee")
        URGENCY_CHANGED = "urgency_changed", _lazy("changed the urgency")
        NOTE_ADDED = "note_added", _lazy("added a note")
        REPLIED = "replied", _lazy("replied to the patient")
        PATIENT_WROTE = "patient_wrote", _lazy("wrote a message")
        PHOTO_ADDED = "photo_added", _lazy("added a photo")
        PHOTO_REMOVED = "photo_removed", _lazy("removed a photo")
        PHOTO_VIEWED = "photo_viewed", _lazy("looked at a photo")
        ACCESS_OPENED = "access_opened", _lazy("gave a reason to read the story")
        GLASS_BROKEN = "glass_broken", _lazy("broke the glass to read the story")
        MERGED = "merged", _lazy("merged with another request")
        HELD = "held", _lazy("put a legal hold on it")
        RELEASED = "released", _lazy("lifted the legal hold")
        STATUS_PAGE_OPENED = "status_page_opened", _lazy("opened the status page")
        LINK_ASKED_FOR = "link_asked_for", _lazy("asked for a link to the status page")
        ADDRESS_CONFIRMED = "address_confirmed", _lazy("confirmed the e-mail address")
        ADDRESS_REFUSED = "address_refused", _lazy("said that the e-mail address is somebody else’s")
        CONTACT_CORRECTED = "contact_corrected", _lazy("corrected how to reach the patient")
        DOWNLOADED = "downloaded", _lazy("downloaded the data")
        CONSENT_CHANGED = "consent_changed", _lazy("changed the consent")
        WITHDRAWN = "withdrawn", _lazy("withdrew the request")
        ERASED = "erased", _lazy("erased the request")
        PURGED = "purged", _lazy("purged the request")
        LISTED = "listed", _lazy("looked at the list of requests")
        SEARCHED = "searched", _lazy("searched the requests")
        DASHBOARD_VIEWED = "dashboard_viewed", _lazy("looked at the dashboard")
        EXPORTED = "exported", _lazy("exported figures")
        AUDIT_VIEWED = "audit_viewed", _lazy("looked at the audit log")
        CHAIN_CHECKED = "chain_checked", _lazy("checked the chain of the audit log")
        LOGGED_IN = "logged_in", _lazy("logged in")
        LOGGED_OUT = "logged_out", _lazy("logged out")
        LOGIN_FAILED = "login_failed", _lazy("tried to log in, and failed")
        LOCKED_OUT = "locked_out", _lazy("was locked out")
        PASSWORD_CHANGED = "password_changed", _lazy("changed a password")
        FACTOR_ADDED = "factor_added", _lazy("added a second factor")
        FACTOR_REMOVED = "factor_removed", _lazy("removed a second factor")
        FACTOR_RESET_ASKED_FOR = "factor_reset_asked_for", _lazy("asked for the reset of a second factor")
        FACTOR_RESET = "factor_reset", _lazy("reset a second factor")
        SESSION_ENDED = "session_ended", _lazy("ended a session")
        ACCOUNT_CHANGED = "account_changed", _lazy("changed an account")
        STORY_RIGHTS_GAINED = "story_rights_gained", _lazy("gave a way to patients' stories")
        PRIVACY_LEAD_CHANGED = "privacy_lead_changed", _lazy("changed who looks after privacy, or their address")
        KEYS_ROTATED = "keys_rotated", _lazy("re-encrypted texts with the newest key")
        BACKED_UP = "backed_up", _lazy("made a backup")
        RESTORED = "restored", _lazy("restored a backup")

    # Counted from 1 without a gap.
    sequence = models.PositiveBigIntegerField(_lazy("number"), unique=True)
    at = models.DateTimeField(_lazy("when"), default=timezone.now)
    actor = models.CharField(_lazy("who"), max_length=150)
    action = models.CharField(_lazy("what"), max_length=40, choices=Action)
    # Empty for an event that is not about one request, such as a login.
    reference = models.CharField(_lazy("request"), max_length=12, blank=True)
    detail = models.CharField(_lazy("detail"), max_length=300, blank=True)
    # Keyed digests. The chain covers the digest of the detail, so that a detail can be erased without breaking it.
    detail_digest = models.CharField(max_length=64, editable=False)
    digest = models.CharField(_lazy("digest"), max_length=64, editable=False)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = _lazy("audit event")
        verbose_name_plural = _lazy("audit log")
        default_permissions = ("view",)
        ordering = ["-sequence"]
        # The log only grows, so finding one person's or one day's events among millions needs an index.
        indexes = [
            # With the action: given both, a database may otherwise use the index of the action and read every event of
            # that kind, for each request that it is asked about.
            models.Index(fields=["reference", "action"], name="audit_reference"),
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
    """Where the chain ends: one row, locked while an event is added."""

    sequence = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"{self.sequence}"
