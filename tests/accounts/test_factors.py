import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from gutskin.accounts import actions, mfa_adapter
from gutskin.accounts.allauth_internals import format_hotp_value, hotp_value
from gutskin.accounts.models import FactorReset
from tests.accounts.staff import (
    ADMIN,
    LOGIN,
    SECRET,
    a_member_of_staff,
    logged_in,
    recovery_codes_of,
    type_password,
)
from tests.audit_log import told
from tests.staff_session import older_login

pytestmark = pytest.mark.django_db
FACTORS = "/accounts/factors/"


def code_of(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def set_up_an_app(client):
    page = client.get(f"{FACTORS}app/").content.decode()
    secret = re.search(r'auth__key">([A-Z2-7]{32})<', page)[1]
    return secret, client.post(f"{FACTORS}app/", {"code": code_of(secret)})


def test_the_first_login_leads_to_setting_up_an_app_and_then_to_admin(client):
    a_member_of_staff()
    type_password(client)
    secret, response = set_up_an_app(client)

    codes = client.get(response.url).content.decode()
    assert len(re.findall(r"<li><code>\d{8}</code></li>", codes)) == 10
    assert client.get(ADMIN).status_code == 200
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))
    assert ("carla", "factor_added", "totp") in told()


def test_the_code_that_set_up_an_app_does_not_log_in(client):
    """Someone may have seen it typed, and know the password too."""
    a_member_of_staff()
    type_password(client)
    secret, _response = set_up_an_app(client)
    thief = Client()
    type_password(thief)

    answer = thief.post("/accounts/login/second-step/", {"code": code_of(secret)})
    assert answer.status_code == 200
    assert "This code is not right." in answer.content.decode()
    later = format_hotp_value(hotp_value(secret, int(time.time()) // 30 + 1))
    assert thief.post("/accounts/login/second-step/", {"code": later}).status_code == 302


def test_the_key_of_an_app_is_encrypted_in_the_session(client):
    a_member_of_staff()
    type_password(client)
    page = client.get(f"{FACTORS}app/").content.decode()
    secret = re.search(r'auth__key">([A-Z2-7]{32})<', page)[1]

    assert secret not in str(dict(client.session.items()))


def test_a_wrong_code_sets_nothing_up_and_keeps_the_key(client):
    a_member_of_staff()
    type_password(client)
    first = client.get(f"{FACTORS}app/").content.decode()
    again = client.post(f"{FACTORS}app/", {"code": "000000"}).content.decode()

    def key(page):
        return re.search(r'auth__key">([A-Z2-7]{32})<', page)[1]

    assert key(first) == key(again)
    assert "This code is not right." in again
    assert not Authenticator.objects.exists()


def test_recovery_codes_are_shown_once(client):
    a_member_of_staff()
    type_password(client)
    _, response = set_up_an_app(client)
    first, second = (client.get(response.url).content.decode() for _ in range(2))

    assert re.search(r"<code>\d{8}</code>", first)
    assert not re.search(r"\d{8}</code>", second)
    assert "are not shown again" in second


def test_new_recovery_codes_replace_the_old_ones():
    user = a_member_of_staff(app=True)
    old = recovery_codes_of(user)[0]
    browser = logged_in()
    browser.post(f"{FACTORS}recovery-codes/new/")
    other = Client()
    type_password(other)

    assert other.post("/accounts/login/second-step/", {"code": old}).status_code == 200


def test_the_last_factor_cannot_be_removed():
    a_member_of_staff(app=True)
    browser = logged_in()
    page = browser.post(f"{FACTORS}app/remove/").content.decode()

    assert "This is your only second factor" in page
    assert Authenticator.objects.filter(type="totp").exists()


def test_the_last_passkey_cannot_be_removed_either(client):
    user = a_member_of_staff()
    passkey = Authenticator.objects.create(user=user, type="webauthn", data={"name": "Laptop", "credential": {}})
    client.force_login(user)
    response = client.post(f"{FACTORS}passkey/{passkey.pk}/remove/")

    assert response.url == FACTORS
    assert Authenticator.objects.filter(pk=passkey.pk).exists()


def test_one_of_two_factors_can_be_removed_and_other_sessions_end():
    user = a_member_of_staff(app=True)
    Authenticator.objects.create(user=user, type="webauthn", data={"name": "Laptop", "credential": {}})
    here = logged_in()
    there = logged_in()
    here.post(f"{FACTORS}app/remove/")

    assert not Authenticator.objects.filter(type="totp").exists()
    assert here.get(ADMIN).status_code == 200
    assert there.get(ADMIN).url.startswith(LOGIN)
    assert told()[-1] == ("carla", "factor_removed", "totp")


def test_a_colleagues_passkey_is_out_of_reach(client):
    other = a_member_of_staff("david")
    passkey = Authenticator.objects.create(user=other, type="webauthn", data={"name": "His", "credential": {}})
    client.force_login(a_member_of_staff())
    for step in ("name", "remove"):
        assert client.post(f"{FACTORS}passkey/{passkey.pk}/{step}/", {"name": "Mine"}).status_code == 404


@pytest.mark.parametrize("page", ["app/remove/", "passkey/", "recovery-codes/new/"])
def test_changing_factors_needs_reauthentication(client, page):
    user = a_member_of_staff(app=True)
    client.force_login(user)
    older_login(client, user)

    assert client.get(FACTORS + page).url == f"/accounts/again/?next=%2Faccounts%2Ffactors%2F{page.replace('/', '%2F')}"


def test_secrets_can_be_encrypted_with_a_new_key(settings):
    a_member_of_staff(app=True)
    settings.FIELD_ENCRYPTION_KEYS = {"newer": b"n" * 32} | settings.FIELD_ENCRYPTION_KEYS
    [factor] = mfa_adapter.secrets_with_older_keys("newer")
    mfa_adapter.reencrypt_secrets(factor)

    assert mfa_adapter.secrets_with_older_keys("newer") == []
    settings.FIELD_ENCRYPTION_KEYS = {"newer": b"n" * 32}
    assert mfa_adapter.decrypt_secret(Authenticator.objects.get().data["secret"]) == SECRET


# A lost factor is reset by two people


def an_account_keeper(username, hours=25):
    """Whose account and factor are this old."""
    then = timezone.now() - timedelta(hours=hours)
    user = a_member_of_staff(username, app=True, date_joined=then)
    Authenticator.objects.filter(user=user).update(created_at=then)
    user.user_permissions.set(Permission.objects.filter(codename__in=["change_user", "view_user"]))
    return User.objects.get(pk=user.pk)


def keeper_logged_in(username):
    client = Client()
    client.force_login(an_account_keeper(username))
    return client


def ask(client, user):
    return client.post("/admin/accounts/factorreset/add/", {"user": user.pk, "reason": "Lost the phone, rang me up."})


def approve(client, reset):
    return client.post(f"/admin/accounts/factorreset/{reset.pk}/approve/", follow=True).content.decode()


def test_one_requests_a_reset_another_approves_and_the_factor_is_deleted():
    carla = a_member_of_staff(app=True)
    lost = logged_in()
    first, second = keeper_logged_in("fiona"), keeper_logged_in("sam")
    ask(first, carla)
    reset = FactorReset.objects.get()
    assert "Approve the reset" in second.get(f"/admin/accounts/factorreset/{reset.pk}/change/").content.decode()

    assert "is reset" in approve(second, reset)
    assert not Authenticator.objects.filter(user=carla).exists()
    assert lost.get(ADMIN).url.startswith(LOGIN)
    browser = Client()
    type_password(browser)
    assert browser.get(ADMIN).url.startswith(FACTORS)
    assert told()[-2:] == [("sam", "factor_reset", "account carla"), ("carla", "logged_in", "")]
    assert ("fiona", "factor_reset_asked_for", "account carla") in told()


def test_one_person_cannot_both_request_and_approve_a_reset():
    carla = a_member_of_staff(app=True)
    first = keeper_logged_in("fiona")
    ask(first, carla)
    reset = FactorReset.objects.get()

    assert "A second person has to approve it." in approve(first, reset)
    assert "Approve the reset" not in first.get(f"/admin/accounts/factorreset/{reset.pk}/change/").content.decode()
    assert Authenticator.objects.filter(user=carla).exists()


def test_no_one_takes_part_in_their_own_reset():
    fiona, sam = an_account_keeper("fiona"), an_account_keeper("sam")
    with pytest.raises(actions.ResetRefused):
        actions.request_reset(fiona, reason="Lost.", by=fiona)
    reset = actions.request_reset(fiona, reason="Lost.", by=sam)
    with pytest.raises(actions.ResetRefused):
        actions.approve_reset(reset, by=fiona)


@pytest.mark.parametrize("new", ["account", "factor"])
def test_a_new_account_or_factor_takes_part_in_no_reset(new):
    """Otherwise a superuser could be both people, through an account that they have just made."""
    carla, sam, puppet = a_member_of_staff(app=True), an_account_keeper("sam"), an_account_keeper("puppet")
    just_now = timezone.now() - timedelta(hours=23)
    if new == "account":
        User.objects.filter(pk=puppet.pk).update(date_joined=just_now)
    else:
        Authenticator.objects.filter(user=puppet).update(created_at=just_now)
        recovery_codes_of(puppet)
        Authenticator.objects.filter(user=puppet, type="recovery_codes").update(created_at="2025-08-06T09:00Z")
    puppet.refresh_from_db()

    with pytest.raises(actions.ResetRefused, match="newer than 24 hours"):
        actions.request_reset(carla, reason="Lost.", by=puppet)
    reset = actions.request_reset(carla, reason="Lost.", by=sam)
    with pytest.raises(actions.ResetRefused, match="newer than 24 hours"):
        actions.approve_reset(reset, by=puppet)
    assert Authenticator.objects.filter(user=carla).exists()


def test_a_reset_expires_after_a_day():
    carla = a_member_of_staff(app=True)
    reset = actions.request_reset(carla, reason="Lost.", by=an_account_keeper("fiona"))
    FactorReset.objects.update(asked_at=timezone.now() - timedelta(hours=25))
    with pytest.raises(actions.ResetRefused):
        actions.approve_reset(reset, by=an_account_keeper("sam"))
    assert Authenticator.objects.filter(user=carla).exists()


def test_a_reset_is_approved_once():
    carla = a_member_of_staff(app=True)
    reset = actions.request_reset(carla, reason="Lost.", by=an_account_keeper("fiona"))
    actions.approve_reset(reset, by=an_account_keeper("sam"))
    with pytest.raises(actions.ResetRefused):
        actions.approve_reset(reset, by=an_account_keeper("tess"))


def test_who_may_not_change_accounts_cannot_reset_a_factor(client):
    carla = a_member_of_staff(app=True)
    reset = actions.request_reset(carla, reason="Lost.", by=an_account_keeper("fiona"))
    client.force_login(a_member_of_staff("david"))

    for address in ("", "add/", f"{reset.pk}/change/"):
        assert client.get(f"/admin/accounts/factorreset/{address}").status_code == 403
    assert client.post(f"/admin/accounts/factorreset/{reset.pk}/approve/").status_code == 403
    assert Authenticator.objects.filter(user=carla).exists()


def test_the_operator_can_reset_a_factor_by_a_command(capsys):
    carla = a_member_of_staff(app=True)
    call_command("reset_second_factor", "carla")

    assert not Authenticator.objects.filter(user=carla).exists()
    assert told() == [("system", "factor_reset", "account carla")]
    assert "carla" in capsys.readouterr().out
