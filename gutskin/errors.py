"""Error pages: what went wrong, in a few words, and what to do next.

They are made without context processors and extend error_base.html, not base.html. So the page is shown even when what
failed is base.html, a session, the database, or the manifest of static files (a missing `collectstatic`).
"""

import logging
import sys

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static

from gutskin import limits
from gutskin.form_recovery import recovery_for

logger = logging.getLogger(__name__)


STYLE_SHEETS = ("css/palette.css", "css/site.css")


def error_page(name: str, status: int) -> HttpResponse:
    """The page of the template `name`, such as 503.html. It does not query the database."""
    return HttpResponse(render_to_string(name, {"style_sheets": _style_sheets()}), status=status)


def _style_sheets():
    """Their addresses; none if the manifest does not have them, since the page can be read without."""
    try:
        return [static(name) for name in STYLE_SHEETS]
    except (ValueError, OSError):
        return []


# Django's own pages look for a token in the form that was sent, and fail if it cannot be read. Ours have no form.
def bad_request(request, exception):
    return error_page("413.html", 413) if isinstance(exception, RequestDataTooBig) else error_page("400.html", 400)


def permission_denied(request, exception):
    return error_page("403.html", 403)


def page_not_found(request, exception):
    return error_page("404.html", 404)


def server_error(request):
    """Everything unexpected, from views and middleware alike. A database that does not answer is a 503, not a 500."""
    error = sys.exc_info()[1]
    if isinstance(error, (DatabaseError, InterfaceError)):
        return service_unavailable(request)
    return error_page("500.html", 500)


def service_unavailable(request):
    # ascii: a line break in the address would write a line of its own into the log.
    logger.error("The database did not answer for %s", ascii(request.path_info))
    answer = recovery_for(request).unavailable
    response = answer(request) if answer else error_page("503.html", 503)
    response.status_code = 503
    response.headers["Retry-After"] = str(limits.RETRY_AFTER_SECONDS)
    return response


def csrf_failure(request, reason=""):
    """The page was open for too long, or cookies are off."""
    answer = recovery_for(request).csrf_failed
    return answer(request) if answer else error_page("403_csrf.html", 403)
