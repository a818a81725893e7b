import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import get_resolver

from tests.accounts.staff import ADMIN, LOGIN, PASSWORD, a_member_of_staff, type_password

pytestmark = pytest.mark.django_db
ENROL = "/accounts/factors/"


def admin_addresses():
    """Every address of admin except its login, which redirects to ours; a number where one is needed."""

    def walk(patterns, before):
        for pattern in patterns:
            route = before + str(pattern.pattern).removeprefix("^").removesuffix("$").removesuffix("\\Z")
            if hasattr(pattern, "url_patterns"):
                yield from walk(pattern.url_patterns, route)
            else:
                yield "/" + filled_in(route)

    [admin] = [pattern for pattern in get_resolver().url_patterns if getattr(pattern, "app_name", "") == "admin"]
    return sorted(set(walk(admin.url_patterns, "admin/")) - {"/admin/login/"})


def filled_in(route):
    parts = []
    for part in route.split("/"):
        parts.append("1" if part.startswith(("<", "(")) else part)
    return "/".join(parts)


def with_the_password_only(user):
    """Logged in without a second factor: allauth allows such a session."""
    client = Client()
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = session["account_authentication_methods"][:1]
    session.save()
    return client


def test_the_list_of_addresses_includes_admin():
    addresses = admin_addresses()
    assert len(addresses) > 100
    assert {"/admin/", "/admin/autocomplete/", "/admin/jsi18n/", "/admin/auth/user/1/password/"} <= set(addresses)
    assert "/admin/consultations/inquiry/1/history/" in addresses


def test_without_a_second_factor_no_page_of_admin_opens():
    """A superuser who has set none up is redirected to where that is done, from every address."""
    root = User.objects.create_superuser("root")
    client = with_the_password_only(root)
    for address in [*admin_addresses(), "/admin/there/is/no/such/page/"]:
        for ask in (client.get, client.post):
            response = ask(address)
            assert (response.status_code, response.headers.get("Location", "").partition("?")[0]) == (302, ENROL), (
                address
            )


def test_a_user_who_has_not_used_their_factor_is_asked_for_it():
    client = with_the_password_only(a_member_of_staff(app=True, is_superuser=True))
    for address in admin_addresses():
        response = client.get(address)
        assert response.status_code == 302, address
        assert response.url.startswith("/accounts/again/"), address


def test_a_user_who_has_not_used_their_factor_cannot_set_up_another():
    client = with_the_password_only(a_member_of_staff(app=True))
    for address in ("/accounts/factors/", "/accounts/factors/passkey/", "/accounts/factors/app/remove/"):
        assert client.get(address).url.startswith("/accounts/again/"), address


def test_a_password_alone_does_not_replace_the_second_factor():
    client = with_the_password_only(a_member_of_staff(app=True))
    client.post("/accounts/again/", {"password": PASSWORD})

    assert client.get(ADMIN).status_code == 302


def test_a_user_who_sets_up_the_first_factor_reaches_no_other_page(client):
    a_member_of_staff()
    assert type_password(client).url == ADMIN

    for address in ("/accounts/sessions/", "/accounts/password/", "/accounts/factors/recovery-codes/new/"):
        assert client.get(address).url.partition("?")[0] == ENROL, address
    page = client.get(ENROL).content.decode()
    assert "Set up a second factor" in page
    assert "/accounts/sessions/" not in page


@pytest.mark.parametrize("address", [ADMIN, "/admin/auth/user/", ENROL, "/accounts/sessions/"])
def test_a_user_who_is_no_longer_staff_is_told_so(client, address):
    user = a_member_of_staff()
    client.force_login(user)
    User.objects.update(is_staff=False)
    response = client.get(address)

    assert response.status_code == 403
    assert "It is for staff with a certain role." in response.content.decode()


def test_anonymous_users_are_redirected_to_the_login(client):
    for address in admin_addresses():
        assert client.get(address).url.partition("?")[0] == LOGIN, address


def test_admin_stays_closed_even_without_the_middleware(settings):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "SecondFactor" not in name]
    client = with_the_password_only(User.objects.create_superuser("root"))

    assert client.get("/admin/auth/user/").status_code == 302


def test_the_middleware_comes_after_those_for_sessions_and_users():
    order = settings.MIDDLEWARE
    gate = order.index("gutskin.accounts.second_factor.SecondFactorMiddleware")
    assert gate > order.index("django.contrib.auth.middleware.AuthenticationMiddleware")
    assert gate > order.index("allauth.account.middleware.AccountMiddleware")


def test_public_pages_are_not_affected(client, django_assert_num_queries):
    client.force_login(a_member_of_staff())
    with django_assert_num_queries(0):
        response = client.get("/robots.txt")
    assert "Cookie" not in response.headers.get("Vary", "")
