"""A new member of staff is invited by mail, and chooses a password that no colleague ever knows."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail
from django.core.management import call_command
from django.test import Client

from gutskin.accounts.cleanup import outdated_rows
from gutskin.accounts.models import Invitation
from gutskin.audit.models import AuditEvent
from gutskin.mail.models import Notification
from tests.accounts.account_pages import form_of, page_of
from tests.accounts.staff import ADMIN, LOGIN, PASSWORD, a_member_of_staff, logged_in, type_password
from tests.admin_forms import save_form

pytestmark = pytest.mark.django_db
ADD, ACCOUNTS, INVITATION = "/admin/auth/user/add/", "/admin/auth/user/", "/accounts/invitation/"
EMAIL = "ruth@clinic.example"


@pytest.fixture
def root():
    a_member_of_staff("root", app=True, is_superuser=True, email="root@clinic.example")
    return logged_in("root")


def group(name):
    return Group.objects.get(name=name)


def add(root, **changes):
    form = {"username": "ruth", "first_name": "Ruth", "last_name": "Weber", "email": EMAIL}
    return root.post(ADD, form | {"groups": [group("Clinical reviewer").pk]} | changes)


def link():
    """The address in the newest invitation that has arrived."""
    call_command("send_mail_queue")
    [body] = [sent.body for sent in mail.outbox if sent.to == [EMAIL]][-1:]
    return re.search(r"https://\S+(/accounts/invitation/\?key=\S+)", body)[1]


def choose(address, password=PASSWORD, again=None):
    key = address.partition("key=")[2]
    return Client().post(INVITATION, {"key": key, "new_password1": password, "new_password2": again or password})


def test_name_mail_and_role_are_enough_and_the_person_chooses_the_password(root):
    response = add(root)
    ruth = User.objects.get(username="ruth")

    assert response.url == ACCOUNTS
    assert (ruth.is_staff, ruth.is_superuser, ruth.has_usable_password()) == (True, False, False)
    assert list(ruth.groups.all()) == [group("Clinical reviewer")]
    assert "root has made an account for you" in Client().get(link()).content.decode() + mail.outbox[-1].body
    page = Client().get(link())
    assert "Your user name is <strong>ruth</strong>" in page.content.decode()
    assert page.headers["Referrer-Policy"] == "strict-origin"

    assert choose(link()).url == LOGIN
    browser = Client()
    type_password(browser, "ruth")
    # The next step of a first login.
    assert browser.get(ADMIN).url.startswith("/accounts/factors/")
    events = AuditEvent.objects.filter(detail__contains="invit").order_by("sequence")
    assert [(event.actor, event.detail) for event in events] == [
        ("root", "account ruth: invited"),
        ("ruth", "invitation"),
    ]


def test_the_page_for_a_new_account_asks_for_no_password_and_not_whether_it_is_staff(root):
    html = root.get(ADD).content.decode()

    assert 'type="password"' not in html
    assert 'name="is_staff"' not in html
    assert 'name="is_staff"' not in root.get(page_of(a_member_of_staff())).content.decode()
    assert "username and password" not in html


@pytest.mark.parametrize("changes", [{"email": ""}, {"email": "ruth"}, {"username": ""}])
def test_what_is_missing_is_said_and_nothing_is_lost(root, changes):
    html = add(root, **changes).content.decode()

    assert not User.objects.filter(last_name="Weber").exists()
    assert 'value="Weber"' in html
    assert re.search(r'type="checkbox" name="groups"[^>]* checked', html)
    assert "errornote" in html


def test_who_may_enter_admin_follows_from_roles(root):
    add(root, groups=[])
    ruth = User.objects.get(username="ruth")
    seen = [ruth.is_staff]
    for changes in ({"groups": [group("Author").pk]}, {}, {"is_superuser": "on"}):
        save_form(root, page_of(ruth), form_of(ruth, email=EMAIL, **changes))
        ruth.refresh_from_db()
        seen.append(ruth.is_staff)

    assert seen == [False, True, False, True]


def test_a_link_works_once(root):
    add(root)
    address = link()
    choose(address)

    response = choose(address, "a second long password")
    assert response.status_code == 410
    assert "This link no longer works" in response.content.decode()
    assert User.objects.get(username="ruth").check_password(PASSWORD)


def test_looking_at_the_page_does_not_use_the_link_up(root):
    add(root)
    address = link()
    for _scanner in range(3):
        assert Client().get(address).status_code == 200

    assert choose(address).status_code == 302


def test_a_weak_password_or_two_different_ones_are_explained_and_the_link_stays(root):
    add(root)
    address = link()
    for password, again in (("short", "short"), ("123456789012", None), (PASSWORD, "another quite long one")):
        response = choose(address, password, again)
        assert response.status_code == 200
        assert "auth__error" in response.content.decode()

    assert choose(address).status_code == 302


@pytest.mark.parametrize("key", ["", "x", "%00", "é", "a" * 5000])
def test_no_other_key_opens_anything(root, key):
    add(root)
    link()

    assert Client().get(f"{INVITATION}?key={key}").status_code in (400, 410)
    assert not User.objects.get(username="ruth").has_usable_password()


def test_a_link_ends_after_seven_days(root):
    add(root)
    address = link()
    Invitation.objects.update(ends_at=Invitation.objects.get().ends_at - timedelta(days=7, seconds=1))

    assert Client().get(address).status_code == 410


@pytest.mark.parametrize("changes", [{"email": "else@clinic.example"}, {"email": EMAIL, "is_active": ""}])
def test_an_account_with_another_address_or_none_is_not_opened_by_the_old_mailbox(root, changes):
    add(root)
    address, ruth = link(), User.objects.get(username="ruth")
    save_form(root, page_of(ruth), form_of(ruth, groups=[group("Author").pk]) | changes)

    assert Client().get(address).status_code == 410


def invite_again(root, *users):
    chosen = {"action": "send_invitations", "_selected_action": [user.pk for user in users]}
    return root.post(ACCOUNTS, chosen, follow=True).content.decode()


def test_a_new_invitation_replaces_the_one_before(root):
    add(root)
    first = link()
    assert "1 invitation is on its way" in invite_again(root, User.objects.get(username="ruth"))
    second = link()

    assert Client().get(first).status_code == 410
    assert choose(second).status_code == 302


def test_who_has_a_password_or_no_address_is_not_invited(root):
    carla, david = a_member_of_staff(email="carla@clinic.example"), a_member_of_staff("david")
    david.set_unusable_password()
    david.save()
    html = invite_again(root, carla, david)

    assert "Carla: This person has a password already." in html
    assert "David: The account is not active, or has no e-mail address." in html
    assert not Invitation.objects.exists()


def test_an_invitation_is_not_sent_once_there_is_a_password(root):
    add(root)
    ruth = User.objects.get(username="ruth")
    ruth.set_password(PASSWORD)
    ruth.save()
    call_command("send_mail_queue")

    assert not [sent for sent in mail.outbox if sent.to == [EMAIL]]


def test_the_privacy_lead_is_told_of_a_new_clinician_and_of_each_new_invitation(root, settings):
    """A superuser could correct the address to their own, and invite again."""
    settings.PRIVACY_EMAIL = "privacy@clinic.example"
    add(root, groups=[group("Clinician").pk])
    ruth = User.objects.get(username="ruth")
    invite_again(root, ruth)

    details = [mail.about.detail for mail in Notification.objects.filter(kind="story_rights").order_by("pk")]
    assert [detail.partition(":")[0] for detail in details] == ["account ruth", "account ruth"]
    assert "consultations.answer_inquiry" in details[0]
    assert "invited again" in details[1]


def test_an_account_that_is_deleted_takes_its_invitation_and_the_mail_along(root):
    add(root)
    root.post(f"{ACCOUNTS}{User.objects.get(username='ruth').pk}/delete/", {"post": "yes"})

    assert not Invitation.objects.exists()
    assert not Notification.objects.filter(kind="invitation").exists()


def test_the_secret_is_in_no_table(root):
    add(root)
    key = link().partition("key=")[2]

    assert key not in str(Invitation.objects.values_list())
    assert key not in str(list(Notification.objects.values_list("last_error", "message_id")))


def test_old_invitations_are_deleted(root):
    add(root)
    Invitation.objects.update(invited_at=Invitation.objects.get().invited_at - timedelta(days=31))

    assert sum(rows.delete()[0] for rows in outdated_rows() if rows.model is Invitation) >= 1
