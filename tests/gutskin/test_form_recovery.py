"""The decorator that says what a view does with a form that was refused before the view was called."""

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
