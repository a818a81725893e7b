"""Changes of what a role may do, and of who has it, are recorded in the audit log."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User

from gutskin.accounts.roles import ROLES
from gutskin.audit.models import AuditEvent
from tests.accounts.account_pages import form_of, page_of
from tests.accounts.staff import a_member_of_staff
from tests.admin_forms import save_form

pytestmark = pytest.mark.django_db
GROUPS = "/admin/auth/group/"
DESK = "consultations"


@pytest.fixture
def root(client):
    user = User.objects.create_superuser("root")
    client.force_login(user)
    return user


def told():
    events = AuditEvent.objects.filter(action="account_changed").order_by("sequence")
    return [(event.actor, event.detail) for event in events]


def permission(codename):
    return Permission.objects.get(codename=codename)


def numbers(*codenames):
    return [permission(codename).pk for codename in codenames]


def test_permissions_that_a_role_gains_and_loses_are_recorded(client, root):
    role = Group.objects.create(name="Locum")
    role.permissions.add(permission("view_inquiry"), permission("change_article"))
    new = numbers("view_inquiry", "answer_inquiry", "view_every_inquiry")
    assert save_form(client, f"{GROUPS}{role.pk}/change/", {"name": "Locum", "permissions": new}).status_code == 302

    gained = f"+{DESK}.answer_inquiry, +{DESK}.view_every_inquiry"
    assert told() == [("root", f"group Locum: {gained}, -education.change_article")]


def test_adding_renaming_and_saving_a_role_is_recorded(client, root):
    client.post(f"{GROUPS}add/", {"name": "Locum", "permissions": numbers("view_inquiry")})
    page = f"{GROUPS}{Group.objects.get(name='Locum').pk}/change/"
    for _again in range(2):
        save_form(client, page, {"name": "Guest", "permissions": numbers("view_inquiry")})

    assert told() == [
        ("root", f"group Locum: added, +{DESK}.view_inquiry"),
        ("root", "group Guest: was called Locum"),
        ("root", "group Guest: saved"),
    ]


@pytest.mark.parametrize("name", ROLES)
def test_a_role_that_the_code_finds_by_its_name_cannot_be_renamed(client, root, name):
    role = Group.objects.get(name=name)
    new = numbers("view_article")
    save_form(client, f"{GROUPS}{role.pk}/change/", {"name": "Nobody", "permissions": new})

    role.refresh_from_db()
    assert role.name == name
    assert [permission.pk for permission in role.permissions.all()] == new


def test_deleting_roles_records_who_lost_which_permissions(client, root):
    roles = [Group.objects.create(name=name) for name in ("Guest", "Locum", "Reader")]
    david = a_member_of_staff("david")
    for role in roles:
        role.permissions.add(permission("view_inquiry"))
        role.user_set.add(david)
    guest, *others = [role.pk for role in roles]
    client.post(f"{GROUPS}{guest}/delete/", {"post": "yes"})
    client.post(GROUPS, {"action": "delete_selected", "_selected_action": others, "post": "yes"})

    assert not Group.objects.filter(pk__in=[guest, *others]).exists()
    lost = f"deleted, -account david, -{DESK}.view_inquiry"
    assert told() == [("root", f"group {role.name}: {lost}") for role in roles]


def test_a_role_with_all_permissions_is_recorded_completely(client, root):
    everything = [str(number) for number in Permission.objects.values_list("pk", flat=True)]
    client.post(f"{GROUPS}add/", {"name": "Locum", "permissions": everything})

    parts = [part for _actor, detail in told() for part in detail.removeprefix("group Locum: ").split(", ")]
    assert len(told()) > 1
    assert parts[0] == "added"
    assert len(parts) == len(set(parts)) == len(everything) + 1


def test_the_roles_that_a_user_gains_and_loses_are_recorded(client, root):
    david = a_member_of_staff("david")
    david.groups.add(Group.objects.get(name="Author"))
    lead = Group.objects.get(name="Privacy lead")
    form = form_of(david, groups=[lead.pk], user_permissions=numbers("answer_inquiry"))
    assert save_form(client, page_of(david), form).status_code == 302

    [(actor, detail)] = told()
    assert actor == "root"
    assert detail.startswith("account david: Groups, User permissions, ")
    assert detail.endswith(f", +{DESK}.answer_inquiry, +group Privacy lead, -group Author")


def test_a_role_is_changed_before_the_event_is_recorded(client, root, monkeypatch):
    """Recording the event locks the end of the audit log, so everything else that needs a lock comes first."""
    seen = []
    original = AuditEvent.save

    def save(event, *args, **kwargs):
        seen.append((LogEntry.objects.count(), Group.objects.filter(name="Locum").count()))
        original(event, *args, **kwargs)

    monkeypatch.setattr(AuditEvent, "save", save)
    client.post(f"{GROUPS}add/", {"name": "Locum"})
    client.post(f"{GROUPS}{Group.objects.get(name='Locum').pk}/delete/", {"post": "yes"})

    assert seen == [(1, 1), (2, 0)]
