"""Health checks, for load balancers and monitors."""

from collections.abc import Iterator

from django.core import checks
from django.core.cache import caches
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from gutskin.checks import missing_migrations
from gutskin.heartbeats import models as heartbeats
from gutskin.http_methods import require_safe
from gutskin.mail.models import Notification
from gutskin.static_files import missing_file

# The tag of system checks that compare FIELD_ENCRYPTION_KEYS with what is stored.
KEYS = "keys"
# Without one of these no page can be right. The others are told, and take no page out of a load balancer
# (docs/decisions/0008 and 0040).
NEEDED = ("database", "migrations", "keys", "static_files")
LATE = {
    "mail_worker": "The mail worker has not run for five minutes: start `manage.py send_mail_queue --loop`.",
    "scheduler": "The scheduler has not run for five minutes: start `manage.py run_scheduler --loop`.",
    "backup": "No backup has been made within BACKUP_WITHIN_HOURS: run `manage.py backup`.",
}


@never_cache
@require_safe
def healthz(request):
    """Liveness: the process answers. It does not query the database."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def readyz(request):
    """Readiness: 200 if this process can answer readers, otherwise 503; in both cases with all that is wrong.

    With `?strict`, for a monitor that looks at the status only, everything that is wrong makes it 503.
    """
    problems = {}
    try:
        problems |= _problems()
        found = dict.fromkeys((*NEEDED, "cache", "outbox", *heartbeats.expected), True)
    except (DatabaseError, InterfaceError):
        found = {}
        problems["database"] = "The database does not answer."
    found |= dict.fromkeys(problems, False)
    counted = found if "strict" in request.GET else NEEDED
    status = 503 if any(name in problems for name in counted) else 200
    return JsonResponse(found | {"problems": list(problems.values())}, status=status)


def _problems() -> dict[str, str]:
    """What is wrong, in a sentence for each part. May raise DatabaseError or InterfaceError."""
    problems = dict(_problems_of_this_process())
    if missing := missing_migrations(connection):
        # Nothing else in the database can be asked then.
        return problems | {"migrations": f"Run `manage.py migrate`: {len(missing)} are missing, {missing[0]} first."}
    if wrong := checks.run_checks(tags=[KEYS], databases=["default"]):
        problems["keys"] = wrong[0].msg
    if Notification.objects.stuck().exists():
        problems["outbox"] = "A mail has waited for more than five minutes."
    return problems | {name: LATE[name] for name in heartbeats.late()}


def _problems_of_this_process() -> Iterator[tuple[str, str]]:
    if problem := missing_file():
        yield "static_files", problem
    if not _shared_cache_answers():
        yield "cache", "The shared cache (CACHE_URL) does not answer. The site goes on without it."


def _shared_cache_answers() -> bool:
    """True also where there is none."""
    # By its method, not by its class: Redis's client takes six megabytes, and is imported only by a site that uses it.
    answers = getattr(caches["default"], "answers", None)
    return answers is None or answers()
