import pytest
from django.utils.html import escape

from consultations.red_flags import RULES, SEARCH_VOCABULARIES, VERSION, VOCABULARIES
from tests.consultations.factories import (
    a_clinical_reviewer,
    a_clinician,
    a_coordinator,
    a_privacy_lead,
    an_author,
)

pytestmark = pytest.mark.django_db
PAGE = "/admin/consultations/redflagresult/"
HEAVIEST = 200_000


@pytest.mark.parametrize("make_user", [a_coordinator, a_clinician])
def test_staff_who_handle_requests_see_every_rule_and_its_version(client, make_user):
    client.force_login(make_user())

    page = client.get(PAGE).content.decode()

    assert VERSION in page
    assert "No clinician has confirmed these rules yet." in page
    for rule in RULES:
        assert str(rule.label) in page
        assert all(str(line) in page for line in rule.advice.values())
    assert page.count("Each mention counts") == sum(not rule.respects_negation for rule in RULES)


@pytest.mark.parametrize("make_user", [a_clinical_reviewer, an_author, a_privacy_lead])
def test_other_roles_cannot_see_the_rules(client, make_user):
    client.force_login(make_user())

    assert client.get(PAGE).status_code == 403


def test_nothing_can_be_changed_there(client):
    client.force_login(a_coordinator())

    assert client.post(PAGE).status_code == 405
    for address in ("add/", "1/change/", "1/history/", "1/delete/"):
        assert client.get(PAGE + address).status_code == 404


def test_the_page_costs_as_many_queries_as_any_admin_page(client, django_assert_max_num_queries):
    client.force_login(a_coordinator())
    with django_assert_max_num_queries(8):
        client.get(PAGE)


def test_the_words_of_each_rule_are_on_a_page_of_its_own(client):
    client.force_login(a_coordinator())
    overview = client.get(PAGE).content.decode()

    for rule in RULES:
        assert f'href="?rule={rule.id}"' in overview
        page = client.get(PAGE, {"rule": rule.id}).content
        assert all(escape(sign.written).encode() in page for sign in VOCABULARIES["en"].signs[rule.id])
        assert len(page) < HEAVIEST
    assert len(overview) < HEAVIEST
    assert client.get(PAGE, {"rule": "no-such-rule"}).status_code == 404


def test_the_words_of_searches_are_there_with_their_language(client):
    client.force_login(a_coordinator())

    page = client.get(PAGE, {"rule": "self-harm"}).content.decode()

    for vocabulary in SEARCH_VOCABULARIES.values():
        assert all(escape(sign.written) in page for sign in vocabulary.signs["self-harm"])
    for language in ("English", "español", "français", "Deutsch", "العربيّة"):
        assert f"{language}, in the search of the site and in feedback only" in page
