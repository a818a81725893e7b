"""The privacy lead is told, in the same transaction, of whatever gives an account a way to patients' stories."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core import mail
from django.core.management import call_command

from gutskin.accounts import actions
from gutskin.audit.models import AuditEvent
from gutskin.mail.models import Notification
from gutskin.mail.outbox import deliver
from tests.accounts.account_pages import form_of, page_of
from tests.accounts.staff import a_member_of_staff
from tests.admin_forms import save_form

pytestmark = pytest.mark.django_db
GROUPS = "/admin/auth/group/"
LEAD = "petra@clinic.example"
NEW_PASSWORD = {"password1": "another quite long one", "password2": "another quite long one"}


@pytest.fixture(autouse=True)
def privacy(settings):
    settings.PRIVACY_EMAIL = "privacy@clinic.example"
    return settings


@pytest.fixture
def root(client):
    user = User.objects.create_superuser("root")
    client.force_login(user)
    return user


@pytest.fixture
def lead():
    user = a_member_of_staff("petra", email=LEAD)
    user.groups.add(Group.objects.get(name="Privacy lead"))
    return user


def group(name):
    return Group.objects.get(name=name)


def numbers(*codenames):
    return [Permission.objects.get(codename=name).pk for name in codenames]


def notices():
    """(to whom, what happened) of each mail."""
    mails = Notification.objects.filter(kind="story_rights").order_by("pk").prefetch_related("about")
    return sorted((one.recipient, f"{one.about.action} {one.about.detail}") for one in mails)


def test_a_puppet_that_becomes_a_clinician_is_told_of(client, root):
    client.post("/admin/auth/user/add/", {"username": "puppet", "email": "puppet@elsewhere.example"})
    puppet = User.objects.get(username="puppet")
    assert notices() == []

    save_form(client, page_of(puppet), form_of(puppet, groups=[group("Clinician").pk]))

    gained = ", ".join(f"consultations.{name}_inquiry" for name in ("answer", "change", "view"))
    assert notices() == [("privacy@clinic.example", f"story_rights_gained account puppet: {gained}")]
    deliver(Notification.objects.get(kind="story_rights"))
    told = mail.outbox[0]
    assert "root" in told.body
    assert "account puppet" in told.body
    assert str(AuditEvent.objects.first().sequence) in told.body


@pytest.mark.parametrize(
    ("before", "change", "told"),
    [
        ({}, {"is_superuser": "on"}, "superuser"),
        ({"is_active": False}, {"is_superuser": "on"}, "superuser"),
        ({"is_superuser": True, "is_active": False}, {"is_superuser": "on"}, "superuser"),
        ({"is_superuser": True, "is_staff": False}, {"is_superuser": "on"}, "superuser"),
        ({}, {"user_permissions": ["view_every_inquiry"]}, "consultations.view_every_inquiry"),
        ({}, {"user_permissions": ["change_user"]}, "auth.change_user"),
        # A colleague can assign a request to a superuser who is a clinician too.
        ({"is_superuser": True}, {"is_superuser": "on", "user_permissions": ["answer_inquiry"]}, "answer_inquiry"),
    ],
)
def test_each_way_in_which_an_account_gains_access_is_told_of(client, root, before, change, told):
    david = a_member_of_staff("david", **before)
    if names := change.get("user_permissions"):
        change = change | {"user_permissions": numbers(*names)}
    assert save_form(client, page_of(david), form_of(david, **change)).status_code == 302

    [(_address, what)] = notices()
    assert what.startswith("story_rights_gained account david: ")
    assert what.endswith(told)


def test_what_gives_no_access_is_not_told_of(client, root):
    david = a_member_of_staff("david", is_superuser=True)
    david.groups.add(group("Clinician"))
    save_form(client, page_of(david), form_of(david, first_name="Dave", groups=[group("Author").pk]))
    client.post(f"{GROUPS}add/", {"name": "Reader", "permissions": numbers("view_article")})

    assert notices() == []


def test_a_role_that_gains_a_permission_is_told_of(client, root):
    author = group("Author")
    permissions = [*author.permissions.values_list("pk", flat=True), *numbers("answer_inquiry", "view_team")]
    save_form(client, f"{GROUPS}{author.pk}/change/", {"name": "Author", "permissions": permissions})
    client.post(f"{GROUPS}add/", {"name": "Locum", "permissions": numbers("view_every_inquiry")})

    assert [what for _address, what in notices()] == [
        "story_rights_gained group Author: +consultations.answer_inquiry",
        "story_rights_gained group Locum: +consultations.view_every_inquiry",
    ]


def test_the_password_of_a_colleague_is_told_of_and_not_ones_own(client, root):
    david = a_member_of_staff("david")
    client.post(f"/admin/auth/user/{david.pk}/password/", {"usable_password": "true"} | NEW_PASSWORD)
    client.post("/accounts/password/", {"oldpassword": "x"} | NEW_PASSWORD)

    david.refresh_from_db()
    assert david.check_password(NEW_PASSWORD["password1"])
    assert [what for _address, what in notices()] == ["story_rights_gained account david: new password"]


def test_the_reset_of_a_factor_is_told_of_whoever_does_it():
    a_member_of_staff("carla", app=True)
    call_command("reset_second_factor", "carla")

    assert notices() == [("privacy@clinic.example", "factor_reset account carla")]


def lead_form(lead, **changes):
    return form_of(lead, **{"email": LEAD, "groups": [lead.groups.get().pk]} | changes)


@pytest.mark.parametrize(
    "change",
    [
        lambda client, lead: save_form(client, page_of(lead), lead_form(lead, email="root@x.example")),
        lambda client, lead: save_form(client, page_of(lead), lead_form(lead, groups=[])),
        lambda client, lead: save_form(client, page_of(lead), lead_form(lead, is_active="")),
        lambda client, lead: client.post(f"/admin/auth/user/{lead.pk}/delete/", {"post": "yes"}),
        lambda client, lead: client.post(
            "/admin/auth/user/", {"action": "delete_selected", "_selected_action": [lead.pk], "post": "yes"}
        ),
        lambda client, lead: save_form(client, f"{GROUPS}{lead.groups.get().pk}/change/", {"permissions": []}),
        lambda client, lead: client.post(f"{GROUPS}{lead.groups.get().pk}/delete/", {"post": "yes"}),
        lambda client, lead: client.post(
            GROUPS, {"action": "delete_selected", "_selected_action": [lead.groups.get().pk], "post": "yes"}
        ),
    ],
    ids=[
        "another address",
        "another role",
        "deactivated",
        "deleted",
        "deleted in the list",
        "role without permissions",
        "role deleted",
        "role deleted in the list",
    ],
)
@pytest.mark.parametrize("privacy_email", ["", "privacy@clinic.example"])
def test_a_privacy_lead_who_is_no_longer_reached_is_told_at_the_old_address(
    client, root, lead, settings, change, privacy_email
):
    settings.PRIVACY_EMAIL = privacy_email
    assert change(client, lead).status_code == 302

    addresses = [address for address, what in notices() if what.startswith("privacy_lead_changed")]
    assert LEAD in addresses
    if privacy_email:
        assert privacy_email in addresses


def test_the_first_privacy_lead_is_told_to_whoever_was_told_until_then(client, root, settings):
    """Otherwise a superuser would name a puppet, and from then on be told alone of what they do themselves."""
    settings.PRIVACY_EMAIL = ""
    puppet = a_member_of_staff("puppet")
    form = form_of(puppet, email="root@x.example", groups=[group("Privacy lead").pk, group("Clinician").pk])
    save_form(client, page_of(puppet), form)

    told = {what.partition(" ")[0]: set() for _address, what in notices()}
    for address, what in notices():
        told[what.partition(" ")[0]].add(address)
    both = {settings.INTAKE_EMAIL, "root@x.example"}
    assert told == {"story_rights_gained": both, "privacy_lead_changed": both}


@pytest.mark.parametrize("privacy_email", ["", "privacy@clinic.example"])
@pytest.mark.parametrize("address", ["root@x.example", ""])
def test_the_privacy_lead_is_told_of_a_second_one(client, root, lead, settings, privacy_email, address):
    settings.PRIVACY_EMAIL = privacy_email
    puppet = a_member_of_staff("puppet")
    save_form(client, page_of(puppet), form_of(puppet, email=address, groups=[group("Privacy lead").pk]))

    told = {to for to, what in notices() if what == "privacy_lead_changed account puppet"}
    assert told == {LEAD, address, privacy_email} - {""}


def test_a_privacy_lead_who_gets_an_address_is_told_to_the_others(client, root, lead, settings):
    settings.PRIVACY_EMAIL = ""
    puppet = a_member_of_staff("puppet")
    puppet.groups.add(group("Privacy lead"))
    save_form(client, page_of(puppet), form_of(puppet, email="root@x.example", groups=[group("Privacy lead").pk]))

    assert notices() == [
        (LEAD, "privacy_lead_changed account puppet"),
        ("root@x.example", "privacy_lead_changed account puppet"),
    ]


def test_another_role_that_takes_the_name_of_the_privacy_leads_is_told_of(client, root, lead, settings):
    settings.PRIVACY_EMAIL = ""
    locum = Group.objects.create(name="Locum")
    locum.user_set.add(a_member_of_staff("puppet", email="root@x.example"))
    client.post(f"{GROUPS}{lead.groups.get().pk}/delete/", {"post": "yes"})
    save_form(client, f"{GROUPS}{locum.pk}/change/", {"name": "Privacy lead"})

    addresses = {address for address, what in notices() if what == "privacy_lead_changed group Privacy lead"}
    assert addresses == {LEAD, settings.INTAKE_EMAIL, "root@x.example"}


def test_nothing_is_told_if_the_same_people_look_after_privacy(client, root, lead):
    save_form(client, page_of(lead), lead_form(lead, first_name="Petra"))

    assert notices() == []


def test_if_the_notice_fails_nothing_is_changed(client, root, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("gutskin.accounts.story_rights.queue_mail", broken)
    david = a_member_of_staff("david", app=True)
    client.raise_request_exception = False
    save_form(client, page_of(david), form_of(david, groups=[group("Clinician").pk]))
    client.post(f"/admin/auth/user/{david.pk}/password/", {"usable_password": "true"} | NEW_PASSWORD)
    with pytest.raises(RuntimeError):
        actions.delete_factors(david, by=root)

    david.refresh_from_db()
    assert not david.groups.exists()
    assert not david.check_password(NEW_PASSWORD["password1"])
    assert david.authenticator_set.exists()
    assert not AuditEvent.objects.filter(action__in=["account_changed", "factor_reset"]).exists()


def test_a_long_list_of_rights_is_one_mail(client, root):
    everything = list(Permission.objects.values_list("pk", flat=True))
    name = "n" * 150
    client.post(f"{GROUPS}add/", {"name": name, "permissions": everything})

    [(_address, what)] = notices()
    assert what.endswith("…")
