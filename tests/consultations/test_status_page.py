import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consultations import actions
from consultations.models import Inquiry, RateLimit, Status, StatusPass
from consultations.status.wording import DESCRIPTIONS
from gutskin import limits
from gutskin.audit.models import AuditEvent
from tests.consultations.factories import a_clinician, a_coordinator, an_inquiry
from tests.consultations.visits import STATUS, code_of, in_a_visit, page
from tests.silent_database import silent_database

pytestmark = pytest.mark.django_db
WRONG = "AAAA-BBBB-CCCC-DDDD"


def later(**ago):
    return time_machine.travel(timezone.now() + timedelta(**ago), tick=False)


def without_tokens(response):
    return re.sub(r'(csrfmiddlewaretoken" value)="\w+"', r"\1", response.content.decode())


def test_the_code_opens_the_page_and_is_in_no_address(client):
    inquiry = an_inquiry()
    response = client.post(STATUS, {"code": code_of(inquiry)})

    assert (response.status_code, response.headers["Location"]) == (302, STATUS)
    assert inquiry.reference in page(client)
    assert AuditEvent.objects.first().action == "status_page_opened"


@pytest.mark.parametrize(
    "typed", [str.lower, lambda code: code.replace("-", ""), lambda code: f" {code.replace('-', ' ')} "]
)
def test_the_code_works_however_it_is_typed(client, typed):
    assert client.post(STATUS, {"code": typed(code_of(an_inquiry()))}).status_code == 302


def test_the_cookie_is_new_each_time_strict_and_closed_to_scripts(client):
    inquiry = an_inquiry()
    first = client.post(STATUS, {"code": code_of(inquiry)}).cookies["visit"]
    second = client.post(STATUS, {"code": code_of(inquiry)}).cookies["visit"]

    assert first.value != second.value
    assert (first["httponly"], first["samesite"], first["path"]) == (True, "Strict", "/")
    assert inquiry.reference not in first.value
    # The earlier visit is over: a secret that someone planted or kept opens nothing.
    client.cookies["visit"] = first.value
    assert inquiry.reference not in page(client)


def test_over_https_the_cookie_is_bound_to_the_host(client, settings):
    settings.SESSION_COOKIE_SECURE = True
    cookie = client.post(STATUS, {"code": code_of(an_inquiry())}, secure=True).cookies["__Host-visit"]

    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


def test_a_secret_that_a_visitor_brings_is_replaced(client):
    client.cookies["visit"] = "planted"

    assert client.post(STATUS, {"code": code_of(an_inquiry())}).cookies["visit"].value != "planted"


def test_every_wrong_code_gets_the_same_answer(client):
    erased = an_inquiry()
    code = code_of(erased)
    actions.erase(erased)
    tried = [WRONG, code, "x", "💊" * 50, "AAAA-BBBB-CCCC-DDD\0", "' OR 1=1 --"]
    answers = [client.post(STATUS, {"code": each}) for each in tried]

    assert {answer.status_code for answer in answers} == {200}
    assert len({without_tokens(answer) for answer in answers}) == 1
    assert "could not find a request with this code" in answers[0].content.decode()
    assert all("visit" not in answer.cookies for answer in answers)


def test_every_wrong_code_costs_the_same(client, django_assert_num_queries):
    an_inquiry()
    for code in (WRONG, "x", "y" * 190):
        # One for the rate limit and one look-up, in a transaction.
        with django_assert_num_queries(4):
            client.post(STATUS, {"code": code})


def test_after_too_many_codes_from_one_address_even_right_ones_are_refused(client, settings):
    settings.CLINIC_PHONE = "020 7946 0000"
    inquiry = an_inquiry()
    with time_machine.travel(datetime(2026, 11, 23, 10, 20, tzinfo=UTC), tick=False):
        for _ in range(limits.CODES_PER_HOUR):
            assert client.post(STATUS, {"code": WRONG}).status_code == 200
        response = client.post(STATUS, {"code": code_of(inquiry)})

        assert response.status_code == 429
        assert "after 11:00" in response.content.decode()
        assert "020 7946 0000" in response.content.decode()
        assert response.headers["Retry-After"] == "2401"
        assert client.post(STATUS, {"code": code_of(inquiry)}, REMOTE_ADDR="192.0.2.9").status_code == 302
    with time_machine.travel(datetime(2026, 11, 23, 11, 0, tzinfo=UTC), tick=False):
        assert client.post(STATUS, {"code": code_of(inquiry)}).status_code == 302


def test_attempts_from_many_addresses_lock_no_one_else_out(client):
    inquiry = an_inquiry()
    for number in range(4):
        client.post(STATUS, {"code": WRONG}, REMOTE_ADDR=f"198.51.100.{number}")
    # As if each address had tried as often as it may.
    RateLimit.objects.update(count=1_000_000)

    assert client.post(STATUS, {"code": WRONG}, REMOTE_ADDR="198.51.100.1").status_code == 429
    assert client.post(STATUS, {"code": WRONG}, REMOTE_ADDR="203.0.113.5").status_code == 200
    assert client.post(STATUS, {"code": code_of(inquiry)}, REMOTE_ADDR="203.0.113.5").status_code == 302


def test_an_empty_code_is_asked_for_and_not_counted(client):
    for _ in range(limits.CODES_PER_HOUR + 1):
        response = client.post(STATUS, {"code": " "})

    assert "Enter the code" in response.content.decode()


def test_a_visit_ends_by_itself_and_says_so(client):
    inquiry = an_inquiry()
    in_a_visit(client, inquiry)
    with later(minutes=31):
        response = client.get(STATUS)

    assert inquiry.reference not in response.content.decode()
    assert "Your visit is over" in response.content.decode()
    assert response.cookies["visit"]["max-age"] == 0


def test_the_page_says_when_it_closes(client):
    with time_machine.travel(datetime(2026, 11, 23, 10, 20, tzinfo=UTC), tick=False):
        html = page(in_a_visit(client, an_inquiry()))

    assert "10:50" in html
    assert 'data-seconds="1801"' in html
    assert '<noscript><meta http-equiv="refresh" content="1801; url=/consult/status/?for_request=' in html
    assert re.search(r"<noscript><p>What you have not sent by then is lost\..*stay longer\.</p></noscript>", html)


def test_staying_longer_starts_a_new_visit_and_keeps_the_typed_text(client):
    inquiry = an_inquiry()
    in_a_visit(client, inquiry)
    before = client.cookies["visit"].value
    with later(minutes=29):
        response = client.post(reverse("consultations:status-stay"), {"text": "It itches at", "key": "x"})
    html = response.content.decode()
    assert "It itches at" in html
    assert client.cookies["visit"].value != before
    # It worked, so there is no error and no alert.
    assert "<title>Your request" in html
    assert '<div class="panel" role="status"' in html
    assert 'class="error-summary"' not in html

    with later(minutes=50):
        assert inquiry.reference in page(client)
        assert client.post(reverse("consultations:status-stay")).status_code == 302
    assert not inquiry.messages.exists()


def test_leaving_ends_the_visit_and_leads_to_a_public_page():
    client = Client(enforce_csrf_checks=True)
    inquiry = an_inquiry()
    secret = actions.begin_visit(inquiry, "code")
    client.cookies["visit"] = secret
    response = client.post(reverse("consultations:status-leave"))

    assert (response.status_code, response.headers["Location"]) == (302, "/")
    client.cookies["visit"] = secret
    assert inquiry.reference not in page(client)


def test_each_status_has_a_description():
    assert set(DESCRIPTIONS) == set(Status)


def test_a_late_reply_is_admitted(client):
    inquiry = an_inquiry()
    with later(days=60):
        assert "We are late" in page(in_a_visit(client, inquiry))
    assert "We are late" not in page(in_a_visit(client, inquiry))


def test_a_merged_request_names_the_other_and_does_not_open_it(client):
    inquiry, other = an_inquiry(), an_inquiry(question="Is it catching?")
    actions.merge(inquiry, into=other, by=a_coordinator())
    html = page(in_a_visit(client, inquiry))

    assert other.reference in html
    assert "Is it catching?" not in html


def test_the_page_shows_one_request_only(client):
    mine, other = an_inquiry(), an_inquiry(name="Peter Lindqvist")
    actions.reply(other, text="Peter, please see us.", key=uuid.uuid4(), by=a_clinician())
    html = page(in_a_visit(client, mine))

    assert other.reference not in html
    assert "Peter" not in html


def test_who_opened_it_is_named_with_role_and_time(client):
    inquiry = an_inquiry()
    david = a_clinician()
    david.first_name, david.last_name = "David", "Cohen"
    david.save()
    with time_machine.travel(datetime(2026, 11, 23, 10, 20, tzinfo=UTC), tick=False):
        actions.record_view(inquiry, by=david)
    with time_machine.travel(datetime(2026, 11, 23, 10, 40, tzinfo=UTC), tick=False):
        actions.record_view(inquiry, by=david)
    with time_machine.travel(datetime(2026, 11, 24, 9, 0, tzinfo=UTC), tick=False):
        actions.record_view(inquiry, by=a_coordinator())
    text = " ".join(re.sub(r"<[^>]+>", " ", page(in_a_visit(client, inquiry))).split())

    assert "David Cohen (clinician) 23 November 2026, 10:20 to 10:40: opened your request" in text
    assert "a member of our team (passes requests on to clinicians) 24 November 2026, 09:00 : opened" in text
    assert "carla" not in text


def test_who_opened_it_keeps_the_role_of_then(client):
    inquiry, david = an_inquiry(), a_clinician()
    actions.record_view(inquiry, by=david)
    david.groups.set(Group.objects.filter(name="Privacy lead"))
    actions.record_view(inquiry, by=get_user_model().objects.get(pk=david.pk))
    text = " ".join(re.sub(r"<[^>]+>", " ", page(in_a_visit(client, inquiry))).split())

    assert text.index("a member of our team (looks after privacy)") < text.index("a member of our team (clinician)")


def test_after_a_message_the_page_says_whom_to_call_if_it_cannot_wait(client, settings):
    settings.CLINIC_PHONE = "+44 20 7946 0000"
    inquiry = an_inquiry()
    in_a_visit(client, inquiry)
    before = page(client)
    client.post(f"{STATUS}message/", {"text": "It itches at night.", "key": str(uuid.uuid4())})
    sent = client.get(f"{STATUS}?done=message").content.decode().partition("Your message is with us.")[2]

    assert 'href="tel:999"' in sent.partition("</div>")[0]
    assert "116 123" in sent.partition("</div>")[0]
    assert "+44 20 7946 0000" in before
    assert "+44 20 7946 0000" in sent.partition("</div>")[0]


def test_markup_in_answers_and_messages_is_shown_as_text(client):
    inquiry = an_inquiry(question="</dd><script>x</script>")
    actions.receive_message(inquiry, text="<img src=x>", key=uuid.uuid4())
    html = page(in_a_visit(client, inquiry))

    assert "<script>x" not in html
    assert "<img src=x" not in html


def test_a_text_that_cannot_be_decrypted_does_not_break_the_page(client):
    inquiry = an_inquiry()
    actions.receive_message(inquiry, text="Hello.", key=uuid.uuid4())
    other = an_inquiry()
    with connection.cursor() as cursor:
        cursor.execute("SELECT question FROM consultations_inquiry WHERE id = %s", [other.pk])
        foreign = cursor.fetchone()[0]
        cursor.execute("UPDATE consultations_inquiry SET question = %s WHERE id = %s", [foreign, inquiry.pk])
        cursor.execute("UPDATE consultations_message SET text = %s", [foreign])
    html = page(in_a_visit(client, inquiry))

    assert "This message cannot be opened" in html
    assert "This answer cannot be opened" in html
    assert inquiry.skin_problem in html


def test_thirty_messages_cost_as_many_queries_as_three(client, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr("gutskin.limits.MESSAGES_PER_HOUR", 100)
    inquiry, david, carla = an_inquiry(), a_clinician(), a_coordinator()

    def busy(count):
        for number in range(count):
            actions.reply(inquiry, text=f"Reply {number}.", key=uuid.uuid4(), by=david)
            actions.receive_message(inquiry, text=f"Thank you {number}.", key=uuid.uuid4())
            actions.record_view(inquiry, by=carla)

    busy(3)
    in_a_visit(client, inquiry)
    client.get(STATUS)
    with django_assert_num_queries(QUERIES_OF_THE_PAGE):
        client.get(STATUS)
    busy(27)
    client.get(STATUS)
    with django_assert_num_queries(QUERIES_OF_THE_PAGE):
        html = page(client)
    assert "Thank you 26." in html


# The visit with its request, messages, their warning signs, audit events, people, groups, photos, consents.
QUERIES_OF_THE_PAGE = 7


def test_the_code_form_makes_no_query(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get(STATUS)


def test_an_expired_csrf_token_keeps_the_code():
    client = Client(enforce_csrf_checks=True)
    response = client.post(STATUS, {"code": WRONG, "csrfmiddlewaretoken": "expired"})

    assert response.status_code == 403
    assert WRONG in response.content.decode()


def test_the_code_is_kept_while_the_database_is_down(client):
    client.raise_request_exception = False

    with silent_database():
        response = client.post(STATUS, {"code": WRONG})

    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert WRONG in response.content.decode()


@pytest.mark.parametrize("name", ["message", "stay", "leave", "consent", "withdraw", "download", "erase"])
def test_without_a_visit_no_action_is_taken(client, name):
    inquiry = an_inquiry()
    response = client.post(reverse(f"consultations:status-{name}"), {"understood": "yes", "text": "Hello."})

    assert inquiry.reference not in response.content.decode()
    assert response.status_code in (302, 403)
    assert Inquiry.objects.get().status == "new"
    assert AuditEvent.objects.count() == 1


@pytest.mark.parametrize("cookie", ["", "\x00", "x" * 4000, "é", StatusPass.Purpose.LINK])
def test_an_invalid_cookie_opens_nothing(client, cookie):
    client.cookies["visit"] = cookie

    assert client.get(STATUS).status_code == 200


@pytest.mark.parametrize("path", ["", "message/", "download/", "erase/", "erased/", "leave/"])
def test_no_page_of_a_visit_is_cached(client, path):
    assert "no-store" in client.get(STATUS + path).headers["Cache-Control"]
