"""The advice page, shown before a request with warning signs is sent."""

import html
import re
import uuid
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from consultations.models import Inquiry, RedFlagResult
from consultations.red_flags import VERSION
from gutskin.audit.models import AuditEvent
from tests.consultations.factories import ANSWERS, posted, shows_the_answers
from tests.consultations.form_pages import advice_read_on, csrf_token_in
from tests.silent_database import database_without_room, silent_database

pytestmark = pytest.mark.django_db
FORM, RECEIVED = "/consult/", "/consult/received/"
BLOOD = {"gut_details": "There is blood in my poo."}
WEIGHT = {"gut_details": "I have lost a lot of weight without trying."}


def inputs(response):
    """The hidden fields (name to values), as a browser would send them again."""
    found = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", response.content.decode()):
        name = re.search(r'name="([^"]*)"', tag)[1]
        value = re.search(r'value="([^"]*)"', tag, re.S)
        found.setdefault(name, []).append(html.unescape(value[1]) if value else "")
    return found


def is_advice(response):
    return "Please read this before you send your request" in response.content.decode()


def test_a_warning_sign_shows_advice_and_nothing_is_stored(client):
    response = client.post(FORM, posted(**BLOOD))

    page = response.content.decode()
    assert response.status_code == 200
    assert is_advice(response)
    assert "there is blood in the poo, or the poo is black" in page
    assert "care-card--urgent" in page
    assert "care-card--emergency" not in page
    assert not Inquiry.objects.exists()
    assert "no-store" in response.headers["Cache-Control"]


def test_the_advice_for_an_emergency_gives_the_emergency_numbers(client):
    page = client.post(FORM, posted(question="My tongue is swollen. What can I eat?")).content.decode()

    assert "Call 999, or your local emergency number, now if:" in page
    assert '<a dir="ltr" href="tel:999">999</a>' in page
    assert page.index("care-card--emergency") < page.index('<button class="button" name="advice_read"')


def positions(page, texts):
    return [page.index(text) for text in texts]


def test_the_steps_against_anaphylaxis_are_numbered_and_in_the_right_order(client):
    page = client.post(FORM, posted(question="My tongue swells and I feel faint after nuts.")).content.decode()

    steps = re.findall(r"<li>([^<]*)</li>", re.search(r"<ol>(.*?)</ol>", page, re.S)[1])
    first_words = ["Use an adrenaline pen", "Call the emergency", "Lie flat", "Do not stand", "If you are no better"]
    assert [step[: len(start)] for step, start in zip(steps, first_words, strict=False)] == first_words
    assert "Hives alone are not an emergency" in page


def test_the_new_medicine_is_stopped_first(client):
    page = client.post(
        FORM, posted(question="I started new tablets last week, now my skin blisters and my lips are raw.")
    ).content.decode()

    found = positions(page, ["Take no more of the new medicine.", "Call the emergency number now, and take the packet"])
    assert found == sorted(found)


def test_the_most_urgent_card_comes_first_and_each_level_has_one(client):
    page = client.post(
        FORM,
        posted(
            skin_problem="My lips are swollen. I lost weight without trying.",
            question="A contact lens hurts my eye. There is blood in my poo.",
        ),
    ).content.decode()

    cards = re.findall(r'<section class="care-card care-card--([\w-]+)"', page)
    assert cards == ["emergency", "emergency-department", "urgent", "non-urgent"]
    assert "Go to an emergency department now if:" in page


def test_the_heading_takes_the_focus_and_the_title_does_not_mention_health(client):
    page = client.post(FORM, posted(**BLOOD)).content.decode()

    assert re.search(r'<h1 tabindex="-1" autofocus>', page)
    assert "<title>Please read this first – GutSkin</title>" in page


def test_every_answer_is_carried_over(client):
    sent = posted(**BLOOD, pin="crow 7", may_phone="no-message", question="First line\r\nsecond “line” <b>&amp;")

    found = inputs(client.post(FORM, sent))

    del found["csrfmiddlewaretoken"]
    assert found.pop("consent") in (["on"], ["True"])
    wanted = {name: value if isinstance(value, list) else [value] for name, value in sent.items() if name != "consent"}
    assert {name: [v.replace("\r\n", "\n") for v in values] for name, values in found.items()} == {
        name: [v.replace("\r\n", "\n") for v in values] for name, values in wanted.items()
    }


@time_machine.travel(datetime(2026, 11, 23, 10, tzinfo=UTC), tick=False)
def test_an_acknowledged_request_is_stored_as_urgent(client):
    advice = client.post(FORM, posted(**BLOOD))

    response = client.post(FORM, inputs(advice) | {"advice_read": advice_read_on(advice)})

    assert response.headers["Location"] == RECEIVED
    inquiry = Inquiry.objects.get()
    assert {name: getattr(inquiry, name) for name in ANSWERS} == ANSWERS | BLOOD
    assert (inquiry.urgency, inquiry.due_at.date().isoformat()) == ("urgent", "2026-11-24")
    result = RedFlagResult.objects.get()
    assert (result.inquiry, result.rules, result.version) == (inquiry, "blood-in-poo", VERSION)
    assert result.acknowledged_at == inquiry.received_at
    assert AuditEvent.objects.get().detail == "red flags: 1"


def test_some_signs_make_a_request_soon_not_urgent(client):
    advice = client.post(FORM, posted(**WEIGHT))
    client.post(FORM, inputs(advice) | {"advice_read": advice_read_on(advice)})

    assert "See your own doctor if:" in advice.content.decode()
    assert Inquiry.objects.get().urgency == "soon"


def test_a_sign_beside_the_question_is_found_too(client):
    words = {"for_whom": "somebody-else", "relationship": "Her mother. She says that she wants to kill herself."}

    assert is_advice(client.post(FORM, posted(**words)))


def test_without_signs_no_advice_is_shown_and_nothing_is_marked(client):
    assert client.post(FORM, posted()).status_code == 302
    assert Inquiry.objects.get().urgency == "routine"
    assert not RedFlagResult.objects.exists()


@pytest.mark.parametrize(
    "forged", ["", "yes", "1", VERSION, "0" * 64, "é" * 64, "\0", "blood-in-poo", "x" * 9000, ["a", "b"], "😀"]
)
def test_a_forged_acknowledgement_shows_the_page_again(client, forged):
    response = client.post(FORM, posted(**BLOOD, advice_read=forged))

    assert is_advice(response)
    assert not Inquiry.objects.exists()


def test_an_acknowledgement_of_older_rules_shows_the_page_again(client, monkeypatch):
    advice = client.post(FORM, posted(**BLOOD))
    monkeypatch.setattr("consultations.red_flags.rules.VERSION", "2027-01")

    assert is_advice(client.post(FORM, inputs(advice) | {"advice_read": advice_read_on(advice)}))


def test_a_sign_added_afterwards_shows_its_own_advice(client):
    advice = client.post(FORM, posted(**BLOOD))

    response = client.post(FORM, posted(**BLOOD, advice_read=advice_read_on(advice), question="And my tongue swells."))

    assert is_advice(response)
    assert "tongue or throat swell" in response.content.decode()


def test_going_back_shows_the_form_filled_in_without_errors(client):
    advice = client.post(FORM, posted(**BLOOD))

    response = client.post(FORM, inputs(advice) | {"change": "yes"})

    assert 'name="question"' in response.content.decode()
    assert "error-summary" not in response.content.decode()
    assert "There is blood in my poo." in response.content.decode()
    assert not Inquiry.objects.exists()


def test_form_errors_are_shown_before_advice(client):
    response = client.post(FORM, posted(**BLOOD, consent=None))

    assert not is_advice(response)
    assert "error-summary" in response.content.decode()


def test_a_request_sent_twice_is_stored_once(client):
    advice = client.post(FORM, posted(**BLOOD))
    for _ in range(2):
        client.post(FORM, inputs(advice) | {"advice_read": advice_read_on(advice)})

    assert Inquiry.objects.count() == RedFlagResult.objects.count() == 1


def test_after_a_database_failure_the_advice_is_not_shown_twice(client):
    client.raise_request_exception = False
    advice = client.post(FORM, posted(skin_problem=ANSWERS["skin_problem"] + " It bleeds when I go to the toilet."))
    sent = inputs(advice) | {"advice_read": advice_read_on(advice)}

    with database_without_room():
        form = client.post(FORM, sent)

    assert form.status_code == 503
    assert shows_the_answers(form)
    assert inputs(form)["advice_read"] == [advice_read_on(advice)]
    assert client.post(FORM, sent).status_code == 302


def test_an_expired_csrf_token_keeps_answers_and_acknowledgement():
    client = Client(enforce_csrf_checks=True)
    token = csrf_token_in(client.get(FORM).content.decode())
    advice = client.post(FORM, posted(**BLOOD, csrfmiddlewaretoken=token))

    form = client.post(FORM, inputs(advice) | {"advice_read": advice_read_on(advice), "csrfmiddlewaretoken": "old"})

    assert form.status_code == 403
    assert "There is blood in my poo." in form.content.decode()
    again = inputs(form)
    sent = posted(**BLOOD, advice_read=again["advice_read"][0], csrfmiddlewaretoken=again["csrfmiddlewaretoken"][0])
    assert client.post(FORM, sent).status_code == 302


def test_markup_in_an_answer_stays_text(client):
    response = client.post(FORM, posted(**BLOOD, name='"><img src=x>', question="</form><script>x</script>"))

    assert is_advice(response)
    assert b"<img src=x" not in response.content
    assert b"<script>x" not in response.content


def test_the_notice_to_the_team_says_urgent_and_does_not_mention_health(client, mailoutbox):
    for sent in (posted(**BLOOD), posted(key=str(uuid.uuid4()))):
        advice = client.post(FORM, sent)
        if is_advice(advice):
            client.post(FORM, inputs(advice) | {"advice_read": advice_read_on(advice)})
    call_command("send_mail_queue")

    notices = [mail for mail in mailoutbox if mail.to == ["intake@gutskin.example"]]
    assert sorted(mail.subject.rpartition(" ")[0] for mail in notices) == ["New request", "Urgent: new request"]
    for mail in mailoutbox:
        assert "blood" not in f"{mail.subject}{mail.body}{mail.alternatives}".lower()


def test_nothing_is_stored_when_a_part_fails(client, monkeypatch):
    advice = client.post(FORM, posted(**BLOOD))

    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(RedFlagResult, "save", broken)
    with pytest.raises(RuntimeError):
        client.post(FORM, inputs(advice) | {"advice_read": advice_read_on(advice)})

    assert not Inquiry.objects.exists()


@pytest.mark.parametrize("reason", ["hidden field", "csrf token", "database"])
def test_what_keeps_words_of_danger_from_being_sent_comes_after_the_advice(reason):
    client = Client(enforce_csrf_checks=reason == "csrf token", raise_request_exception=False)
    form = posted(question="I want to kill myself.", homepage="x" if reason == "hidden field" else "")
    if reason == "database":
        # Whether there is such a topic, only the database knows.
        form["topic"] = "eczema"
        with silent_database():
            page = client.post(FORM, form).content.decode()
    else:
        page = client.post(FORM, form).content.decode()

    assert "I want to kill myself." in page
    assert page.index("care-card--emergency") < page.index('id="error-summary-title"')
    assert page.count(" autofocus") == 1


def test_the_advice_needs_no_database(client):
    with silent_database():
        assert is_advice(client.post(FORM, posted(**BLOOD)))
