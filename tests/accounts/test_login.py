import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from gutskin.audit.hash_chain import broken_links
from tests.accounts.staff import (
    ADMIN,
    LOGIN,
    PASSWORD,
    SECOND_STEP,
    a_member_of_staff,
    logged_in,
    recovery_codes_of,
    the_code,
    type_password,
)
from tests.audit_log import told

pytestmark = pytest.mark.django_db
PASSKEY = "/accounts/login/passkey/"


def test_password_and_code_log_in(client):
    a_member_of_staff(app=True)

    assert type_password(client).url == SECOND_STEP
    assert client.get(ADMIN).url.startswith(LOGIN)
    assert client.post(SECOND_STEP, {"code": the_code()}).url == ADMIN

    assert client.get(ADMIN).status_code == 200
    assert told() == [("carla", "logged_in", "")]
    assert list(broken_links()) == []


def test_a_session_that_was_planted_holds_no_password_afterwards(client):
    a_member_of_staff(app=True)
    client.get(PASSKEY)
    planted = client.session.session_key

    assert planted
    assert type_password(client).url == SECOND_STEP
    assert client.session.session_key != planted

    thief = Client()
    thief.cookies["session"] = planted
    assert thief.post(SECOND_STEP, {"code": the_code()}).url != ADMIN
    assert thief.get(ADMIN).status_code == 302


def test_password_and_a_recovery_code_log_in_once():
    user = a_member_of_staff(app=True)
    code = recovery_codes_of(user)[0]
    for expected in (302, 200):
        browser = Client()
        type_password(browser)
        assert browser.post(SECOND_STEP, {"code": code}).status_code == expected


def test_a_code_of_the_app_is_accepted_once():
    a_member_of_staff(app=True)
    code = the_code()
    for expected in (302, 200):
        browser = Client()
        type_password(browser)
        response = browser.post(SECOND_STEP, {"code": code})
        assert response.status_code == expected
        # As in another process: what allauth stores in its cache is not there.
        cache.clear()
    assert "This code is not right." in response.content.decode()


def test_the_secrets_of_factors_are_encrypted():
    user = a_member_of_staff(app=True)
    recovery_codes_of(user)

    for factor in Authenticator.objects.all():
        ciphertext = factor.data.get("secret") or factor.data["seed"]
        assert ciphertext.startswith("1:test1:")


def test_a_login_gets_a_session_with_a_new_key(client):
    a_member_of_staff(app=True)
    type_password(client)
    before = client.session.session_key
    client.post(SECOND_STEP, {"code": the_code()})

    assert client.session.session_key != before
    assert Client(headers={"cookie": f"session={before}"}).get(ADMIN).status_code == 302


@pytest.mark.parametrize(
    "onward",
    ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "ftp://testserver/admin/"],
)
@pytest.mark.parametrize("address", [LOGIN, "/admin/login/"])
def test_a_login_redirects_to_no_other_host(client, onward, address):
    a_member_of_staff(app=True)
    page = client.get(address, {"next": onward}, follow=True).content.decode()
    hidden = dict(re.findall(r'name="(next)" value="([^"]*)"', page))
    type_password(client, next=hidden.get("next", onward))

    assert client.post(SECOND_STEP, {"code": the_code()}).url == ADMIN


def test_a_login_leads_back_to_the_requested_page(client):
    a_member_of_staff(app=True, is_superuser=True)
    wanted = "/admin/auth/user/?q=carla"
    login = client.get(wanted)
    assert login.url == f"{LOGIN}?next=/admin/auth/user/%3Fq%3Dcarla"
    assert 'name="next" value="/admin/auth/user/?q=carla"' in client.get(login.url).content.decode()
    type_password(client, next=wanted)

    assert client.post(SECOND_STEP, {"code": the_code()}).url == wanted


@pytest.mark.parametrize("username", ["carla", "nobody-of-that-name"])
def test_a_wrong_password_gets_the_same_answer_for_every_name(client, username):
    a_member_of_staff()
    response = type_password(client, username, "wrong")
    page = response.content.decode()

    assert response.status_code == 200
    assert "The username and/or password you specified are not correct." in page
    assert f'value="{username}"' in page
    assert "wrong" not in re.sub(r"<[^>]*>", "", page)
    actor = username if User.objects.filter(username=username).exists() else "unknown"
    assert told() == [(actor, "login_failed", "wrong password")]


def test_a_user_who_is_not_staff_cannot_log_in(client):
    a_member_of_staff("pat", is_staff=False)
    response = type_password(client, "pat")

    assert response.status_code == 403
    assert "This page is not open to you" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_deactivated_account_cannot_log_in(client):
    a_member_of_staff(is_active=False)

    assert client.get(type_password(client).url).url == LOGIN
    assert client.get(ADMIN).status_code == 302


def test_logging_out_is_a_post_and_ends_the_session():
    a_member_of_staff(app=True)
    browser = logged_in()
    assert browser.get("/accounts/logout/").status_code == 200
    assert browser.get(ADMIN).status_code == 200

    assert browser.post("/accounts/logout/").url == LOGIN
    assert browser.get(ADMIN).status_code == 302
    assert told()[-1] == ("carla", "logged_out", "")


def test_authentication_sends_no_mail():
    user = a_member_of_staff(app=True, email="carla@gutskin.example")
    browser = logged_in()
    browser.post("/accounts/password/", {"oldpassword": PASSWORD, "password1": "x" * 5, "password2": "x" * 5})
    user.refresh_from_db()

    assert mail.outbox == []


@pytest.mark.parametrize(
    "address",
    [
        "signup/",
        "password/reset/",
        "email/",
        "confirm-email/",
        "social/",
        "3rdparty/",
        "2fa/",
        "login/code/",
        "password/set/",
        "",
    ],
)
def test_other_pages_of_allauth_do_not_exist(client, address):
    client.force_login(a_member_of_staff())

    assert client.get(f"/accounts/{address}").status_code == 404


@pytest.mark.parametrize("name", ["account_signup", "account_reset_password", "account_email", "mfa_trust"])
def test_other_addresses_of_allauth_have_no_name(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_the_admin_has_no_login_page_of_its_own(client):
    a_member_of_staff()
    assert client.get("/admin/login/?next=/admin/auth/user/").url == f"{LOGIN}?next=/admin/auth/user/"
    answer = client.post("/admin/login/", {"username": "carla", "password": PASSWORD})

    assert answer.url == f"{LOGIN}?next=/admin/"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("address", "onward"),
    [("/admin/logout/", "/accounts/logout/"), ("/admin/password_change/", "/accounts/password/")],
)
def test_admins_own_account_pages_lead_to_ours(client, address, onward):
    client.force_login(a_member_of_staff())

    assert client.post(address).url == onward
