"""Who may open a request for a while: the patient by link or visit, and staff who gave a reason to read the story."""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _lazy

from gutskin import limits
from gutskin.encryption.digests import keyed_digest
from gutskin.encryption.fields import EncryptedTextField
from gutskin.rate_limits import AddressCount


class StatusPassQuerySet(models.QuerySet):
    def issue(self, inquiry, purpose, opened_with=""):
        """Creates a pass and returns its secret. An earlier link that has not been used stops working."""
        # Only links: a patient may have visits open on two devices.
        if purpose == "link":
            self.valid().filter(inquiry=inquiry, purpose=purpose).update(used_at=timezone.now())
        token = _bound(secrets.token_urlsafe(32), inquiry)
        lasts = limits.LINK_LASTS if purpose == "link" else limits.VISIT_LASTS
        ends_at = timezone.now() + lasts
        self.create(inquiry=inquiry, purpose=purpose, opened_with=opened_with, digest=_digest(token), ends_at=ends_at)
        return token

    def opened_by(self, token):
        # Looked up by the digest, so the database never compares secrets, which could leak them through timing.
        return self.valid().filter(digest=_digest(token))

    def valid(self):
        return self.filter(ends_at__gt=timezone.now(), used_at__isnull=True)

    def over(self):
        return self.filter(Q(ends_at__lte=timezone.now()) | Q(used_at__isnull=False))


class StatusPass(models.Model):
    """Opens one request's status page for a while: a link sent by mail, valid once, or a visit, until it ends.

    Only the patient has the secret. We store its keyed digest, so a copy of the database opens no request.
    """

    class Purpose(models.TextChoices):
        LINK = "link", _lazy("link by mail")
        VISIT = "visit", _lazy("visit")

    class OpenedWith(models.TextChoices):
        """How a visit was opened. A mailbox is not a person: a link alone shows no more than the status."""

        LINK = "link", _lazy("with a link by mail")
        ANSWER = "answer", _lazy("with a link by mail and one more answer")
        CODE = "code", _lazy("with the code")

    inquiry = models.ForeignKey("Inquiry", on_delete=models.CASCADE, related_name="status_passes")
    purpose = models.CharField(_lazy("purpose"), max_length=10, choices=Purpose)
    # Empty for a link. What is not known shows least.
    opened_with = models.CharField(_lazy("opened with"), max_length=10, choices=OpenedWith, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_lazy("made"), default=timezone.now)
    ends_at = models.DateTimeField(_lazy("ends"))
    used_at = models.DateTimeField(_lazy("used or ended"), null=True, blank=True)

    objects = StatusPassQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["ends_at"], name="status_pass_end")]
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=["link", "visit"]), name="status_pass_purpose_is_known"),
            models.CheckConstraint(
                condition=Q(opened_with__in=["", "link", "answer", "code"]), name="status_pass_opening_is_known"
            ),
        ]

    def __str__(self):
        return f"{self.inquiry_id} {self.purpose}"

    def opens_with(self, token):
        """False if this pass, or the request itself, was moved to another row of the database by hand."""
        own = _bound(token.rpartition("-")[0], self.inquiry)
        return constant_time_compare(token, own) and self.inquiry.is_sealed

    @property
    def shows_story(self):
        """May this visit read the answers, messages and photos, and add to them?"""
        return self.opened_with in (self.OpenedWith.ANSWER, self.OpenedWith.CODE)

    @property
    def may_decide(self):
        """May this visit download, stop or erase the request, and take back consent?"""
        return self.opened_with == self.OpenedWith.CODE

    @property
    def seconds_left(self):
        """Rounded up, so that the browser never hides the page before the visit is over here."""
        return int((self.ends_at - timezone.now()).total_seconds()) + 1


class LinkRequest(models.Model):
    """A request for a link to the status page. The mail worker looks up whether the address is known.

    The page stores the same row for every address, so neither its answer nor its response time reveals who is a
    patient. The worker deletes the row as soon as it has looked the address up.
    """

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    email = EncryptedTextField(_lazy("e-mail address"))
    reference = EncryptedTextField(_lazy("reference"), blank=True)
    asked_at = models.DateTimeField(_lazy("asked"), default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"{self.asked_at:%Y-%m-%d}"


class StoryAccessQuerySet(models.QuerySet):
    def open_now(self):
        return self.filter(ends_at__gt=timezone.now())


class StoryAccess(models.Model):
    """A colleague who does not answer this request gave a reason to read its story, and may read it for an hour."""

    class Reason(models.TextChoices):
        URGENCY = "urgency", _lazy("To judge how urgent it is")
        ASSIGNMENT = "assignment", _lazy("To find the right colleague")
        PATIENT_CALLED = "patient_called", _lazy("The patient called or wrote about it")
        COMPLAINT = "complaint", _lazy("A complaint or a legal question")
        FAULT = "fault", _lazy("A technical fault with this request")
        OTHER = "other", _lazy("Another reason, explained below")

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    inquiry = models.ForeignKey("Inquiry", on_delete=models.CASCADE, related_name="story_accesses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(_lazy("reason"), max_length=20, choices=Reason)
    # Encrypted, and in no audit event: an explanation can contain health data. The reason alone is recorded there.
    explanation = EncryptedTextField(_lazy("explanation"), blank=True)
    given_at = models.DateTimeField(_lazy("given"), default=timezone.now)
    ends_at = models.DateTimeField(_lazy("ends"))

    objects = StoryAccessQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("given_at")), name="story_access_ends_after_it_began")
        ]

    def __str__(self):
        return f"{self.inquiry_id} {self.reason}"


class RateLimit(AddressCount):
    """Rate limit: how often something was done in the hour that began at `window_start`.

    Counted by address, by mailbox, by request, or for everyone together: requests, codes, links, photos, messages,
    receipts.
    """


def _bound(secret, inquiry):
    """A token ends with a digest of the request it opens, so it needs no column to be compared with."""
    return f"{secret}-{keyed_digest('status-pass-of', f'{secret} {inquiry.public_id}')[:32]}"


def _digest(token):
    return keyed_digest("status-pass", token)
