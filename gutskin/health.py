"""Health checks, for load balancers and monitors."""

from django.core import checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from gutskin.http_methods import require_safe
from gutskin.mail.models import Notification

# The tag of system checks that compare FIELD_ENCRYPTION_KEYS with what is stored.
KEYS = "keys"


@never_cache
@require_safe
def healthz(request):
    """Liveness: the process answers. It does not query the database."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def readyz(request):
    """Readiness: 200 when the database answers, is migrated, and can be decrypted with our keys; otherwise 503.

    Mail that is stuck is reported but does not count: a mail server that is down must not take every page of the site
    out of a load balancer (docs/decisions/0008).
    """
    try:
        executor = MigrationExecutor(connection)
        migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        mail_leaves = not (migrated and Notification.objects.stuck().exists())
        keys = migrated and not checks.run_checks(tags=[KEYS], databases=["default"])
        found = {"database": True, "migrations": migrated, "keys": keys, "outbox": mail_leaves}
        return JsonResponse(found, status=200 if migrated and keys else 503)
    except DatabaseError:
        return JsonResponse({"database": False}, status=503)
