"""The database has digests of the keys of sessions, and no key."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from gutskin.accounts.session_store import SessionStore, stored_key
from tests.accounts.staff import (
    ADMIN,
    LOGIN,
    PASSWORD,
    SECOND_STEP,
    a_member_of_staff,
    logged_in,
    the_code,
    type_password,
)

pytestmark = pytest.mark.django_db


def cookie_in(browser):
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def test_no_key_of_a_session_is_in_the_database_and_what_is_there_opens_nothing():
    a_member_of_staff(app=True)
    here, there = logged_in(), logged_in()
    new = "another quite long one"
    here.post("/accounts/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    there = logged_in_with(new)
    for browser in (here, there):
        assert browser.get(ADMIN).status_code == 200

    stored = set(Session.objects.values_list("session_key", flat=True))
    assert set(UserSession.objects.values_list("session_key", flat=True)) == stored
    assert len(stored) == 2
    assert not {cookie_in(here), cookie_in(there)} & stored
    for key in stored:
        thief = Client()
        thief.cookies[settings.SESSION_COOKIE_NAME] = key
        assert thief.get(ADMIN).url.startswith(LOGIN)


def logged_in_with(password):
    browser = Client()
    type_password(browser, password=password)
    browser.post(SECOND_STEP, {"code": the_code()})
    return browser


def test_a_session_of_an_older_version_opens_nothing():
    """Its key is in the database as it is, and may have been read there."""
    a_member_of_staff(app=True)
    browser = logged_in()
    Session.objects.update(session_key=cookie_in(browser))

    assert browser.get(ADMIN).url.startswith(LOGIN)


def test_asynchronous_code_stores_no_key_either():
    async def use():
        session = SessionStore()
        session["a"] = 1
        await session.acreate()
        await session.asave()
        key = session.session_key
        again = SessionStore(key)
        found = (await again.aget("a"), await again.aexists(key), await again.aexists(stored_key(key)))
        await again.adelete()
        return key, found, await again.aexists(key)

    key, found, remains = async_to_sync(use)()
    assert (found, remains) == ((1, True, False), False)
    assert not Session.objects.filter(session_key=key).exists()


def test_a_session_past_its_expiry_date_opens_nothing():
    a_member_of_staff(app=True)
    browser = logged_in()
    assert browser.get(ADMIN).status_code == 200
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    assert browser.get(ADMIN).url.startswith(LOGIN)
