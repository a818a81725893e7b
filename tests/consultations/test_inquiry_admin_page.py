"""What the page of a request shows."""

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from consultations import actions
from consultations.models import Message, Note, Presence, RedFlagResult
from tests.consultations.factories import a_clinician, a_coordinator, a_superuser, an_inquiry
from tests.consultations.staff_pages import CONTACT, STORY, html_of, page_of, queries_of, with_a_reason

pytestmark = pytest.mark.django_db


def break_open(table, pk, field="text"):
    """Makes a field unreadable, as if its encryption key were lost."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE consultations_{table} SET {field} = %s WHERE id = %s", ["1:gone:AAAA", pk])  # noqa: S608 our own names


def test_the_page_shows_the_story_in_words(client, david):
    html = html_of(client, an_inquiry())

    assert not [text for text in CONTACT + STORY if text not in html]
    assert "Bloating or wind, Tummy pain or cramps" in html
    assert "6 weeks to 6 months" in html


def test_an_answer_that_cannot_be_decrypted_does_not_hide_the_others(client, david):
    inquiry = an_inquiry()
    break_open("inquiry", inquiry.pk, "question")

    html = html_of(client, inquiry)

    assert "This answer cannot be decrypted." in html
    assert STORY[0] in html


def test_a_note_or_message_that_cannot_be_decrypted_hides_nothing_else(client, david):
    inquiry = an_inquiry()
    for text in ("Lost.", "Ring her on Monday."):
        actions.add_note(inquiry, text=text, by=david)
        actions.reply(inquiry, text=f"{text} Yours, David", key=uuid.uuid4(), by=david)
    break_open("note", Note.objects.order_by("pk").first().pk)
    break_open("message", Message.objects.order_by("pk").first().pk)

    html = html_of(client, inquiry)

    assert "This note cannot be decrypted." in html
    assert "This message cannot be decrypted." in html
    assert html.count("Ring her on Monday.") == 2
    assert "Lost." not in html


def test_warning_signs_come_first_for_those_who_read_the_story(client, david):
    inquiry = an_inquiry()
    RedFlagResult.objects.create(inquiry=inquiry, rules="airway", version="2026-11", acknowledged_at=timezone.now())

    html = html_of(client, inquiry)
    assert html.index("Warning signs") < html.index(STORY[0])
    assert "<li>airway</li>" not in html  # in words, not by the id of the rule

    client.force_login(a_coordinator())
    assert "Warning signs" not in html_of(client, inquiry)


def test_warning_signs_that_cannot_be_decrypted_say_so(client, david):
    inquiry = an_inquiry()
    flags = RedFlagResult.objects.create(inquiry=inquiry, rules="airway", version="1", acknowledged_at=timezone.now())
    break_open("redflagresult", flags.pk, "rules")

    assert "The warning signs cannot be decrypted." in html_of(client, inquiry)


def test_what_was_written_cannot_become_markup(client, david):
    inquiry = an_inquiry(question="<script>alert(1)</script>", name="<b>Amina</b>")
    actions.add_note(inquiry, text="<i>note</i>", by=david)
    actions.receive_message(inquiry, text="<u>message</u>", key=uuid.uuid4())

    html = html_of(client, inquiry)

    assert not [tag for tag in ("<script>alert", "<b>Amina", "<i>note", "<u>message") if tag in html]


def test_a_second_colleague_sees_who_has_the_request_open_and_since_when(client, david, time_machine):
    inquiry, maria = an_inquiry(), a_clinician("maria")
    maria.first_name, maria.last_name = "Maria", "Keller"
    maria.save()
    time_machine.move_to(datetime(2026, 11, 23, 10, 2, tzinfo=UTC), tick=False)
    client.force_login(maria)
    assert "Also here" not in html_of(client, inquiry)

    time_machine.shift(timedelta(minutes=2))
    client.force_login(david)
    assert "Maria Keller has had this request open since 10:02" in html_of(client, inquiry)

    time_machine.shift(timedelta(minutes=2))
    assert "Also here" not in html_of(client, inquiry)
    assert Presence.objects.count() == 2


def test_presence_is_renewed_and_answers_with_others_and_new_messages(client, david, time_machine):
    inquiry, maria = an_inquiry(), a_clinician("maria")
    time_machine.move_to(datetime(2026, 11, 23, 10, tzinfo=UTC), tick=False)
    client.force_login(david)
    html_of(client, inquiry)
    for _minute in range(5):
        time_machine.shift(timedelta(minutes=1))
        said = client.post(page_of(inquiry, "presence"), {"seen": "0"}).content.decode()
        assert said.strip() == ""

    client.force_login(maria)
    actions.receive_message(inquiry, text="It itches.", key=uuid.uuid4())
    said = client.post(page_of(inquiry, "presence"), {"seen": "0"}).content.decode()
    assert "david has had this request open since 10:00" in said
    assert "There is a message that came after you opened this page" in said
    assert "It itches." not in said
    for seen in ("", "x", "-1", "9" * 40, str(Message.objects.get().pk)):
        assert "There is a message" not in client.post(page_of(inquiry, "presence"), {"seen": seen}).content.decode()


def test_the_timeline_is_in_words_and_groups_openings(client, david):
    inquiry = an_inquiry()
    actions.change_status(inquiry, to="in_triage", by=david)
    actions.change_status(inquiry, to="closed", outcome="advice_given", by=david)
    for _time in range(3):
        html = html_of(client, inquiry)

    timeline = html[html.index('id="timeline"') :]
    assert "New → In triage" in timeline
    assert "In triage → Closed → Advice given in writing" in timeline
    assert timeline.count("opened the request and read the story") == 1
    assert "(2 times)" in timeline


def test_a_returned_mail_says_whose_address_it_was(client, david):
    inquiry = an_inquiry()
    refused = {"last_error": "SMTPRecipientsRefused"}
    inquiry.notifications.filter(kind="intake_notice").update(**refused)
    inquiry.notifications.filter(kind="receipt").update(**refused)
    unreachable = "please find another way to reach the patient"
    html = html_of(client, inquiry)
    assert "our own mailbox refuses it; please tell the people who run this site" in html
    assert "waiting (SMTPRecipientsRefused)" in html
    assert unreachable not in html

    inquiry.notifications.filter(kind="receipt").update(refused_at=timezone.now())
    assert html_of(client, inquiry).count(unreachable) == 1


def test_older_lines_of_a_long_timeline_are_folded(client, david):
    inquiry = an_inquiry()
    for number in range(20):
        actions.set_urgency(inquiry, to=["urgent", "soon"][number % 2], by=david)

    html = html_of(client, inquiry)

    assert "<summary>9 earlier entries</summary>" in html
    assert html.count("changed the urgency") == 20


def test_messages_are_in_order_with_author_time_and_read_mark(client, david, time_machine):
    inquiry = an_inquiry()
    time_machine.move_to(datetime(2026, 11, 23, 10, tzinfo=UTC), tick=False)
    actions.reply(inquiry, text="Since when?", key=uuid.uuid4(), by=david)
    Message.objects.update(read_at=timezone.now())
    time_machine.shift(timedelta(hours=1))
    actions.receive_message(inquiry, text="Since March.", key=uuid.uuid4())
    client.force_login(david)

    html = html_of(client, inquiry)
    assert html.index("Since when?") < html.index("Since March.")
    assert re.search(r"read by the patient\s+23 November 2026", html)
    assert '<span class="chip chip--soon">New</span>' in html
    # Now the page has shown it.
    assert Message.objects.get(is_from_patient=True).read_at is not None
    assert '<span class="chip chip--soon">New</span>' not in html_of(client, inquiry)


def test_without_story_access_no_message_is_marked_as_read(client):
    inquiry = an_inquiry()
    actions.receive_message(inquiry, text="It itches.", key=uuid.uuid4())
    for user in (a_coordinator(), a_superuser()):
        client.force_login(user)
        assert "It itches." not in html_of(client, inquiry)

    assert Message.objects.get().read_at is None


def test_other_visible_requests_of_the_same_person_are_listed(client, david):
    earlier, inquiry = an_inquiry(), an_inquiry()
    other = an_inquiry(email="somebody.else@example.org")

    html = html_of(client, inquiry)

    assert earlier.reference in html
    assert other.reference not in html
    assert f"Merge into {earlier.reference}" in html

    narrow = a_clinician("nora", team=None)
    actions.assign(inquiry, to=narrow, by=david)
    client.force_login(narrow)
    assert earlier.reference not in html_of(client, inquiry)


def test_a_superuser_sees_no_other_requests_of_the_same_person(client):
    inquiry, other, third = an_inquiry(), an_inquiry(), an_inquiry()
    root = a_superuser()
    client.force_login(root)

    html = html_of(client, inquiry)
    assert not [each for each in (other, third) if each.reference in html]
    assert "You may not see who wrote, so you may not see these either." in html

    # Breaking the glass of one request opens no other.
    with_a_reason(inquiry, root, "fault")
    assert other.reference not in html_of(client, inquiry)
    with_a_reason(other, root, "fault")
    html = html_of(client, inquiry)
    assert other.reference in html
    assert third.reference not in html
    html = html_of(client, third)
    assert not [each for each in (inquiry, other) if each.reference in html]


def fill(inquiry, david, start, stop):
    for number in range(start, stop):
        actions.add_note(inquiry, text=f"Note {number}", by=david)
        actions.reply(inquiry, text=f"Reply {number}", key=uuid.uuid4(), by=david)
        actions.receive_message(inquiry, text=f"Message {number}", key=uuid.uuid4())
        an_inquiry(address=f"203.0.113.{number}")
        maria = a_clinician(f"maria-{number}")
        actions.record_presence(inquiry, by=maria)
        actions.record_view(inquiry, by=maria)


@pytest.mark.slow
def test_thirty_of_everything_need_no_more_queries_than_three(client, david, monkeypatch):
    monkeypatch.setattr("gutskin.limits.MESSAGES_PER_HOUR", 100)
    inquiry = an_inquiry()
    fill(inquiry, david, 0, 3)
    html_of(client, inquiry)
    three = queries_of(client, page_of(inquiry))
    fill(inquiry, david, 3, 30)
    html_of(client, inquiry)

    assert queries_of(client, page_of(inquiry)) == three
    # One of them asks for the role of the person, which the event records.
    assert three == 32


def test_a_closed_story_needs_no_more_queries(client):
    inquiry, carla = an_inquiry(), a_coordinator()
    client.force_login(carla)
    closed = queries_of(client, page_of(inquiry))
    with_a_reason(inquiry, carla)

    assert closed < queries_of(client, page_of(inquiry))
