"""What no one can do alone: give themselves rights, or pass for two people."""

import pytest
from django.contrib.auth.models import Group, User

from gutskin.audit.models import AuditEvent
from tests.accounts.account_pages import form_of, page_of
from tests.accounts.staff import a_member_of_staff, logged_in
from tests.admin_forms import save_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return a_member_of_staff("root", app=True, is_superuser=True)


def test_a_superuser_cannot_make_themselves_a_clinician(root):
    clinicians = Group.objects.get(name="Clinician")
    save_form(logged_in("root"), page_of(root), form_of(root, first_name="Rita", groups=[clinicians.pk]))

    root.refresh_from_db()
    # As a clinician, they would read stories without breaking the glass.
    assert (root.first_name, root.is_superuser, list(root.groups.all())) == ("Rita", True, [])


def test_the_rights_of_a_colleague_can_be_changed(root):
    carla, clinicians = a_member_of_staff(), Group.objects.get(name="Clinician")
    save_form(logged_in("root"), page_of(carla), form_of(carla, groups=[clinicians.pk]))

    assert list(carla.groups.all()) == [clinicians]


def test_a_user_name_cannot_be_changed(root):
    # Under another name the same person could approve the reset that they asked for.
    for user in (root, a_member_of_staff()):
        save_form(logged_in("root"), page_of(user), form_of(user, username="somebody-else", is_superuser="on"))

    assert set(User.objects.values_list("username", flat=True)) == {"root", "carla"}


def test_when_an_account_was_made_and_used_cannot_be_changed(root):
    carla = a_member_of_staff()
    made = carla.date_joined
    moments = {"last_login_0": "2025-08-06", "last_login_1": "09:00:00", "date_joined_0": "2025-08-06"}
    form = form_of(carla, first_name="Carla", date_joined_1="09:00:00", **moments)
    save_form(logged_in("root"), page_of(carla), form)

    carla.refresh_from_db()
    assert (carla.first_name, carla.date_joined, carla.last_login) == ("Carla", made, None)


@pytest.mark.parametrize("number", ["{}", "0{}", "%20{}"])
def test_ones_own_password_is_changed_only_with_the_old_one(root, number):
    address = f"/admin/auth/user/{number.format(root.pk)}/password/"
    new = {"usable_password": "true", "password1": "another quite long one", "password2": "another quite long one"}
    response = logged_in("root").post(address, new)

    root.refresh_from_db()
    assert not root.check_password("another quite long one")
    assert response.headers["Location"] == "/accounts/password/"


def test_an_account_is_deleted_before_the_event_is_recorded(root, monkeypatch):
    """Recording the event locks the end of the audit log, so everything else that needs a lock comes first."""
    told = []
    original = AuditEvent.save

    def save(event, *args, **kwargs):
        if event.action == "account_changed":
            told.append(User.objects.filter(username__in=["carla", "david"]).count())
        original(event, *args, **kwargs)

    monkeypatch.setattr(AuditEvent, "save", save)
    carla, david = a_member_of_staff(), a_member_of_staff("david")
    browser = logged_in("root")
    browser.post(f"/admin/auth/user/{carla.pk}/delete/", {"post": "yes"})
    browser.post("/admin/auth/user/", {"action": "delete_selected", "_selected_action": [david.pk], "post": "yes"})

    assert told == [1, 0]
    details = AuditEvent.objects.filter(action="account_changed").values_list("detail", flat=True)
    assert set(details) == {"account carla: deleted", "account david: deleted"}
