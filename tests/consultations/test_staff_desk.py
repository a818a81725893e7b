import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultations import actions
from consultations.models import AuditEvent, Inquiry, Note, Notification, Team
from tests.consultations.factories import (
    ANSWERS,
    a_clinical_reviewer,
    a_clinician,
    a_coordinator,
    a_user,
    an_article,
    an_author,
    an_inquiry,
    some_inquiries,
)

pytestmark = pytest.mark.django_db
QUEUE = "/admin/consultations/inquiry/"
WRITTEN = [ANSWERS[name] for name in ("name", "email", "skin_problem", "gut_details", "tried", "question")]


def page_of(inquiry, step="change"):
    return f"{QUEUE}{inquiry.pk}/{step}/"


def anybody():
    return get_user_model().objects.create_user("passer-by")


def admin_user():
    return get_user_model().objects.create_superuser("root")


@pytest.fixture
def carla(client):
    user = a_coordinator()
    client.force_login(user)
    return user


@pytest.fixture
def david(client):
    user = a_clinician()
    client.force_login(user)
    return user


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (a_coordinator, 200),
        (a_clinician, 200),
        (admin_user, 200),
        (an_author, 403),
        (a_clinical_reviewer, 403),
        (anybody, 302),
        (None, 302),
    ],
)
def test_who_may_open_the_queue_and_a_request(client, role, status):
    inquiry = an_inquiry()
    if role:
        client.force_login(role())

    assert client.get(QUEUE).status_code == status
    response = client.get(page_of(inquiry))
    assert response.status_code == status
    assert (ANSWERS["question"] in response.content.decode()) == (status == 200)
    assert AuditEvent.objects.filter(action="viewed").exists() == (status == 200)


@pytest.mark.parametrize("step", ["status", "assign", "urgency", "note"])
@pytest.mark.parametrize(
    ("role", "status"), [(an_author, 403), (a_clinical_reviewer, 403), (anybody, 302), (None, 302)]
)
def test_who_may_not_act(client, role, status, step):
    inquiry = an_inquiry()
    if role:
        client.force_login(role())

    response = client.post(page_of(inquiry, step), {"to": "in_triage", "text": "hello"})

    assert response.status_code == status
    assert list(AuditEvent.objects.values_list("action", flat=True)) == ["submitted"]


def test_a_clinician_sees_neither_list_nor_page_of_a_colleagues_request(client, david):
    actions.assign(inquiry := an_inquiry(), to=a_clinician("maria"), by=a_coordinator())
    Team.objects.get().members.remove(david)

    assert inquiry.reference not in client.get(QUEUE).content.decode()
    assert client.get(page_of(inquiry)).status_code == 404
    for step in ("status", "assign", "urgency", "note"):
        assert client.post(page_of(inquiry, step), {"to": "in_triage", "text": "hello"}).status_code == 404


def test_the_groups_come_with_the_migrations():
    names = {
        name: set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))
        for name in ("Intake coordinator", "Clinician")
    }

    assert names["Intake coordinator"] >= {"view_inquiry", "change_inquiry", "view_every_inquiry"}
    assert names["Clinician"] >= {"view_inquiry", "change_inquiry"}
    assert "view_every_inquiry" not in names["Clinician"]


def test_the_queue_shows_the_work_and_nothing_that_was_written(client, carla):
    inquiry = an_inquiry(condition=an_article())
    actions.set_urgency(inquiry, to="urgent", by=carla)

    html = client.get(QUEUE).content.decode()

    assert inquiry.reference in html
    assert '<span class="chip chip--new">New</span>' in html
    assert '<span class="chip chip--urgent">Urgent</span>' in html
    assert "Psoriasis" in html
    assert not [text for text in WRITTEN if text in html]


def test_overdue_stands_first_and_says_so(client, carla):
    late, early = some_inquiries(2)
    now = timezone.now()
    Inquiry.objects.filter(pk=late.pk).update(received_at=now - timedelta(days=30), due_at=now - timedelta(days=1))

    html = client.get(QUEUE).content.decode()

    assert html.index(late.reference) < html.index(early.reference)
    assert html.count("chip--overdue") == 1


def test_the_queue_can_be_ordered_by_a_column(client, carla):
    some_inquiries(2)

    for column in range(1, 8):
        assert client.get(QUEUE, {"o": f"-{column}"}).status_code == 200


@pytest.mark.parametrize(
    "filters",
    [{"status__exact": "new"}, {"urgency__exact": "routine"}, {"assignee__isnull": "True"}, {"q": "GS-"}],
)
def test_filters_find(client, carla, filters):
    inquiry = an_inquiry()

    assert inquiry.reference in client.get(QUEUE, filters).content.decode()


@pytest.mark.parametrize("filters", [{"status__exact": "closed"}, {"urgency__exact": "soon"}, {"q": "Amina"}])
def test_filters_leave_out(client, carla, filters):
    inquiry = an_inquiry()

    assert inquiry.reference not in client.get(QUEUE, filters).content.decode()


def test_filters_show_counts(client, carla):
    some_inquiries(3)

    assert re.search(r"New\s*\(3\)", client.get(QUEUE).content.decode())


@pytest.mark.parametrize("lookup", ["name", "question__contains", "email__startswith"])
def test_what_was_written_cannot_be_fished_for(client, carla, lookup):
    an_inquiry()

    response = client.get(QUEUE, {lookup: "A"})

    assert response.status_code in (302, 400)


def queries_of(client, address):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_thirty_rows_cost_what_three_do(client, carla):
    article, david = an_article(), a_clinician()
    for inquiry in some_inquiries(3):
        actions.assign(inquiry, to=david, by=carla)
    Inquiry.objects.update(condition=article)
    three = queries_of(client, QUEUE)
    for number in range(27):
        inquiry = an_inquiry(condition=article, address=f"203.0.113.{number}")
        actions.assign(inquiry, to=david, by=carla)

    assert queries_of(client, QUEUE) == three
    assert three <= 22


def test_a_long_page_costs_what_a_short_one_does(client, carla):
    inquiry = an_inquiry()
    actions.add_note(inquiry, text="First.", by=carla)
    short = queries_of(client, page_of(inquiry))
    for number in range(20):
        actions.add_note(inquiry, text=f"Note {number}", by=carla)

    assert queries_of(client, page_of(inquiry)) == short


def test_the_page_shows_the_story_in_words(client, carla):
    html = client.get(page_of(an_inquiry())).content.decode()

    assert not [text for text in WRITTEN if text not in html]
    assert "Bloating or wind, Tummy pain or cramps" in html
    assert "6 weeks to 6 months" in html


def test_the_title_is_the_reference(client, carla):
    inquiry = an_inquiry()
    html = client.get(page_of(inquiry)).content.decode()
    title = re.search(r"<title>(.*?)</title>", html, re.DOTALL)[1]

    assert inquiry.reference in title
    assert str(inquiry) == inquiry.reference


def test_an_answer_that_does_not_open_is_said_and_the_others_are_shown(client, carla, settings):
    inquiry = an_inquiry()
    settings.FIELD_ENCRYPTION_KEYS = {"other": b"o" * 32} | settings.FIELD_ENCRYPTION_KEYS
    inquiry.question = "A newer question?"
    inquiry.save(update_fields=["question"])
    settings.FIELD_ENCRYPTION_KEYS = {"other": b"o" * 32}

    html = client.get(page_of(inquiry)).content.decode()

    assert "A newer question?" in html
    assert "This answer cannot be opened." in html


def test_every_opening_leaves_a_trace(client, carla):
    inquiry = an_inquiry()
    client.get(page_of(inquiry))
    client.get(page_of(inquiry))

    assert [event.actor for event in AuditEvent.objects.filter(action="viewed")] == ["carla", "carla"]


def test_only_allowed_steps_have_a_button(client, carla):
    inquiry = an_inquiry()

    html = client.get(page_of(inquiry)).content.decode()

    assert re.findall(r'name="to" value="([a-z_]+)"', html)[:3] == ["in_triage", "withdrawn", "spam"]


def test_a_button_moves_the_status(client, carla):
    inquiry = an_inquiry()

    response = client.post(page_of(inquiry, "status"), {"to": "in_triage"}, follow=True)

    assert Inquiry.objects.get().status == "in_triage"
    assert "the status is changed" in response.content.decode()
    assert "New → In triage" in response.content.decode()


@pytest.mark.parametrize("to", ["closed", "burnt", ""])
def test_a_step_that_is_not_allowed_is_explained(client, carla, to):
    inquiry = an_inquiry()

    response = client.post(page_of(inquiry, "status"), {"to": to}, follow=True)

    assert Inquiry.objects.get().status == "new"
    assert 'class="error"' in response.content.decode()


@pytest.mark.parametrize("step", ["status", "assign", "urgency", "note"])
def test_steps_need_a_post(client, carla, step):
    assert client.get(page_of(an_inquiry(), step)).status_code == 405


def test_assign_to_me_and_back(client, carla):
    inquiry = an_inquiry()

    client.post(page_of(inquiry, "assign"), {"to": carla.pk})
    assert Inquiry.objects.get().assignee == carla
    client.post(page_of(inquiry, "assign"), {"to": ""})
    assert Inquiry.objects.get().assignee is None


def test_who_may_not_answer_is_not_offered(client, carla):
    aisha = an_author()
    inquiry = an_inquiry()

    client.post(page_of(inquiry, "assign"), {"to": aisha.pk})

    assert Inquiry.objects.get().assignee is None
    assert f'value="{aisha.pk}">aisha' not in client.get(page_of(inquiry)).content.decode()


def test_a_clinician_who_hands_over_goes_back_to_the_queue(client, david):
    inquiry, maria = an_inquiry(), a_clinician("maria")
    actions.assign(inquiry, to=david, by=a_coordinator())
    Team.objects.get().members.remove(david)

    response = client.post(page_of(inquiry, "assign"), {"to": maria.pk})

    assert response.headers["Location"] == QUEUE


def test_urgency(client, carla):
    inquiry = an_inquiry()
    client.post(page_of(inquiry, "urgency"), {"to": "urgent"})

    assert Inquiry.objects.get().urgency == "urgent"


def test_a_note_is_kept_and_shown(client, carla):
    inquiry = an_inquiry()
    response = client.post(page_of(inquiry, "note"), {"text": "Ring her <b>on Monday</b>."}, follow=True)

    assert Note.objects.get().text == "Ring her <b>on Monday</b>."
    assert "Ring her &lt;b&gt;on Monday" in response.content.decode()


def test_a_note_that_is_too_long_is_not_lost(client, carla):
    inquiry = an_inquiry()
    response = client.post(page_of(inquiry, "note"), {"text": "long " * 2_001})

    assert not Note.objects.exists()
    assert "Please shorten this" in response.content.decode()
    assert "long long long" in response.content.decode()


def test_nothing_can_be_added_or_deleted_by_hand(client):
    client.force_login(admin_user())
    inquiry = an_inquiry()

    assert client.get(f"{QUEUE}add/").status_code == 403
    assert client.get(page_of(inquiry, "delete")).status_code == 403
    assert client.post(page_of(inquiry, "delete"), {"post": "yes"}).status_code == 403
    assert client.post(QUEUE, {"action": "delete_selected", "_selected_action": inquiry.pk}).status_code in (200, 302)
    assert client.post(page_of(inquiry), {"status": "closed"}).status_code == 405
    assert Inquiry.objects.get().status == "new"


def test_admins_own_log_says_nothing(client, carla):
    inquiry = an_inquiry()
    client.get(page_of(inquiry))
    client.post(page_of(inquiry, "status"), {"to": "in_triage"})
    client.post(page_of(inquiry, "note"), {"text": "hello"})

    assert not LogEntry.objects.exists()
    assert client.get(page_of(inquiry, "history")).headers["Location"] == page_of(inquiry)


def test_mails_that_do_not_leave_are_said_in_the_queue(client, carla):
    an_inquiry()
    assert "waiting for more than 5 minutes" not in client.get(QUEUE).content.decode()
    Notification.objects.update(created_at=timezone.now() - timedelta(minutes=6))

    assert "2 mails have been waiting" in client.get(QUEUE).content.decode()


def test_a_request_that_does_not_exist(client, carla):
    for number in ("4711", "abc", "9" * 30, "-1"):
        assert client.get(f"{QUEUE}{number}/change/").status_code == 404


def test_a_role_that_may_only_look_gets_no_buttons(client):
    looker = a_user("lena")
    looker.user_permissions.add(Permission.objects.get(codename="view_inquiry"))
    client.force_login(looker)
    inquiry = an_inquiry()

    assert "Assign to me" not in client.get(page_of(inquiry)).content.decode()
    assert client.post(page_of(inquiry, "status"), {"to": "in_triage"}).status_code == 403


def test_a_refused_note_shows_the_story_and_leaves_its_trace(client, carla):
    inquiry = an_inquiry()
    response = client.post(page_of(inquiry, "note"), {"text": ""})

    assert ANSWERS["question"] in response.content.decode()
    assert AuditEvent.objects.filter(action="viewed", actor="carla").count() == 1


def test_a_note_that_does_not_open_closes_nothing_else(client, carla):
    inquiry = an_inquiry()
    actions.add_note(inquiry, text="Lost.", by=carla)
    actions.add_note(inquiry, text="Ring her on Monday.", by=carla)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE consultations_note SET text = %s WHERE id = %s", ["1:gone:AAAA", Note.objects.last().pk])
    response = client.get(page_of(inquiry))

    assert response.status_code == 200
    assert "This note cannot be opened." in response.content.decode()
    assert ("Ring her on Monday." in response.content.decode()) != ("Lost." in response.content.decode())
    assert ANSWERS["question"] in response.content.decode()
