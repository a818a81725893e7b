"""The cookie of a visit to the status page. It contains the secret of a StatusPass and nothing else."""

from django.conf import settings

from consultations.actions import end_visit, get_visit
from consultations.models import StatusPass


def _name():
    # __Host-: no sub-domain can set or read it. Browsers accept that prefix only over https and for the path "/".
    return "__Host-visit" if settings.SESSION_COOKIE_SECURE else "visit"


def set_visit_cookie(response, token: str) -> None:
    """Stores the secret in the browser until it is closed; the server ends the visit after 30 minutes anyway.

    SameSite=Strict, so that no other website can act within the visit. A link in a mail would arrive without the
    cookie, so it leads to a page of ours with a button.
    """
    response.set_cookie(
        _name(), token, path="/", secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Strict"
    )


def has_visit_cookie(request) -> bool:
    """Was there a visit in this browser, even one that is over?"""
    return bool(request.COOKIES.get(_name()))


def visit_in(request) -> StatusPass | None:
    """The current visit, with its request (`.inquiry`) and its end (`.ends_at`); None when it is over."""
    return get_visit(request.COOKIES.get(_name(), ""))


def story_visit_in(request) -> StatusPass | None:
    """The current visit if it may read the story, which one by a link alone may not."""
    visit = visit_in(request)
    return visit if visit and visit.shows_story else None


def delete_visit_cookie(response) -> None:
    """Removes the secret from the browser."""
    response.delete_cookie(_name(), path="/", samesite="Strict")


def end_visit_in(request) -> None:
    """Ends the visit on the server, so that the secret in this browser opens nothing any more."""
    if token := request.COOKIES.get(_name()):
        end_visit(token)


def leave_visit(request, response) -> None:
    """Ends the visit on both sides."""
    end_visit_in(request)
    delete_visit_cookie(response)
