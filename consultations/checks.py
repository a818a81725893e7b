"""System checks for what would leave a request unanswered: keys, staff, mail, retention, holidays.

Run them all with `manage.py check --deploy --database default`.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import Error, Warning, register
from django.db import DatabaseError, connection
from django.utils import timezone

from consultations.models import Inquiry
from consultations.queue.teams import topics_without_a_clinician
from gutskin.encryption.cipher import EncryptionError
from gutskin.health import KEYS

# The mail backends that send nothing to another machine.
LOCAL_BACKENDS = ("filebased", "console", "dummy", "locmem")


# Tagged KEYS, so that the readiness probe can run it alone (gutskin/health.py).
@register("database", KEYS)
def check_keys(app_configs=None, databases=None, **kwargs):
    """Not limited to --deploy: with a wrong key no request can be read, so the site must not start at all."""
    if not databases or Inquiry._meta.db_table not in connection.introspection.table_names():
        return []
    if problem := key_problem():
        return [Error(problem, hint="Nothing is lost: put the right key back.", id="consultations.E001")]
    return []


def key_problem() -> str:
    """Returns why the newest request cannot be decrypted, or an empty string. One query."""
    newest = Inquiry.objects.only("public_id", "email").order_by("-pk").first()
    try:
        # Reading the attribute decrypts it.
        _email = newest and newest.email
    except EncryptionError as error:
        return f"FIELD_ENCRYPTION_KEYS does not decrypt the newest request. {error}"
    return ""


@register("database", deploy=True)
def check_staff(app_configs=None, databases=None, **kwargs):
    """Is there a clinician for every topic, and someone other than a superuser who is told of access to stories?"""
    if not databases:
        return []
    try:
        found = [
            Warning(
                f"No clinician answers requests about: {title}.", hint="Put one into a team.", id="consultations.W001"
            )
            for title in topics_without_a_clinician()
        ]
        superusers = get_user_model().objects.filter(is_superuser=True, email__iexact=settings.PRIVACY_EMAIL)
        if settings.PRIVACY_EMAIL and superusers.exists():
            hint = "Set it to the address of someone else."
            problem = "PRIVACY_EMAIL is the address of a superuser, who would be told only of what they did themselves."
            found.append(Warning(problem, hint=hint, id="consultations.W002"))
    except DatabaseError:
        # Before the first migration there are no tables to look into.
        return []
    return found


@register(deploy=True)
def check_settings(app_configs=None, **kwargs):
    found = []
    # Not an address of an account: a user who can change accounts could change it first.
    if not settings.PRIVACY_EMAIL:
        hint = "Set it to an address that no superuser reads alone."
        problem = "PRIVACY_EMAIL is not set: who gains access to requests can decide who is told."
        found.append(Error(problem, hint=hint, id="consultations.E002"))
    if any(word in settings.EMAIL_BACKEND for word in LOCAL_BACKENDS):
        hint = "Set EMAIL_URL to a mail server."
        found.append(Warning("No mail leaves this machine.", hint=hint, id="consultations.W003"))
    for name in ("INTAKE_EMAIL", "PRIVACY_EMAIL", "DEFAULT_FROM_EMAIL"):
        if "@localhost" in getattr(settings, name):
            hint = "Set it to an address that someone reads."
            found.append(Warning(f"{name} is an address of this machine.", hint=hint, id="consultations.W004"))
    # GDPR Article 5(1)(e): personal data are kept no longer than necessary.
    if settings.RETENTION_DAYS is None:
        hint = "Decide how many days a request is kept after it is over."
        found.append(Warning("RETENTION_DAYS is not set: nothing is purged.", hint=hint, id="consultations.W005"))
    # A list of holidays that ends this year is easily forgotten in the next.
    today = timezone.localdate()
    if not any(today <= day <= today + timedelta(days=366) for day in settings.HOLIDAYS):
        hint = "Set HOLIDAYS, or replies will be due on days when no one works."
        found.append(Warning("No holiday of the coming year is known.", hint=hint, id="consultations.W006"))
    return found
