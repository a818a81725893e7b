"""Which passwords are accepted, and how they are stored."""

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import User

from gutskin import settings as settings_of_the_site
from tests.accounts.staff import PASSWORD, a_member_of_staff, logged_in

pytestmark = pytest.mark.django_db


def change_to(password, again=None):
    """The page after carla typed a new password; she is logged in already."""
    return logged_in().post(
        "/accounts/password/", {"oldpassword": PASSWORD, "password1": password, "password2": again or password}
    )


@pytest.mark.parametrize(
    "password",
    ["short one", "123456789012345", "Carla.Nakamura", "administrator"],
)
def test_weak_passwords_are_refused(password):
    a_member_of_staff(app=True, first_name="Carla", last_name="Nakamura", email="carla.nakamura@clinic.example")

    assert change_to(password).status_code == 200
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize(
    "password",
    ["four words in a row", "lowercaseandnothingelse", "Прохладное утро над рекой", "pass phrase " * 10 + "."],
)
def test_a_long_sentence_in_any_script_is_accepted(password):
    a_member_of_staff(app=True)

    assert change_to(password).status_code == 302
    assert User.objects.get().check_password(password)


def test_a_password_is_not_trimmed_or_changed():
    a_member_of_staff(app=True)
    change_to("Four words in a Row")

    assert not User.objects.get().check_password("four words in a row")


def test_passwords_are_stored_as_argon2(settings):
    """Tests use a faster hasher, so the site's own list is checked."""
    settings.PASSWORD_HASHERS = settings_of_the_site.PASSWORD_HASHERS
    stored = make_password(PASSWORD)

    assert stored.startswith("argon2$argon2id$")
    assert check_password(PASSWORD, stored)
