"""Searching by reference or by the exact e-mail address, and what is recorded of a search."""

import logging

import pytest

from consultations import actions
from consultations.models import Inquiry
from gutskin.audit.models import AuditEvent
from tests.consultations.factories import a_clinician, a_superuser, an_inquiry, many_inquiries, some_inquiries
from tests.consultations.staff_pages import with_a_reason

pytestmark = pytest.mark.django_db
SEARCH = "/admin/consultations/inquiry/search/"


def found(response):
    return [row["inquiry"] for row in response.context["rows"]]


@pytest.mark.parametrize("typed", ["{0}", " {0} ", "{1}", "{2}", "gs {2}"])
def test_a_reference_as_heard_on_the_phone_finds_the_request(client, carla, typed):
    inquiry, _other = some_inquiries(2)
    reference = inquiry.reference
    term = typed.format(reference, reference.lower().replace("-", " "), reference.removeprefix("GS-").replace("-", ""))

    response = client.post(SEARCH, {"term": term})

    assert response.headers["Location"] == f"/admin/consultations/inquiry/{inquiry.pk}/change/"


def test_a_reference_that_itself_begins_with_gs(client, carla):
    inquiry, _other = some_inquiries(2)
    Inquiry.objects.filter(pk=inquiry.pk).update(reference="GS-GSAB-2345")

    for term in ("GS-GSAB-2345", "GSAB2345", "gsab"):
        assert client.post(SEARCH, {"term": term}).status_code == 302, term


def test_a_partial_reference_finds_all_that_begin_with_it(client, carla):
    many_inquiries(3)

    response = client.post(SEARCH, {"term": "GS-"})
    assert found(response) == []
    response = client.post(SEARCH, {"term": "ZZZ"})
    assert found(response) == []
    for number, inquiry in enumerate(Inquiry.objects.order_by("pk")):
        Inquiry.objects.filter(pk=inquiry.pk).update(reference=f"GS-AAAA-AAA{number + 2}")
    assert len(found(client.post(SEARCH, {"term": "aaaa"}))) == 3


def test_an_address_finds_every_request_of_that_person(client, carla):
    first, second = an_inquiry(), an_inquiry(address="192.0.2.7")
    an_inquiry(email="peter@example.org", address="192.0.2.8")

    response = client.post(SEARCH, {"term": " Amina.OKAFOR@example.org "})

    assert set(found(response)) == {first, second}
    assert "Cache-Control" in response.headers
    assert "no-store" in response.headers["Cache-Control"]


def test_a_part_of_an_address_or_a_name_finds_nothing(client, carla):
    an_inquiry()
    for term in ("amina.okafor@example", "@example.org", "Amina", "Okafor", "Amina Okafor", "", "%", "__", "GS-%"):
        assert found(client.post(SEARCH, {"term": term})) == [], term


def test_a_clinician_finds_only_what_they_see(client):
    an_inquiry()
    client.force_login(a_clinician(team=None))

    assert found(client.post(SEARCH, {"term": "amina.okafor@example.org"})) == []
    assert found(client.post(SEARCH, {"term": Inquiry.objects.get().reference})) == []


def test_a_superuser_cannot_search_by_address_and_is_told_why(client):
    inquiry, root = an_inquiry(), a_superuser()
    client.force_login(root)
    # Breaking the glass of one request does not help: it opens only that one.
    with_a_reason(inquiry, root, "fault")
    other = an_inquiry(address="192.0.2.7")

    response = client.post(SEARCH, {"term": "amina.okafor@example.org"})
    html = response.content.decode()

    assert found(response) == []
    assert not [each for each in (inquiry, other) if each.reference in html]
    assert "Because you run the site, you may not see who wrote." in html
    assert "or the whole e-mail address" not in html
    assert not AuditEvent.objects.filter(action="searched").exists()
    # A search by reference still finds it.
    assert client.post(SEARCH, {"term": other.reference}).status_code == 302


def test_the_search_term_is_stored_nowhere(client, carla, caplog):
    an_inquiry()
    with caplog.at_level(logging.DEBUG, logger="django"):
        client.post(SEARCH, {"term": "amina.okafor@example.org"})
        client.post(SEARCH, {"term": "peter@example.org"})
        client.post(SEARCH, {"term": "GS-2222"})

    searches = AuditEvent.objects.filter(action="searched").order_by("sequence")
    assert [search.detail for search in searches] == ["by e-mail: 1", "by e-mail: 0", "by reference: 0"]
    assert {search.actor for search in searches} == {"carla"}
    lines = [record.getMessage() for record in caplog.records if record.name != "django.db.backends"]
    assert "amina.okafor" not in " ".join(lines)


def test_the_empty_form_searches_nothing(client, carla):
    assert client.get(SEARCH).status_code == 200
    client.post(SEARCH, {"term": "x"})
    client.post(SEARCH)

    assert not AuditEvent.objects.filter(action="searched").exists()


@pytest.mark.parametrize(
    "term", ["x" * 10_000, "GS-" * 3000, "@" * 5000, "ﬀ@ⅷ", "🦠@🦠", "'; DROP TABLE", "\u202e@", "\\", "<b>@"]
)
def test_hostile_terms_find_nothing(client, carla, term):
    an_inquiry()
    response = client.post(SEARCH, {"term": term})

    assert response.status_code == 200
    assert found(response) == []
    assert "<b>@" not in response.content.decode()


def test_earlier_requests_of_the_same_person(carla):
    first, second = an_inquiry(), an_inquiry(address="192.0.2.7", email="AMINA.okafor@example.org")
    other = an_inquiry(address="192.0.2.8", email="peter@example.org")

    assert list(Inquiry.objects.of_the_same_person(second)) == [first]
    assert not Inquiry.objects.of_the_same_person(other).exists()
    Inquiry.objects.update(email_index="")
    first.refresh_from_db()
    assert not Inquiry.objects.of_the_same_person(first).exists()


def test_a_search_shows_at_most_fifty(client, carla):
    made = many_inquiries(60)
    Inquiry.objects.update(email_index=an_inquiry().email_index)

    response = client.post(SEARCH, {"term": "amina.okafor@example.org"})
    assert len(made) == 60
    assert len(found(response)) == 50
    assert "These are the first 50" in response.content.decode()


def test_a_request_that_is_over_is_found_too(client, carla):
    inquiry = an_inquiry()
    actions.change_status(inquiry, to="spam", by=carla)

    assert found(client.post(SEARCH, {"term": "amina.okafor@example.org"})) == [inquiry]
