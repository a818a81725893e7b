"""The queue: its tabs, columns, filters and order, and the number of queries."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultations import actions
from consultations.models import Inquiry, Message, QueuePreference, Team, Urgency
from consultations.red_flags import find_red_flags_in
from gutskin.audit.models import AuditEvent
from gutskin.mail.models import Notification
from tests.consultations.factories import (
    a_clinician,
    a_coordinator,
    a_privacy_lead,
    an_article,
    an_author,
    an_inquiry,
    many_inquiries,
    some_inquiries,
)
from tests.consultations.staff_pages import QUEUE

pytestmark = pytest.mark.django_db


def rows(client, **query):
    """Returns the references in the order of the list."""
    response = client.get(QUEUE, query)
    assert response.status_code == 200
    return [inquiry.reference for inquiry in response.context["cl"].result_list]


def make_late(inquiry):
    now = timezone.now()
    Inquiry.objects.filter(pk=inquiry.pk).update(received_at=now - timedelta(days=30), due_at=now - timedelta(days=1))


def counts(client):
    return {each["tab"].name: each["tab"].count for each in client.get(QUEUE).context["cl"].tabs}


@pytest.fixture
def one_under_each_tab(carla, client):
    """One request for each tab, of which “All open” holds all before it; David sees the list."""
    mine, late, urgent, waiting, answered, over, plain = [*some_inquiries(6), an_inquiry(address="203.0.113.1")]
    david, maria = a_clinician(), a_clinician("maria")
    client.force_login(david)
    actions.assign(mine, to=david, by=carla)
    make_late(late)
    actions.set_urgency(urgent, to="urgent", by=carla)
    for inquiry in (late, urgent, waiting, answered):
        actions.assign(inquiry, to=maria, by=carla)
    actions.change_status(waiting, to="in_triage", by=carla)
    actions.change_status(waiting, to="waiting_for_patient", by=carla)
    actions.change_status(answered, to="in_triage", by=carla)
    actions.change_status(answered, to="answered", note="On the phone.", by=carla)
    actions.change_status(over, to="spam", by=carla)
    return {
        "mine": [mine],
        "unassigned": [plain],
        "overdue": [late],
        "urgent": [urgent],
        "waiting": [waiting],
        "open": [mine, late, urgent, waiting, plain],
        "answered": [answered],
        "over": [over],
    }


def test_each_tab_shows_its_requests_and_counts_them(client, one_under_each_tab):
    for name, inquiries in one_under_each_tab.items():
        assert set(rows(client, tab=name)) == {inquiry.reference for inquiry in inquiries}, name

    assert counts(client) == {name: len(inquiries) for name, inquiries in one_under_each_tab.items()}
    html = client.get(QUEUE, {"tab": "overdue"}).content.decode()
    assert re.search(r'aria-current="page">Overdue <span class="tabs__count">1</span>', html)


@pytest.mark.parametrize("tab", ["", "nothing", "open&tab=", "9" * 5000])
def test_an_unknown_tab_shows_all_open_requests(client, carla, tab):
    inquiry = an_inquiry()
    actions.change_status(an_inquiry(), to="spam", by=carla)

    assert rows(client, tab=tab) == [inquiry.reference]


def test_an_answered_request_is_not_owed_a_reply(client, carla):
    inquiry = an_inquiry()
    actions.set_urgency(inquiry, to="urgent", by=carla)
    for step in ("in_triage", "answered"):
        actions.change_status(inquiry, to=step, note="On the phone.", by=carla)
    make_late(inquiry)

    found = counts(client)
    assert found["answered"] == 1
    assert {found[name] for name in ("overdue", "urgent", "unassigned", "open")} == {0}


def test_requests_of_a_colleague_who_has_left_are_unassigned_and_keep_the_name(client, carla):
    left, here, over = some_inquiries(3)
    david, maria = a_clinician(), a_clinician("maria")
    for inquiry, to in ((left, david), (over, david), (here, maria)):
        actions.assign(inquiry, to=to, by=carla)
    actions.change_status(over, to="spam", by=carla)
    assert (rows(client, tab="unassigned"), counts(client)["unassigned"]) == ([], 0)

    david.is_active = False
    david.save()

    assert rows(client, tab="unassigned") == rows(client, assignee="none") == [left.reference]
    assert counts(client)["unassigned"] == 1
    html = client.get(QUEUE).content.decode()
    assert re.findall(r'class="field-assignee_name">([^<]*)<', html) == ["david (has left)", "maria"]
    html = client.get(f"{QUEUE}{left.pk}/change/").content.decode()
    assert "<dd>david (has left)</dd>" in html
    html = client.post(f"{QUEUE}search/", {"term": "amina0@example.org"}).content.decode()
    assert "<td>david (has left)</td>" in html
    # If the account is deleted, the request has no assignee.
    david.delete()
    assert rows(client, tab="unassigned") == [left.reference]
    assert "–" in client.get(QUEUE, {"tab": "unassigned"}).content.decode()


def test_a_clinician_counts_and_sees_only_their_own(client):
    psoriasis = an_article()
    about, other = an_inquiry(condition=psoriasis), an_inquiry()
    david = a_clinician(team="Psoriasis")
    Team.objects.get(name="Psoriasis").topics.add(psoriasis)
    client.force_login(david)

    assert rows(client) == [about.reference]
    assert counts(client)["open"] == 1
    actions.assign(other, to=david, by=a_coordinator())
    assert set(rows(client)) == {about.reference, other.reference}
    assert rows(client, tab="mine") == [other.reference]


def test_overdue_requests_come_first_and_are_marked(client, carla):
    late, early = some_inquiries(2)
    make_late(late)

    assert rows(client) == [late.reference, early.reference]
    assert client.get(QUEUE).content.decode().count("chip--overdue") == 1


def test_the_queue_starts_with_overdue_then_urgent_then_soonest_due_then_what_needs_no_reply(client, carla):
    waiting, routine, due_sooner, urgent, soon, late = some_inquiries(6)
    for inquiry, urgency in ((waiting, "urgent"), (urgent, "urgent"), (soon, "soon")):
        actions.set_urgency(inquiry, to=urgency, by=carla)
    for step in ("in_triage", "waiting_for_patient"):
        actions.change_status(waiting, to=step, by=carla)
    Inquiry.objects.filter(pk=due_sooner.pk).update(due_at=routine.due_at - timedelta(days=2))
    make_late(late)

    expected = [late, urgent, soon, due_sooner, routine, waiting]
    assert rows(client) == [inquiry.reference for inquiry in expected]


def test_a_message_that_raises_the_urgency_moves_its_request_up(client, carla):
    first, second = some_inquiries(2)
    assert rows(client) == [first.reference, second.reference]

    signs = find_red_flags_in("My tongue is swollen.")
    actions.receive_message(second, text="My tongue is swollen.", key=second.public_id, signs=signs)

    assert rows(client) == [second.reference, first.reference]


def test_requests_no_longer_open_are_sorted_by_closing_date(client, carla):
    first, second = some_inquiries(2)
    actions.change_status(second, to="spam", by=carla)
    actions.change_status(first, to="spam", by=carla)

    assert rows(client, tab="over") == [first.reference, second.reference]


def test_age_is_counted_in_working_days(client, carla, time_machine):
    time_machine.move_to("2026-11-20 10:00+00:00", tick=False)  # a Friday
    inquiry = an_inquiry()
    time_machine.move_to("2026-11-24 10:00+00:00", tick=False)  # the Tuesday after
    client.force_login(carla)

    assert '<td class="field-age">2</td>' in client.get(QUEUE).content.decode()
    actions.change_status(inquiry, to="spam", by=carla)
    time_machine.move_to("2026-12-24 10:00+00:00", tick=False)
    client.force_login(carla)
    assert '<td class="field-age">2</td>' in client.get(QUEUE, {"tab": "over"}).content.decode()


def test_a_message_that_is_not_answered_is_marked_read_or_not(client, carla):
    inquiry, _silent = some_inquiries(2)
    actions.receive_message(inquiry, text="It itches more now.", key=inquiry.public_id)

    html = client.get(QUEUE).content.decode()
    assert html.count("New message") == 1
    assert "It itches" not in html

    Message.objects.update(read_at=timezone.now())
    assert "New message" in client.get(QUEUE).content.decode()


def test_every_look_at_the_list_is_recorded(client, carla):
    client.get(QUEUE)
    client.get(QUEUE, {"tab": "urgent"})

    looks = AuditEvent.objects.filter(action="listed").order_by("sequence")
    assert [(look.actor, look.detail) for look in looks] == [("carla", "open"), ("carla", "urgent")]


def test_sorting_by_a_column_is_not_stored(client, carla):
    routine, urgent = some_inquiries(2)
    actions.set_urgency(urgent, to="urgent", by=carla)

    assert rows(client, o="3") == [routine.reference, urgent.reference]
    assert rows(client, o="-3") == [urgent.reference, routine.reference]
    for column in range(1, 9):
        assert client.get(QUEUE, {"o": f"-{column}"}).status_code == 200


def test_an_order_is_chosen_and_stored(client, carla):
    older, newer = some_inquiries(2)
    make_late(newer)
    assert rows(client)[0] == newer.reference

    response = client.post(f"{QUEUE}order/", {"order": "newest", "tab": "open"})
    assert response.headers["Location"] == f"{QUEUE}?tab=open"
    Inquiry.objects.filter(pk=newer.pk).update(received_at=timezone.now() - timedelta(days=40))
    assert rows(client) == [older.reference, newer.reference]
    assert rows(client) == [older.reference, newer.reference]
    assert '<option value="newest" selected>' in client.get(QUEUE).content.decode()

    client.post(f"{QUEUE}order/", {"order": "work"})
    assert rows(client)[0] == newer.reference


@pytest.mark.parametrize("order", ["due", "urgent", "oldest", "newest"])
def test_each_order_sorts(client, carla, order):
    first, second = some_inquiries(2)
    now = timezone.now()
    Inquiry.objects.filter(pk=first.pk).update(received_at=now - timedelta(days=3), due_at=now + timedelta(days=9))
    Inquiry.objects.filter(pk=second.pk).update(received_at=now - timedelta(days=1), due_at=now + timedelta(days=2))
    Inquiry.objects.filter(pk=second.pk).update(urgency="urgent")
    client.post(f"{QUEUE}order/", {"order": order})

    expected = [first, second] if order == "oldest" else [second, first]
    assert rows(client) == [inquiry.reference for inquiry in expected]


def test_urgencies_sort_by_their_values():
    """`order_by("-urgency")` relies on the alphabetical order of the values."""
    assert sorted(Urgency.values) == ["routine", "soon", "urgent"] == list(Urgency.values)


@pytest.mark.parametrize("order", ["", "worst", "-received_at", "x" * 500])
def test_an_unknown_order_is_not_stored(client, carla, order):
    assert client.post(f"{QUEUE}order/", {"order": order, "tab": "//evil.example"}).headers["Location"] == QUEUE
    assert not QueuePreference.objects.exists()


def test_each_user_has_an_order_of_their_own(client, carla):
    client.post(f"{QUEUE}order/", {"order": "oldest"})
    client.force_login(a_coordinator("cem"))

    assert '<option value="work" selected>' in client.get(QUEUE).content.decode()


def test_an_order_is_chosen_by_post_only(client, carla):
    assert client.get(f"{QUEUE}order/", {"order": "oldest"}).headers["Location"] == QUEUE
    assert '<option value="oldest" selected>' not in client.get(QUEUE).content.decode()


@pytest.mark.parametrize("person", [an_author, a_privacy_lead])
@pytest.mark.parametrize("page", ["", "order/", "search/"])
def test_other_roles_have_no_queue(client, person, page):
    client.force_login(person())

    assert client.post(f"{QUEUE}{page}", {"order": "oldest", "term": "GS-"}).status_code == 403
    assert not AuditEvent.objects.filter(action__in=["listed", "searched"]).exists()


def test_filters_apply_within_the_tab(client, carla):
    article, david = an_article(), a_clinician()
    about, other = an_inquiry(condition=article), an_inquiry()
    actions.assign(about, to=david, by=carla)
    actions.set_urgency(about, to="soon", by=carla)

    for query in (
        {"topic": article.pk},
        {"topic": article.title[1:6].upper()},
        {"assignee": david.pk},
        {"urgency": "soon"},
    ):
        assert rows(client, **query) == [about.reference]
    for query in ({"topic": "none"}, {"topic": "something else"}, {"assignee": "none"}, {"urgency": "routine"}):
        assert rows(client, **query) == [other.reference]
    assert rows(client, topic=article.pk, urgency="urgent") == []
    assert set(rows(client, topic="", assignee="4711", urgency="'--")) == {about.reference, other.reference}


@pytest.mark.parametrize(
    "lookup",
    [
        "name",
        "question__contains",
        "email__startswith",
        "email_index__startswith",
        "receipt_digest",
        "status__in",
        "id",
    ],
)
def test_other_lookups_are_refused(client, carla, lookup):
    an_inquiry()

    assert client.get(QUEUE, {lookup: "A"}).status_code == 400


def test_a_search_term_in_the_address_is_ignored(client, carla):
    response = client.get(QUEUE, {"q": "amina.okafor@example.org"})

    assert response.status_code == 302
    assert response.headers["Location"] == f"{QUEUE}search/"
    assert '<input type="text" name="q"' not in client.get(QUEUE).content.decode()


def test_the_queue_warns_of_stuck_mails(client, carla):
    an_inquiry()
    assert "waiting for more than 5 minutes" not in client.get(QUEUE).content.decode()
    Notification.objects.update(created_at=timezone.now() - timedelta(minutes=6))

    assert "2 mails have been waiting" in client.get(QUEUE).content.decode()


def questions(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in queries]


@pytest.mark.slow
def test_three_thousand_requests_need_no_more_queries_than_thirty(client, carla, david):
    article = an_article()
    addresses = [QUEUE, f"{QUEUE}?tab=over", f"{QUEUE}?tab=mine&o=-6", f"{QUEUE}?topic={article.pk}"]

    def counted(user):
        client.force_login(user)
        # A clinician sees only what is theirs.
        Inquiry.objects.filter(assignee__isnull=False).update(assignee=user)
        return {address: len(questions(client, address)) for address in addresses}

    many_inquiries(30, condition=article, assignee=david)
    few_of_carla, few_of_david = counted(carla), counted(david)
    many_inquiries(2_970, condition=article, assignee=david)
    with connection.cursor() as cursor:
        # PostgreSQL does so by itself, but later; until then it may read the table once for each row.
        cursor.execute("ANALYZE")

    for user, few in ((carla, few_of_carla), (david, few_of_david)):
        assert counted(user) == few
        assert max(few.values()) <= 15
        assert len(questions(client, f"{QUEUE}?p=2")) == few[QUEUE]


def test_the_second_page_continues_the_first(client, carla):
    many_inquiries(70)

    first, second = rows(client), rows(client, p="2")
    assert (len(first), len(second)) == (50, 13)
    assert first + second == list(Inquiry.objects.open().as_queue().values_list("reference", flat=True))


def test_the_list_neither_fetches_nor_decrypts_what_was_written(client, carla):
    many_inquiries(3, condition=an_article())

    read = " ".join(questions(client, QUEUE))
    assert '"question"' not in read
    assert '"body"' not in read


def test_a_post_that_shows_the_list_is_recorded(client, carla):
    assert client.post(QUEUE, {"tab": "open"}).status_code == 200

    assert AuditEvent.objects.filter(action="listed", actor="carla").count() == 1
