"""A member of staff with a password and, if wanted, an app that shows codes."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

PASSWORD = "a long enough password"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # base32, as an app keeps it
LOGIN = "/accounts/login/"
SECOND_STEP = "/accounts/login/second-step/"
ADMIN = "/admin/"


def a_member_of_staff(username="carla", *, app=False, **fields):
    user = User.objects.create_user(username, password=PASSWORD, **{"is_staff": True} | fields)
    if app:
        TOTP.activate(user, SECRET)
    return user


def the_code(steps_later=0):
    """What the app shows now."""
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + steps_later))


def recovery_codes_of(user):
    return RecoveryCodes.activate(user).generate_codes()


def type_password(client, username="carla", password=PASSWORD, **more):
    return client.post(LOGIN, {"login": username, "password": password} | more)


def logged_in(username="carla", **extra):
    """A browser in which a user with an app has logged in through the forms."""
    client = Client(**extra)
    type_password(client, username)
    response = client.post(SECOND_STEP, {"code": the_code()})
    assert response.status_code == 302, response.content.decode()
    may_use_the_code_again()
    return client


def may_use_the_code_again():
    """A code is accepted once, and tests do not wait half a minute for the next."""
    cache.clear()
    for factor in Authenticator.objects.filter(type="totp"):
        factor.data.pop("last_step", None)
        factor.save()
