"""No query string makes a list of admin fail with a server error."""

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType

from tests.consultations.admin_walk import things
from tests.consultations.factories import a_clinician, a_coordinator, a_privacy_lead, an_article, an_author

pytestmark = pytest.mark.slow

HUGE = "9" * 30
HOSTILE = [
    {"id": HUGE},
    {"id__in": HUGE},
    {"id__in": f"1,{HUGE},2"},
    {"pk__in": HUGE},
    {"id__gt": "-" + HUGE},
    {"id__range": f"1,{HUGE}"},
    {"id__in": "a,b"},
    {"id__isnull": "maybe"},
    {"id__regex": "("},
    {"id__nothing": "1"},
    {"nothing": "1"},
    {"": ""},
    {"__": "1"},
    {"id__": "1"},
    {"o": HUGE},
    {"o": "-1.-2.x.--3"},
    {"p": HUGE},
    {"p": "-1"},
    {"p": "0"},
    {"all": HUGE},
    {"q": "%_\\'\""},
    {"q": "x" * 5000},
    {"e": "1"},
    {"_facets": "True"},
    {"_popup": "1"},
    {"_to_field": "password"},
    {"is_active__exact": HUGE},
    {"live__id__exact": HUGE},
    {"updated_at__year": HUGE},
    {"updated_at__year": "9999"},
    {"updated_at__year": "0"},
    {"updated_at__year": "2026", "updated_at__month": "13"},
    {"updated_at__year": "9999", "updated_at__month": "12", "updated_at__day": "31"},
    {"updated_at__gte": "10000-01-01"},
    {"article__id__exact": HUGE},
    {"user__id__exact": HUGE},
    {"groups__id__exact": HUGE},
    {"date_joined__gte": "0001-01-01 00:00:00+14:00"},
    {"_changelist_filters": "id__in=" + HUGE},
]


@pytest.fixture
def lists(admin_client, monkeypatch):
    things()
    # It is the same on every page, whatever was asked.
    monkeypatch.setattr(admin.site, "enable_nav_sidebar", False)
    return [f"/admin/{model._meta.app_label}/{model._meta.model_name}/" for model in admin.site._registry]


# On PostgreSQL the refusal of a value would end the transaction of an ordinary test.
@pytest.mark.django_db(transaction=True)
def test_no_query_string_makes_a_list_fail(admin_client, lists):
    admin_client.raise_request_exception = False
    failed = {}
    for address in lists:
        for query in HOSTILE:
            status = admin_client.get(address, query).status_code
            if status not in (200, 302, 400, 403, 404):
                failed[f"{address} {query}"] = status
    assert failed == {}


@pytest.mark.django_db(transaction=True)
def test_a_value_the_database_cannot_take_leads_to_the_whole_list(admin_client, lists):
    for query in ({"updated_at__gte": "no day"}, {"id__regex": "("}, {"id__gt": "abc"}):
        response = admin_client.get("/admin/education/article/", query)
        assert response.headers["Location"] == "/admin/education/article/?e=1"
    assert admin_client.get("/admin/education/article/", {"e": "1"}).status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", [HUGE, "-1", "abc", "", "1e3"])
def test_no_selection_makes_a_list_fail(admin_client, lists, key):
    admin_client.raise_request_exception = False
    for address in lists:
        for action in ("delete_selected", "assign_chosen", "no_such_action"):
            answer = admin_client.post(address, {"action": action, "_selected_action": key})
            assert answer.status_code in (200, 302, 403, 405), address


@pytest.mark.django_db
def test_no_number_in_a_path_makes_a_page_fail(admin_client):
    admin_client.raise_request_exception = False
    for model in admin.site._registry:
        for key in (HUGE, "-1", "abc", "_5F", "%25", "1' OR '1'='1"):
            for page in ("change/", "history/", "delete/", ""):
                address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/{key}/{page}"
                assert admin_client.get(address).status_code in (302, 301, 403, 404), address


@pytest.mark.django_db
def test_the_way_to_the_public_page_tells_no_address_to_those_who_may_not_see_the_article(client):
    draft = an_article("a-secret-draft", published=False)
    address = f"/admin/r/{ContentType.objects.get_for_model(draft).pk}/{draft.pk}/"
    for user in (a_clinician(), a_coordinator(), a_privacy_lead()):
        client.force_login(user)
        response = client.get(address)
        assert response.status_code == 404
        assert draft.slug not in f"{response.content.decode()}{response.headers}"

    client.force_login(an_author())
    assert draft.slug in client.get(address).headers["Location"]
    for hostile in (f"{HUGE}/{draft.pk}", f"1/{HUGE}", "abc/1", "1/abc", "²/1", f"{ContentType.objects.first().pk}/1"):
        assert client.get(f"/admin/r/{hostile}/").status_code == 404
