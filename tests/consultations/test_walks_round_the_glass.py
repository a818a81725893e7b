"""A superuser tries to read a story without breaking the glass. Each walk works, and none without a notice.

They go through the pages of admin, as a person would. The privacy lead's address is the one of the environment: no
account has it, so no one can change it first.
"""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from consultations.admin.bulk_assign import drawn_now
from consultations.models import Inquiry, Team
from gutskin.accounts.models import FactorReset
from gutskin.mail.models import Notification
from tests.accounts.account_pages import form_of
from tests.accounts.account_pages import page_of as account_page
from tests.accounts.staff import a_member_of_staff
from tests.admin_forms import save_form
from tests.consultations.factories import a_clinician, a_coordinator, a_superuser, an_article, an_inquiry
from tests.consultations.staff_pages import STORY, html_of, page_of

pytestmark = pytest.mark.django_db
PRIVACY = "privacy@clinic.example"
PASSWORD = {"usable_password": "true", "password1": "another quite long one", "password2": "another quite long one"}


@pytest.fixture(autouse=True)
def root(client, settings):
    settings.PRIVACY_EMAIL = PRIVACY
    user = a_superuser()
    client.force_login(user)
    return user


def told():
    """What the mails to the privacy lead are about, in order."""
    mails = Notification.objects.filter(kind__in=["story_rights", "access_notice"]).order_by("pk")
    assert {mail.recipient for mail in mails} <= {PRIVACY}
    return [mail.about.detail for mail in mails if mail.kind == "story_rights"]


def reads(user, inquiry):
    """Does this account see the story on the page of the request?"""
    other = Client()
    other.force_login(User.objects.get(pk=user.pk))
    return all(text in html_of(other, inquiry) for text in STORY)


def a_puppet(client):
    client.post("/admin/auth/user/add/", {"username": "puppet", "email": "puppet@elsewhere.example"})
    return User.objects.get(username="puppet")


def put_into(client, user, *groups, **fields):
    numbers = [Group.objects.get(name=name).pk for name in groups]
    save_form(client, account_page(user), form_of(user, groups=numbers, **fields))


def test_a_puppet_clinician_in_a_team(client):
    inquiry, puppet = an_inquiry(), a_puppet(client)
    put_into(client, puppet, "Clinician")
    assert len(told()) == 1
    client.post("/admin/consultations/team/add/", {"name": "Mine", "members": [puppet.pk], "takes_everything": "on"})

    assert reads(puppet, inquiry)
    assert told()[1].endswith("+every request, +puppet")


def test_a_puppet_clinician_to_whom_the_superuser_assigns_the_request(client):
    inquiry, puppet = an_inquiry(), a_puppet(client)
    put_into(client, puppet, "Clinician")
    client.post(page_of(inquiry, "assign"), {"to": puppet.pk})

    assert reads(puppet, inquiry)
    assert told()[1:] == ["puppet"]


def test_many_requests_assigned_at_once(client):
    david = a_clinician(team=None)
    inquiry = an_inquiry()
    chosen = {"action": "assign_chosen", "_selected_action": inquiry.pk, "to": david.pk, "drawn": drawn_now()}
    client.post("/admin/consultations/inquiry/", chosen)

    assert Inquiry.objects.get().assignee == david
    assert told() == ["david"]


def test_a_puppet_coordinator_gives_a_reason(client):
    """Only superusers break the glass; the reason of a coordinator is recorded and mailed to no one."""
    inquiry, puppet = an_inquiry(), a_puppet(client)
    put_into(client, puppet, "Intake coordinator")
    other = Client()
    other.force_login(User.objects.get(pk=puppet.pk))
    other.post(page_of(inquiry, "open"), {"reason": "urgency", "explanation": ""})

    assert reads(puppet, inquiry)
    assert len(told()) == 1


def test_a_second_superuser_makes_a_clinician_of_the_first(client, root):
    inquiry, puppet = an_inquiry(), a_puppet(client)
    put_into(client, puppet, is_superuser="on")
    assert told() == ["account puppet: superuser"]
    other = Client()
    other.force_login(User.objects.get(pk=puppet.pk))
    put_into(other, root, "Clinician")
    other.post("/admin/consultations/team/add/", {"name": "Ours", "members": [root.pk], "takes_everything": "on"})

    assert reads(root, inquiry)
    assert told()[1].startswith("account root: consultations.answer_inquiry")
    assert told()[2].endswith("+every request, +root")


def test_a_role_that_a_puppet_has_already_learns_to_read(client):
    inquiry, puppet = an_inquiry(condition=an_article()), a_puppet(client)
    put_into(client, puppet, "Author")
    assert told() == []
    author = Group.objects.get(name="Author")
    clinician = Group.objects.get(name="Clinician").permissions.values_list("pk", flat=True)
    save_form(client, f"/admin/auth/group/{author.pk}/change/", {"name": "Author", "permissions": [*clinician]})
    assert len(told()) == 1
    client.post(page_of(inquiry, "assign"), {"to": puppet.pk})

    assert reads(puppet, inquiry)
    assert len(told()) == 2


def test_a_team_gets_the_topic_of_the_request(client):
    topic = an_article()
    inquiry, david = an_inquiry(condition=topic), a_clinician(team="Skin")
    assert not Inquiry.objects.visible_to(david).exists()
    team = Team.objects.get(name="Skin")
    form = {"name": "Skin", "members": [david.pk], "topics": [topic.pk]}
    save_form(client, f"/admin/consultations/team/{team.pk}/change/", form)

    assert reads(david, inquiry)
    assert told() == [f"team {team.pk}: +topic en/psoriasis"]


def test_the_account_of_a_clinician_is_taken_over(client, root):
    """With a new password and without the factor: it takes two people, and both are told of."""
    inquiry, david = an_inquiry(), a_clinician()
    helper = a_member_of_staff("sam", app=True, is_superuser=True)
    long_ago = timezone.now() - timedelta(days=2)
    User.objects.update(date_joined=long_ago)
    for user in (root, david):
        Authenticator.objects.create(user=user, type="totp", data={"secret": ""})
    Authenticator.objects.update(created_at=long_ago)
    client.post(f"/admin/auth/user/{david.pk}/password/", PASSWORD)
    client.post("/admin/accounts/factorreset/add/", {"user": david.pk, "reason": "Lost the phone."})
    other = Client()
    other.force_login(User.objects.get(pk=helper.pk))
    other.post(f"/admin/accounts/factorreset/{FactorReset.objects.get().pk}/approve/")

    assert not Authenticator.objects.filter(user=david).exists()
    assert reads(david, inquiry)
    assert told() == ["account david: new password", "account david"]


def test_a_puppet_cannot_be_the_second_person_of_a_reset(client, root):
    david, puppet = a_clinician(), a_puppet(client)
    put_into(client, puppet, is_superuser="on")
    long_ago = timezone.now() - timedelta(days=2)
    User.objects.exclude(pk=puppet.pk).update(date_joined=long_ago)
    for user in (root, david, puppet):
        Authenticator.objects.create(user=user, type="totp", data={"secret": ""}, created_at=long_ago)
    # As the form would send it, had the field not become read-only.
    put_into(client, puppet, is_superuser="on", date_joined_0="2025-08-06", date_joined_1="09:00:00")
    client.post("/admin/accounts/factorreset/add/", {"user": david.pk, "reason": "Lost the phone."})
    other = Client()
    other.force_login(User.objects.get(pk=puppet.pk))
    page = other.post(f"/admin/accounts/factorreset/{FactorReset.objects.get().pk}/approve/", follow=True)

    assert "newer than 24 hours" in page.content.decode()
    assert Authenticator.objects.filter(user=david).exists()


def test_the_privacy_leads_address_is_changed_before_the_glass_is_broken(client, settings):
    inquiry = an_inquiry()
    petra = a_member_of_staff("petra", email="petra@clinic.example")
    petra.groups.add(Group.objects.get(name="Privacy lead"))
    # A site without the variable, as on the machine of a developer: the old address is told.
    settings.PRIVACY_EMAIL = ""
    put_into(client, petra, "Privacy lead", email="root@elsewhere.example")
    client.post(page_of(inquiry, "open"), {"reason": "fault", "explanation": ""})

    mails = list(Notification.objects.filter(kind__in=["story_rights", "access_notice"]))
    assert {(mail.kind, mail.recipient) for mail in mails} == {
        ("story_rights", "petra@clinic.example"),
        ("story_rights", "root@elsewhere.example"),
        ("access_notice", "root@elsewhere.example"),
    }


def test_what_a_coordinator_assigns_in_the_course_of_the_day_is_not_mailed(client):
    inquiry, david = an_inquiry(), a_clinician(team=None)
    client.force_login(a_coordinator())
    client.post(page_of(inquiry, "assign"), {"to": david.pk})

    assert reads(david, inquiry)
    assert told() == []


def test_a_request_is_merged_into_one_that_a_puppet_answers(client):
    """Whoever answers the one reads the other too."""
    inquiry, puppet = an_inquiry(), a_puppet(client)
    put_into(client, puppet, "Clinician")
    own = an_inquiry(address="192.0.2.7")
    client.post(page_of(own, "assign"), {"to": puppet.pk})
    before = len(told())
    client.post(page_of(inquiry, "merge"), {"into": own.reference, "seen": "0"})

    assert reads(puppet, inquiry)
    assert told()[before:] == [own.reference]
