"""Logged in without the login form: what a session holds when a password and a second factor were used."""

import time

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.test import Client

from gutskin.accounts import session_timeout
from gutskin.accounts.session_store import stored_key


def with_both_factors(session, user, *, minutes_ago=0):
    """Writes into a session what allauth writes at a login with password and code. The caller saves it."""
    at = time.time() - minutes_ago * 60
    session["account_authentication_methods"] = [
        {"method": "password", "at": at, "username": user.get_username()},
        {"method": "mfa", "at": at, "id": 0, "type": "totp"},
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session_timeout.begin(session)


def older_login(client, user, minutes=6):
    """As if the factors of a logged-in test client had been shown some minutes ago: re-authentication is due."""
    session = client.session
    with_both_factors(session, user, minutes_ago=minutes)
    session.save()


def cookie_of(user, url):
    """A cookie for playwright's `context.add_cookies([…])`: the browser is then logged in as this user at `url`."""
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])  # axes' own knows no users
    session = client.session
    with_both_factors(session, user)
    session.save()
    UserSession.objects.create(
        user=user, session_key=stored_key(session.session_key), ip="192.0.2.1", user_agent="Another browser, on a phone"
    )
    return {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": url}
