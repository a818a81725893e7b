"""The decorator that says what a view does with a form that was refused before the view was called."""

import pytest
from django.contrib import admin
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from gutskin.form_recovery import FormRecovery, recover_form, recovery_for, recovery_of


def form_again(request):
    return HttpResponse("here is your form", status=403)


def view(request):
    return HttpResponse("done")


decorated = recover_form(csrf_failed=form_again, accepts_nul=True)(view)
urlpatterns = [path("form/", require_POST(never_cache(decorated)))]


def test_a_view_without_the_decorator_recovers_nothing():
    assert recovery_of(test_a_view_without_the_decorator_recovers_nothing) == FormRecovery()


def test_the_handlers_are_found_through_other_decorators_and_admin_view():
    for wrapped in (require_POST(decorated), never_cache(decorated), admin.site.admin_view(decorated)):
        assert recovery_of(wrapped) == FormRecovery(csrf_failed=form_again, accepts_nul=True)


def test_an_outer_decorator_keeps_what_an_inner_one_decided():
    inner = recover_form(accepts_nul=True)(lambda request: None)
    outer = recover_form(unavailable=form_again)(inner)
    assert recovery_of(outer) == FormRecovery(unavailable=form_again, accepts_nul=True)


@override_settings(ROOT_URLCONF=__name__)
def test_the_handlers_of_an_address_are_those_of_its_view(rf):
    assert recovery_for(rf.post("/form/")).csrf_failed is form_again
    assert recovery_for(rf.post("/no/such/address/")) == FormRecovery()


REPLY = "/admin/consultations/inquiry/1/reply/"
POSTED = {
    "text": "Yes, please come.",
    "key": "e72dd0e2-ba62-4f0c-9a5e-6d4d5b1f0c11",
    "seen": "2026-11-23T12:00:00+00:00",
}


@pytest.mark.django_db
def test_after_the_session_has_ended_a_short_reply_comes_back_and_no_hidden_field_does(client):
    response = client.post(REPLY, POSTED)

    page = response.content.decode()
    assert response.status_code == 403
    assert "You were logged out" in page
    assert "Yes, please come.</textarea>" in page
    assert page.count("<textarea") == 1
    assert POSTED["key"] not in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}]
)
def test_words_of_another_site_are_not_shown_as_what_was_typed(client, headers):
    response = client.post(REPLY, {"text": "Your account is locked: log in at evil.example."}, headers=headers)

    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


@pytest.mark.django_db
def test_a_post_without_any_text_leads_to_the_login(client):
    hidden = {"key": POSTED["key"], "version": f"{'a' * 32}@1790000000", "replaces_version": "b" * 32}
    assert client.post(REPLY, hidden | {"status": "answered"}).status_code == 302
