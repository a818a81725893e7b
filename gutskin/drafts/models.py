import json
import uuid

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from gutskin import limits
from gutskin.encryption.cipher import EncryptionError
from gutskin.encryption.fields import EncryptedTextField


class DraftQuerySet(models.QuerySet):
    def of(self, user, about):
        """Drafts of this user about an object, or about a new one if `about` has no primary key yet."""
        about_type = ContentType.objects.get_for_model(about)
        return self.filter(user=user, about_type=about_type, about_id=about.pk or 0)

    def kept(self):
        return self.filter(discarded_at=None)

    def outdated(self):
        now = timezone.now()
        return self.filter(
            models.Q(saved_at__lt=now - limits.DRAFTS_KEPT_FOR)
            | models.Q(discarded_at__lt=now - limits.DISCARDED_DRAFTS_KEPT_FOR)
        )


class Draft(models.Model):
    """What a user typed into a form and has not sent. Only this user gets it back, if they still may use that form."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    about_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    # 0 for a form that makes a new object.
    about_id = models.PositiveBigIntegerField()
    about = GenericForeignKey("about_type", "about_id")
    # Which form of the page, such as "reply".
    kind = models.CharField(_lazy("kind"), max_length=30)
    # JSON: the names of the form's fields, each with its list of values.
    content = EncryptedTextField(_lazy("content"))
    # The page that it belongs to, and a new id for each time it is saved: see PageKey in saving.py.
    page = models.UUIDField(null=True, editable=False)
    revision = models.UUIDField(default=uuid.uuid4, editable=False)
    saved_at = models.DateTimeField(_lazy("saved"), default=timezone.now)
    discarded_at = models.DateTimeField(_lazy("discarded"), null=True, editable=False)

    objects = DraftQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["saved_at"], name="draft_saved")]

    def __str__(self):
        return f"{self.kind} {self.saved_at:%Y-%m-%d}"

    @property
    def age(self) -> int:
        """Seconds since it was saved. By our clock: that of the browser may be wrong."""
        return max(0, int((timezone.now() - self.saved_at).total_seconds()))

    @property
    def fields(self) -> dict[str, list[str]]:
        """Empty if its key is missing: a page must not fail because of a text that is lost anyway."""
        try:
            return json.loads(self.content)
        except EncryptionError:
            return {}


class SentFormQuerySet(models.QuerySet):
    def outdated(self):
        return self.filter(sent_at__lt=timezone.now() - limits.DRAFTS_KEPT_FOR)


class SentForm(models.Model):
    """A form for something new that a user sent, and what was stored from it: see double_submit.py."""

    # Issued with the form.
    key = models.UUIDField(editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # A keyed digest of what was typed and chosen.
    words = models.CharField(max_length=64, editable=False)
    stored_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    # Some models have a word as primary key.
    stored_id = models.CharField(max_length=255)
    stored = GenericForeignKey("stored_type", "stored_id")
    sent_at = models.DateTimeField(_lazy("sent"), default=timezone.now)

    objects = SentFormQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["sent_at"], name="sent_form_sent"),
            models.Index(fields=["user", "words"], name="sent_form_words"),
        ]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="sent_form_stored_once")]

    def __str__(self):
        return f"{self.stored_id} {self.sent_at:%Y-%m-%d}"
