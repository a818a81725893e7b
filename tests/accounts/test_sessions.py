from datetime import UTC, datetime

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group, User
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client, RequestFactory

from gutskin.accounts.reauthentication import recently_authenticated
from tests.accounts.staff import (
    ADMIN,
    LOGIN,
    PASSWORD,
    a_member_of_staff,
    logged_in,
    the_code,
)
from tests.admin_forms import save_form
from tests.audit_log import told
from tests.staff_session import older_login

pytestmark = pytest.mark.django_db
MORNING = datetime(2025, 8, 6, 9, 0, tzinfo=UTC)
MINUTES = 60


def two_browsers():
    return logged_in(), logged_in()


def test_a_new_password_ends_all_other_sessions():
    a_member_of_staff(app=True)
    here, there = two_browsers()
    new = "another quite long one"
    here.post("/accounts/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert here.get(ADMIN).status_code == 200
    assert there.get(ADMIN).url.startswith(LOGIN)
    assert Session.objects.count() == 1
    assert told()[-1] == ("carla", "password_changed", "")


def test_a_session_can_be_ended_from_another():
    a_member_of_staff(app=True)
    here, there = two_browsers()
    page = here.get("/accounts/sessions/").content.decode()
    assert page.count("This browser") == page.count("Another browser") == 1
    [address] = [part.split('"')[0] for part in page.split('action="') if "/end/" in part.split('"')[0]]
    here.post(address)

    assert there.get(ADMIN).url.startswith(LOGIN)
    assert here.get(ADMIN).status_code == 200
    assert told()[-1] == ("carla", "session_ended", "")


def test_all_other_sessions_can_be_ended_at_once():
    a_member_of_staff(app=True)
    here, there = two_browsers()
    here.post("/accounts/sessions/end-others/")

    assert there.get(ADMIN).url.startswith(LOGIN)
    assert here.get(ADMIN).status_code == 200


def test_no_one_can_end_the_session_of_a_colleague(client):
    a_member_of_staff(app=True)
    browser = logged_in()
    client.force_login(a_member_of_staff("david"))
    assert client.post(f"/accounts/sessions/{UserSession.objects.get().pk}/end/").status_code == 404
    assert browser.get(ADMIN).status_code == 200


def test_the_list_of_sessions_costs_the_same_however_long_it_is(django_assert_num_queries):
    a_member_of_staff(app=True)
    here, _ = two_browsers()
    with django_assert_num_queries(4):
        here.get("/accounts/sessions/")


def test_changing_an_account_in_admin_ends_its_sessions_and_is_recorded():
    carla = a_member_of_staff(app=True)
    browser = logged_in()
    root = User.objects.create_superuser("root")
    client = Client()
    client.force_login(root)
    form = {
        "username": "carla",
        "is_staff": "on",
        "date_joined_0": "2025-08-06",
        "date_joined_1": "09:00:00",
        "groups": Group.objects.get(name="Author").pk,
    }
    assert save_form(client, f"/admin/auth/user/{carla.pk}/change/", form).status_code == 302

    carla.refresh_from_db()
    assert not carla.is_active
    assert told()[-1][:2] == ("root", "account_changed")
    assert told()[-1][2].startswith("account carla: ")
    User.objects.update(is_active=True)
    assert browser.get(ADMIN).url.startswith(LOGIN)
    assert client.get(ADMIN).status_code == 200


def test_a_password_set_by_an_administrator_is_recorded_and_ends_the_sessions():
    carla = a_member_of_staff(app=True)
    browser = logged_in()
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    new = {"password1": "another quite long one", "password2": "another quite long one", "usable_password": "true"}
    assert client.post(f"/admin/auth/user/{carla.pk}/password/", new).status_code == 302

    assert browser.get(ADMIN).url.startswith(LOGIN)
    assert told()[-1] == ("root", "account_changed", "account carla: password")


def test_the_list_of_accounts_says_who_has_a_second_factor(client, django_assert_max_num_queries):
    a_member_of_staff(app=True)
    client.force_login(User.objects.create_superuser("root"))
    with django_assert_max_num_queries(12):
        page = client.get("/admin/auth/user/").content.decode()

    assert page.count('alt="True"') >= 1
    assert "Second factor" in page


@pytest.mark.parametrize(
    "name", ["mfa/authenticator", "account/emailaddress", "usersessions/usersession", "axes/accessattempt"]
)
def test_secrets_and_sessions_of_others_are_not_in_admin(client, name):
    client.force_login(User.objects.create_superuser("root"))

    assert client.get(f"/admin/{name}/").status_code == 404


# Session timeout


def test_an_idle_session_ends_after_a_quarter_of_an_hour():
    a_member_of_staff(app=True)
    with time_machine.travel(MORNING, tick=False) as clock:
        browser = logged_in()
        clock.shift(14 * MINUTES)
        assert browser.get(ADMIN).status_code == 200
        clock.shift(14 * MINUTES)
        assert browser.get(ADMIN).status_code == 200
        clock.shift(15 * MINUTES)
        assert browser.get(ADMIN).url.startswith(LOGIN)
        assert not Session.objects.filter(
            session_key=browser.session.session_key, session_data__contains="_auth"
        ).exists()
        assert "nothing was done here for a while" in browser.get(LOGIN).content.decode()
    assert told()[-1] == ("carla", "logged_out", "time ran out")


def test_a_session_ends_after_eight_hours_even_if_it_is_active():
    a_member_of_staff(app=True)
    with time_machine.travel(MORNING, tick=False) as clock:
        browser = logged_in()
        for _ in range(47):
            clock.shift(10 * MINUTES)
            assert browser.get("/accounts/logout/").status_code == 200
        clock.shift(10 * MINUTES)
        assert browser.get(ADMIN).status_code == 302
        page = browser.get(LOGIN).content.decode()
        assert "a login lasts eight hours at most" in page
        assert "nothing was done" not in page


def test_before_the_final_end_the_page_says_so_and_offers_no_button():
    a_member_of_staff(app=True)
    with time_machine.travel(MORNING, tick=False) as clock:
        browser = logged_in()
        for _ in range(46):
            clock.shift(10 * MINUTES)
            page = browser.get(ADMIN).content.decode()
            assert "data-session-final" not in page
        clock.shift(10 * MINUTES)
        assert "data-session-final" in browser.get(ADMIN).content.decode()
        beat = browser.post("/accounts/still-here/", headers={"sec-fetch-dest": "empty"}).json()
        assert (beat["seconds"], beat["final"]) == (10 * MINUTES, True)


def test_requests_of_scripts_are_no_activity():
    a_member_of_staff(app=True)
    with time_machine.travel(MORNING, tick=False) as clock:
        browser = logged_in()
        clock.shift(10 * MINUTES)
        browser.get(ADMIN, headers={"sec-fetch-dest": "empty"})
        clock.shift(6 * MINUTES)
        assert browser.get(ADMIN).status_code == 302


def test_keys_and_clicks_on_a_page_are_activity():
    a_member_of_staff(app=True)
    with time_machine.travel(MORNING, tick=False) as clock:
        browser = logged_in()
        clock.shift(10 * MINUTES)
        beat = browser.post("/accounts/still-here/", headers={"sec-fetch-dest": "empty"})
        assert (beat.json()["seconds"], beat.json()["final"]) == (900, False)
        clock.shift(14 * MINUTES)
        assert browser.get(ADMIN).status_code == 200


def test_coming_back_to_a_page_asks_for_the_time_left_and_is_no_activity():
    a_member_of_staff(app=True)
    with time_machine.travel(MORNING, tick=False) as clock:
        browser = logged_in()
        browser.handler.enforce_csrf_checks = True
        for minutes in (10, 4):
            clock.shift(minutes * MINUTES)
            asked = browser.get("/accounts/still-here/", headers={"sec-fetch-dest": "empty"})
        assert asked.json()["seconds"] == 60
        assert "no-store" in asked.headers["Cache-Control"]

        told = {"HTTP_X_CSRFTOKEN": asked.json()["token"]}
        assert browser.post("/accounts/still-here/").status_code == 403
        assert browser.post("/accounts/still-here/", **told).json()["seconds"] == 900
        clock.shift(15 * MINUTES)
        over = browser.get("/accounts/still-here/", headers={"sec-fetch-dest": "empty"}).json()
        assert (over["seconds"], over["final"]) == (0, False)


def test_a_page_of_admin_knows_how_long_it_has(client):
    client.force_login(a_member_of_staff())
    page = client.get(ADMIN).content.decode()

    assert 'data-session-seconds="900"' in page or 'data-session-seconds="899"' in page


def test_a_session_that_did_not_begin_at_our_login_is_ended(client):
    client.force_login(a_member_of_staff())
    session = client.session
    del session["began_at"]
    session.save()

    assert client.get(ADMIN).url.startswith(LOGIN)


def test_text_typed_in_an_ended_session_is_shown_to_be_copied(client):
    story = "She rang up: the cream burns, <b>she stopped</b> it."
    response = client.post("/admin/consultations/inquiry/1/note/", {"text": story, "password": "p" * 30})
    page = response.content.decode()

    assert response.status_code == 403
    assert "&lt;b&gt;she stopped&lt;/b&gt;" in page
    assert "p" * 30 not in page
    assert "no-store" in response.headers["Cache-Control"]


# Re-authentication


@pytest.fixture
def erase():
    @recently_authenticated
    def view(request):
        return HttpResponse("done")

    return view


def asked(client, view, method, **headers):
    """The view with the request that this client would make."""
    request = getattr(RequestFactory(), method)("/admin/erase/?page=2", headers=headers)
    request.session, request.user = client.session, User.objects.get()
    request._messages = FallbackStorage(request)
    return view(request), [str(message) for message in request._messages]


def test_after_a_recent_login_nothing_is_asked(client, erase):
    client.force_login(a_member_of_staff())

    assert asked(client, erase, "post")[0].content == b"done"


def test_an_older_login_is_asked_again_and_comes_back(client, erase):
    user = a_member_of_staff(app=True)
    client.force_login(user)
    older_login(client, user)
    response, said = asked(client, erase, "get")

    assert response.url == "/accounts/again/?next=%2Fadmin%2Ferase%2F%3Fpage%3D2"
    assert said == []
    answer = client.post("/accounts/again/", {"password": PASSWORD, "next": "/admin/erase/?page=2"})
    assert answer.url == "/admin/erase/?page=2"
    assert asked(client, erase, "post")[0].content == b"done"


def test_a_code_reauthenticates_too(client, erase):
    user = a_member_of_staff(app=True)
    client.force_login(user)
    older_login(client, user)
    client.post("/accounts/again/code/", {"code": the_code()})

    assert asked(client, erase, "post")[0].content == b"done"


def test_a_post_that_needs_reauthentication_is_explained(client, erase):
    user = a_member_of_staff()
    client.force_login(user)
    older_login(client, user)
    response, said = asked(client, erase, "post", referer="http://testserver/admin/page/?x=1")

    assert response.url == "/accounts/again/?next=http%3A%2F%2Ftestserver%2Fadmin%2Fpage%2F%3Fx%3D1"
    assert said == ["Nothing has been done yet. Confirm that it is you; then press the button again."]


def test_reauthentication_redirects_to_no_other_host(client, erase):
    user = a_member_of_staff()
    client.force_login(user)
    older_login(client, user)
    response, _ = asked(client, erase, "post", referer="https://evil.example/")

    assert response.url == "/accounts/again/?next=%2Fadmin%2F"
    answer = client.post("/accounts/again/", {"password": PASSWORD, "next": "https://evil.example/"})
    assert answer.url == ADMIN


def test_an_account_without_a_password_is_told_so(client):
    user = a_member_of_staff()
    user.set_unusable_password()
    user.save()
    client.force_login(user)

    response = client.get("/accounts/password/", follow=True)
    assert response.status_code == 200
    assert "Your account has no password to change." in response.content.decode()


def test_what_a_script_posted_is_not_shown():
    response = Client().post(
        "/admin/education/article/1/checks/",
        {"body": "A text of some length here."},
        headers={"Sec-Fetch-Dest": "empty"},
    )

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/")
