import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from gutskin.encryption.fields import EncryptedTextField


class StoryAccessQuerySet(models.QuerySet):
    def open_now(self):
        return self.filter(ends_at__gt=timezone.now())


class StoryAccess(models.Model):
    """Somebody who does not answer a request gave a reason to read its story, and may for an hour."""

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
