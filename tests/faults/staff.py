"""A member of staff who logs in as people do: with a password, then with a code of an app."""

import base64
import hmac
import time

from tests.faults.patient import Patient
from tests.faults.stored import inside

PASSWORD, SECRET = "a long enough password", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
LOGIN, SECOND_STEP = "/accounts/login/", "/accounts/login/second-step/"
MAKE = """
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group, User
for name in given["names"]:
    user = User.objects.create_user(name, password=given["password"], is_staff=True, **given["fields"])
    user.groups.add(*Group.objects.filter(name__in=given["groups"]))
    TOTP.activate(user, given["secret"])
result = None
"""


def an_account(site, name, *groups, **fields):
    some_accounts(site, [name], *groups, **fields)


def some_accounts(site, names, *groups, **fields):
    inside(site, MAKE, names=names, password=PASSWORD, secret=SECRET, groups=groups, fields=fields)


def code_of_app(secret=SECRET) -> str:
    """RFC 6238: six digits, for half a minute."""
    moment = (int(time.time()) // 30).to_bytes(8, "big")
    digest = hmac.digest(base64.b32decode(secret), moment, "sha1")
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 10**6:06}"


def log_in(site, name, *, browser=None, next_page="") -> Patient:
    """A browser in which this user is logged in. `last` is the answer to the second step."""
    browser = browser or Patient(site)
    more = {"next": next_page} if next_page else {}
    first = browser.post(LOGIN, {"login": name, "password": PASSWORD} | more)
    assert first.status == 302, f"The password was answered with {first.status}."
    browser.between = dict(browser.cookies)
    browser.last = browser.post(SECOND_STEP, {"code": code_of_app()})
    assert browser.last.status == 302, f"The code was answered with {browser.last.status}."
    return browser
