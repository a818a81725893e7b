import secrets

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from gutskin import limits
from gutskin.encryption.digests import keyed_digest


class StatusPassQuerySet(models.QuerySet):
    def issue(self, inquiry, purpose):
        """The secret of a new pass. An earlier link that was not used stops working."""
        if purpose == "link":
            self.valid().filter(inquiry=inquiry, purpose=purpose).update(used_at=timezone.now())
        token = secrets.token_urlsafe(32)
        lasts = limits.LINK_LASTS if purpose == "link" else limits.VISIT_LASTS
        self.create(inquiry=inquiry, purpose=purpose, digest=_digest(token), ends_at=timezone.now() + lasts)
        return token

    def opened_by(self, token):
        return self.valid().filter(digest=_digest(token))

    def valid(self):
        return self.filter(ends_at__gt=timezone.now(), used_at__isnull=True)

    def over(self):
        return self.filter(Q(ends_at__lte=timezone.now()) | Q(used_at__isnull=False))


class StatusPass(models.Model):
    """Opens one request's status page for a while: a link by mail, good once, or a visit, until it ends.

    The secret is with the patient; here is its keyed digest.
    """

    class Purpose(models.TextChoices):
        LINK = "link", _lazy("link by mail")
        VISIT = "visit", _lazy("visit")

    inquiry = models.ForeignKey("Inquiry", on_delete=models.CASCADE, related_name="status_passes")
    purpose = models.CharField(_lazy("purpose"), max_length=10, choices=Purpose)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_lazy("made"), default=timezone.now)
    ends_at = models.DateTimeField(_lazy("ends"))
    used_at = models.DateTimeField(_lazy("used or ended"), null=True, blank=True)

    objects = StatusPassQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["ends_at"], name="status_pass_end")]
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=["link", "visit"]), name="status_pass_purpose_is_known")
        ]

    def __str__(self):
        return f"{self.inquiry_id} {self.purpose}"

    @property
    def seconds_left(self):
        """Rounded up: when the browser takes the page away, the visit is over here too."""
        return int((self.ends_at - timezone.now()).total_seconds()) + 1


def _digest(token):
    return keyed_digest("status-pass", token)
