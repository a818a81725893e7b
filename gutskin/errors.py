"""What the visitor sees when something went wrong: short, kind, and what to do next."""

import logging
import sys

from django.db import DatabaseError, InterfaceError
from django.shortcuts import render

from gutskin.form_recovery import recovery_for

logger = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 30


# Django's own pages look for a token in the form that was sent, and fail where it cannot be read. Ours have no form.
def bad_request(request, exception):
    return render(request, "400.html", status=400)


def permission_denied(request, exception):
    return render(request, "403.html", status=403)


def page_not_found(request, exception):
    return render(request, "404.html", status=404)


def server_error(request):
    """Everything unexpected, from views and middleware alike. A database that does not answer is a 503, not a 500."""
    error = sys.exc_info()[1]
    if isinstance(error, (DatabaseError, InterfaceError)):
        return service_unavailable(request)
    return render(request, "500.html", status=500)


def service_unavailable(request):
    # ascii: a line break in the address would write a line of its own into the log.
    logger.error("The database did not answer for %s", ascii(request.path_info))
    answer = recovery_for(request).unavailable
    response = answer(request) if answer else render(request, "503.html")
    response.status_code = 503
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def csrf_failure(request, reason=""):
    """The page stood open too long or cookies are off."""
    answer = recovery_for(request).csrf_failed
    return answer(request) if answer else render(request, "403_csrf.html", status=403)
