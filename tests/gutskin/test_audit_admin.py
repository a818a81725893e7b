"""The privacy lead's page: who did what to which request, and whether the log is intact."""

import csv
import io
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
import time_machine
from django.urls import reverse

from consultations.models import Outcome, Status, StoryAccess, Urgency
from gutskin.audit import hash_chain
from gutskin.audit.details import add_words, detail_in_words
from gutskin.audit.hash_chain import broken_links, record
from gutskin.audit.models import AuditEvent
from tests.audit_log import changed_by_hand, newest
from tests.consultations.factories import (
    a_clinical_reviewer,
    a_clinician,
    a_coordinator,
    a_privacy_lead,
    a_superuser,
    an_author,
    an_inquiry,
    some_inquiries,
)
from tests.pages import Page
from tests.staff_session import older_login

pytestmark = pytest.mark.django_db
LOG = "/admin/audit/auditevent/"
EXPORT, CHECK = f"{LOG}export/", f"{LOG}check/"


def shown(response):
    """The numbers of the events on the page, in their order."""
    return [line["event"].sequence for line in response.context["lines"]]


@pytest.mark.parametrize(
    "address", [LOG, "/admin/consultations/storyaccess/", "/admin/consultations/purgecertificate/"]
)
@pytest.mark.parametrize(
    ("role", "status"),
    [
        (a_privacy_lead, 200),
        (a_superuser, 200),
        (a_coordinator, 403),
        (a_clinician, 403),
        (an_author, 403),
        (a_clinical_reviewer, 403),
        (None, 302),
    ],
)
def test_who_may_read_the_log(client, role, status, address):
    an_inquiry()
    if role:
        client.force_login(role())

    assert client.get(address).status_code == status


@pytest.mark.parametrize("address", [EXPORT, CHECK])
@pytest.mark.parametrize("role", [a_coordinator, a_clinician, an_author])
def test_who_may_neither_save_nor_check_it(client, role, address):
    client.force_login(role())
    before = AuditEvent.objects.count()

    assert client.post(address).status_code == 403
    assert AuditEvent.objects.count() == before


def test_every_view_of_the_log_is_recorded(client, petra):
    inquiry = an_inquiry()

    client.get(LOG)
    assert (newest().actor, newest().action, newest().reference, newest().detail) == ("petra", "audit_viewed", "", "")
    client.get(LOG, {"reference": inquiry.reference, "since": "2026-01-01"})
    assert (newest().reference, newest().detail) == (inquiry.reference, "request day")


def test_the_log_stores_nothing_that_was_typed_into_its_filter(client, petra):
    client.get(LOG, {"actor": "psoriasis of Amina", "reference": "GS-NOBODY"})

    assert newest().action == "audit_viewed"
    assert (newest().reference, newest().detail) == ("", "who request")


def test_the_newest_events_come_first_and_older_ones_are_a_link_away(client, petra):
    for _number in range(120):
        record("listed", by="carla")

    first = client.get(LOG)
    assert shown(first) == list(range(120, 70, -1))
    second = client.get(f"{LOG}{first.context['older']}")
    assert shown(second) == list(range(70, 20, -1))
    third = client.get(f"{LOG}{second.context['older']}")
    assert shown(third) == list(range(20, 0, -1))
    assert third.context["older"] == ""


def test_events_of_one_person(client, petra):
    for actor in ("carla", "david", "carlax", "carla"):
        record("listed", by=actor)

    assert shown(client.get(LOG, {"actor": "carla"})) == [4, 1]
    (link, *_rest) = [a["href"] for a in Page(client.get(LOG).content.decode()).all("a") if "actor=david" in a["href"]]
    assert shown(client.get(link)) == [2]


def test_older_pages_keep_the_chosen_person(client, petra):
    for _number in range(60):
        record("listed", by="carla")
        record("listed", by="david & co")

    first = client.get(LOG, {"actor": "david & co"})
    second = client.get(f"{LOG}{first.context['older']}")

    assert {line["event"].actor for line in second.context["lines"]} == {"david & co"}
    assert len(shown(first)) + len(shown(second)) == 60


def test_who_viewed_one_request(client, petra):
    mine, other = some_inquiries(2)
    record("viewed", by="carla", reference=mine.reference)
    record("viewed", by="carla", reference=other.reference)
    record("note_added", by="carla", reference=mine.reference)
    record("story_read", by="david", reference=mine.reference)

    page = client.get(LOG, {"reference": f" {mine.reference.lower()} "})
    assert shown(page) == [6, 5, 3, 1]
    assert shown(client.get(f"{LOG}{page.context['views_query']}")) == [6, 3]
    assert shown(client.get(LOG, {"reference": mine.reference[:7]})) == []


def test_events_of_one_kind(client, petra):
    for action in ("listed", "exported", "listed"):
        record(action, by="carla")

    assert shown(client.get(LOG, {"action": "exported"})) == [2]


def test_days_are_those_of_the_clinic_and_both_included(client, petra):
    moments = [(6, 30, 22, 59), (6, 30, 23, 0), (7, 1, 22, 59), (7, 1, 23, 0)]
    for month, day, hour, minute in moments:
        with time_machine.travel(datetime(2026, month, day, hour, minute, tzinfo=UTC), tick=False):
            record("listed", by="carla")

    assert shown(client.get(LOG, {"since": "2026-07-01", "until": "2026-07-01"})) == [3, 2]
    assert shown(client.get(LOG, {"since": "2026-07-02"}))[-1] == 4
    assert shown(client.get(LOG, {"until": "2026-06-30"})) == [1]
    assert shown(client.get(LOG, {"since": "2027-01-01"})) == []
    assert shown(client.get(LOG, {"until": "2020-01-01"})) == []


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("since=yesterday", "Enter a valid date."),
        ("since=0001-01-01", "Choose a day from the year 2000 on."),
        ("until=9999-12-31", "Choose a day from the year 2000 on."),
        ("since=2026-07-02&until=2026-07-01", "This day is before the first one."),
        ("action=erased_by_aliens", "Select a valid choice"),
        (f"reference={'G' * 500}", "at most 12 characters"),
        (f"actor={'a' * 500}", "at most 150 characters"),
    ],
)
def test_an_invalid_filter_shows_an_error_and_no_events(client, petra, query, sentence):
    record("listed", by="carla")

    response = client.get(f"{LOG}?{query}")

    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert shown(response) == []


@pytest.mark.parametrize(
    "query",
    [
        "before=-1",
        "before=1e9",
        f"before={'9' * 40}",
        "before=%D9%A3",
        "before=%C2%B2",
        "before=",
        "id__in=1&q=%27&o=-99&p=1e400&all=&e=1&_facets=True",
        f"actor={quote('=1+1;<script>alert(1)</script>')}",
        "reference=%25&actor=%25",
    ],
)
def test_a_hostile_address_is_no_error(client, petra, query):
    record("listed", by="carla")

    response = client.get(f"{LOG}?{query}")

    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize("way", ["add/", "1/change/", "1/delete/", "1/history/", "1/"])
def test_events_can_be_neither_added_nor_changed_nor_deleted(client, way):
    client.force_login(a_superuser())
    record("listed", by="carla")

    assert client.get(LOG + way).status_code == 404
    assert client.post(LOG + way, {"actor": "nobody"}).status_code == 404


def test_a_post_to_the_list_runs_no_action(client):
    client.force_login(a_superuser())
    record("listed", by="carla")

    assert client.post(LOG, {"action": "delete_selected", "_selected_action": "1"}).status_code == 405


def test_an_intact_chain_is_reported_with_who_checked_it_and_when(client, petra):
    record("listed", by="carla")
    assert "No one has checked it here yet." in client.get(LOG).content.decode()

    html = client.post(CHECK, follow=True).content.decode()

    assert "The whole log is unchanged: events 1 to 2." in html
    assert (newest().action, AuditEvent.objects.get(sequence=3).detail) == ("audit_viewed", "1 2 0")
    assert "by petra:" in html
    assert "events 1 to 2: unchanged" in html
    assert list(broken_links()) == []


def test_a_row_changed_by_hand_is_reported(client, petra):
    for _number in range(3):
        record("listed", by="carla")
    changed_by_hand(2, actor="somebody-else")

    html = client.post(CHECK, follow=True).content.decode()

    assert "The log was altered in 1 place." in html
    assert "Event 2 is not what was written." in html
    assert "events 1 to 3: broken in 1 place" in html


def test_only_the_newest_events_of_a_long_log_are_checked_and_the_page_says_which(client, petra, monkeypatch):
    monkeypatch.setattr("gutskin.limits.MOST_CHECKED_EVENTS", 5)
    for _number in range(10):
        record("listed", by="carla")
    changed_by_hand(5, actor="somebody-else")

    html = client.post(CHECK, follow=True).content.decode()
    assert "Events 6 to 10 are unchanged. The command verify_audit_log checks older ones." in html

    changed_by_hand(9, actor="somebody-else")
    assert "Event 9 is not what was written." in client.post(CHECK, follow=True).content.decode()


def test_a_part_of_the_chain_is_checked_against_the_event_before_it():
    for _number in range(6):
        record("listed", by="carla")

    assert [list(broken_links(since=number)) for number in range(1, 8)] == [[]] * 7
    changed_by_hand(3, digest="0" * 64)
    assert list(broken_links(since=4)) == ["Event 4 is not what was written."]


def test_an_event_added_while_the_chain_is_read_does_not_break_it(monkeypatch):
    """Another process adds one after the head row was read: the log is longer, and intact."""
    for _number in range(3):
        record("listed", by="carla")
    reading = broken_links()

    head_of = hash_chain._head

    def head_and_one_more():
        head = head_of()
        monkeypatch.setattr(hash_chain, "_head", head_of)
        record("listed", by="david")
        return head

    monkeypatch.setattr(hash_chain, "_head", head_and_one_more)

    assert list(reading) == []


def test_the_chosen_events_are_exported_and_that_is_recorded(client, petra):
    record("status_changed", by="=carla", reference="GS-7K2M-9QXA", detail="new → in_triage")
    record("listed", by="david")

    response = client.post(f"{EXPORT}?actor=%3Dcarla")

    head, *rows = list(csv.reader(io.StringIO(response.content.decode().removeprefix("\ufeff"), newline="")))
    assert head == ["Number", "When", "Who", "What", "Request", "Detail", "Digest"]
    ((number, _when, who, what, request, detail, digest),) = rows
    assert (number, who, what, request) == ("1", "'=carla", "changed the status", "GS-7K2M-9QXA")
    assert detail == "New → In triage"
    assert digest == AuditEvent.objects.get(sequence=1).digest
    assert (newest().action, newest().actor, newest().detail) == ("exported", "petra", "audit-log 1")


def test_the_log_is_exported_by_post_and_after_reauthentication(client, petra):
    assert client.get(EXPORT).headers["Location"] == LOG
    assert client.post(f"{EXPORT}?since=yesterday").status_code == 404
    older_login(client, petra)

    response = client.post(EXPORT, headers={"referer": f"http://testserver{LOG}"})

    assert response.url.startswith(reverse("account_reauthenticate"))
    assert not AuditEvent.objects.filter(action="exported").exists()


def test_details_are_shown_in_words(client, petra):
    record("exported", by="carla", detail="weeks 26")
    record("closed-by-hand", by="carla", detail="what no code of ours is")

    html = client.get(LOG).content.decode()

    assert "exported figures: requests by week, 26 rows" in html
    assert "what no code of ours is" in html


@pytest.mark.parametrize("choices", [Status, Urgency, Outcome, StoryAccess.Reason])
def test_every_code_in_a_detail_has_the_words_of_its_own_list(choices):
    assert {code: detail_in_words(AuditEvent.Action.STATUS_CHANGED, code) for code in choices.values} == {
        code: str(words) for code, words in choices.choices
    }


def test_an_exported_table_has_its_own_words_even_if_a_code_is_called_the_same():
    words = detail_in_words(AuditEvent.Action.EXPORTED, "urgency 12")

    assert words == "time to the first reply, by urgency, 12 rows"


def test_a_code_cannot_get_a_second_meaning():
    with pytest.raises(ValueError, match="two meanings: urgency"):
        add_words({"urgency": "time to the first reply"})
    assert detail_in_words(AuditEvent.Action.STATUS_CHANGED, "urgency") == "To judge how urgent it is"
