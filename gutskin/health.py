"""For load balancers and monitors."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consultations.checks import key_trouble
from consultations.models import Notification


@never_cache
@require_safe
def healthz(request):
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def readyz(request):
    """The database answers, is migrated, and opens with our keys: 200, else 503. Mail that does not leave is told, and
    shuts nobody out: a mail server that is down must not take every page of the site out of a load balancer.
    """
    try:
        executor = MigrationExecutor(connection)
        migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        mail_leaves = not (migrated and Notification.objects.stuck().exists())
        keys = migrated and not key_trouble()
        checks = {"database": True, "migrations": migrated, "keys": keys, "outbox": mail_leaves}
        return JsonResponse(checks, status=200 if migrated and keys else 503)
    except DatabaseError:
        return JsonResponse({"database": False}, status=503)
