"""What staff typed comes back, whatever goes wrong on the way."""

import re
from html import unescape

import pytest
from django.db import OperationalError
from django.test import Client

from consultations import actions
from consultations.admin.forms import RequestPageForm
from consultations.models import Inquiry, Message, Note, Team
from gutskin.audit.models import AuditEvent
from gutskin.drafts.models import Draft
from tests.consultations.factories import a_clinician, a_coordinator, an_inquiry
from tests.consultations.form_pages import csrf_token_in
from tests.consultations.staff_pages import html_of, page_of

pytestmark = pytest.mark.django_db
TEXT = "Ring her on Monday & ask about <bread>."
ESCAPED = "Ring her on Monday &amp; ask about &lt;bread&gt;."
FORMS = {
    "note": {"text": TEXT},
    "reply": {"text": TEXT, "step": "send", "key": "0f0f0f0f-0000-4000-8000-000000000001", "seen": "0", "asks": "on"},
    "assign": {"to": "nobody", "had_by": "0", "note": TEXT},
    "hold": {"text": TEXT, "step": "hold"},
    "status": {"to": "answered", "note": TEXT, "seen": "0"},
    "open": {"reason": "other", "explanation": TEXT},
}


@pytest.fixture
def inquiry():
    return an_inquiry()


@pytest.fixture
def browser():
    """A client that checks the CSRF token, as a real server does."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(a_clinician())
    return client


def carries(html, form):
    hidden = {name: value for name, value in form.items() if value != TEXT and value}
    return ESCAPED in html and all(f'name="{name}" value="{value}"' in html for name, value in hidden.items())


@pytest.mark.parametrize("step", FORMS)
def test_the_text_comes_back_if_the_database_does_not_answer(browser, inquiry, monkeypatch, step):
    token = csrf_token_in(html_of(browser, inquiry))

    def gone(*args, **kwargs):
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr("django.contrib.sessions.backends.db.SessionStore.load", gone)
        response = browser.post(page_of(inquiry, step), FORMS[step] | {"csrfmiddlewaretoken": token})
    html = response.content.decode()

    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert response.headers["Cache-Control"] == "no-store, private"
    assert "The database did not answer just now." in html
    assert carries(html, FORMS[step])
    assert f'action="{page_of(inquiry, step)}"' in html


def test_sent_again_from_that_page_it_is_stored_once(browser, inquiry, monkeypatch):
    token = csrf_token_in(html_of(browser, inquiry))

    def gone(*args, **kwargs):
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch:
        # Late, in the middle of the transaction.
        patch.setattr(AuditEvent, "save", gone)
        response = browser.post(page_of(inquiry, "reply"), FORMS["reply"] | {"csrfmiddlewaretoken": token})
    assert response.status_code == 503
    assert not Message.objects.exists()

    again = FORMS["reply"] | {"csrfmiddlewaretoken": csrf_token_in(response.content.decode())}
    for _click in range(2):
        assert browser.post(page_of(inquiry, "reply"), again).status_code == 302
    assert [message.text for message in Message.objects.all()] == [TEXT]


@pytest.mark.parametrize("step", FORMS)
def test_the_text_comes_back_if_the_csrf_token_expired_and_the_new_one_works(browser, inquiry, step):
    html_of(browser, inquiry)
    response = browser.post(page_of(inquiry, step), FORMS[step] | {"csrfmiddlewaretoken": "x" * 64})
    html = response.content.decode()

    assert response.status_code == 403
    assert carries(html, FORMS[step])
    if step == "note":
        form = FORMS[step] | {"csrfmiddlewaretoken": csrf_token_in(html)}
        assert browser.post(page_of(inquiry, step), form).status_code == 302
        assert Note.objects.get().text == TEXT


def test_an_ended_session_does_not_lose_the_text(browser, inquiry):
    token = csrf_token_in(html_of(browser, inquiry))
    del browser.cookies["session"]

    response = browser.post(page_of(inquiry, "note"), FORMS["note"] | {"csrfmiddlewaretoken": token})

    assert ESCAPED in response.content.decode()
    assert not Note.objects.exists()


def test_text_posted_by_another_site_gets_no_send_button(browser, inquiry):
    here, there = {"Origin": "http://testserver"}, {"Origin": "https://evil.example"}
    assert "Send it again" in browser.post(page_of(inquiry, "note"), FORMS["note"], headers=here).content.decode()

    for headers in (there, {"Origin": "null"}, {}):
        html = browser.post(page_of(inquiry, "note"), FORMS["note"], headers=headers).content.decode()
        assert "Send it again" not in html
        assert ESCAPED in html


def test_a_step_without_a_text_says_so(browser, inquiry):
    html = browser.post(page_of(inquiry, "status"), {"to": "in_triage"}).content.decode()

    assert "You had not typed any text." in html
    assert 'name="to" value="in_triage"' in html


def test_closing_takes_its_outcome_along_and_works_when_it_is_sent_again(browser, inquiry):
    actions.change_status(inquiry, to="in_triage", by=a_coordinator())
    html_of(browser, inquiry)
    form = {"to": "closed", "outcome": "advice_given", "seen": "0"}
    html = browser.post(page_of(inquiry, "status"), form | {"csrfmiddlewaretoken": "x" * 64}).content.decode()
    again = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))

    assert form.items() <= again.items()
    assert browser.post(page_of(inquiry, "status"), again).status_code == 302
    assert (Inquiry.objects.get().status, Inquiry.objects.get().outcome) == ("closed", "advice_given")


def test_every_field_of_every_form_comes_back(browser, inquiry):
    fields = {name for form in RequestPageForm.__subclasses__() for name in form.base_fields}
    html = browser.post(page_of(inquiry, "note"), dict.fromkeys(fields | {"step"}, "x")).content.decode()

    assert len(fields) >= 14
    assert {name for name in fields if f'name="{name}"' not in html} == set()


def test_only_fields_of_the_forms_come_back(browser, inquiry):
    forged = {"text": TEXT, "next": "https://evil.example", "onload": "alert(1)", 'x" autofocus="': "1"}
    html = browser.post(page_of(inquiry, "note"), forged).content.decode()

    assert "evil.example" not in html
    assert "onload" not in html
    assert "autofocus" not in html


def handed_back(response):
    """The texts of the page, each with its label."""
    html = response.content.decode()
    texts = re.findall(r"<label[^>]*>([^<]*)</label></p>\s*<textarea[^>]*>([^<]*)</textarea>", html)
    return [(label, unescape(text)) for label, text in texts]


def words_of(response):
    """The page without what is new each time, and without the address that was asked for."""
    return re.sub(r'(name="csrfmiddlewaretoken" value|action)="[^"]*"', "", response.content.decode())


@pytest.mark.parametrize("step", [*FORMS, "draft", "discard", "urgency"])
def test_the_text_comes_back_if_the_request_was_handed_on_or_is_not_there(client, inquiry, step):
    client.force_login(a_clinician())
    actions.assign(inquiry, to=a_clinician("maria"), by=a_coordinator())
    Team.objects.all().delete()
    events = AuditEvent.objects.count()
    form = FORMS.get(step, {}) | {"note-text": TEXT, "reply-text": "Dear Amina,"}
    theirs, missing = (client.post(page_of(each, step), form) for each in (inquiry, Inquiry(pk=4711)))

    assert (theirs.status_code, missing.status_code) == (404, 404)
    assert "This request is not, or no longer, one that you can open" in theirs.content.decode()
    # It would be of no use.
    assert "Send it again" not in theirs.content.decode()
    assert {("Your reply", "Dear Amina,"), ("New note", TEXT)} <= set(handed_back(theirs))
    assert words_of(theirs) == words_of(missing)
    assert not any(model.objects.exists() for model in (Message, Note, Draft))
    assert AuditEvent.objects.count() == events


@pytest.mark.parametrize("step", FORMS)
def test_a_text_under_its_short_name_comes_back_under_its_label(client, step):
    client.force_login(a_clinician())
    response = client.post(page_of(Inquiry(pk=4711), step), FORMS[step])

    assert response.status_code == 404
    [(label, text)] = handed_back(response)
    assert (label != "Your text", text) == (True, TEXT)


def test_without_a_text_a_request_that_is_not_there_is_not_found(client):
    client.force_login(a_clinician())
    for step, form in FORMS.items():
        form = {name: " " if value == TEXT else value for name, value in form.items()}
        response = client.post(page_of(Inquiry(pk=4711), step), form)
        assert response.status_code == 404
        assert "one that you can open" not in response.content.decode()


def test_what_a_patient_said_on_the_phone_comes_back_if_they_have_erased_the_request(client, inquiry):
    client.force_login(a_coordinator())
    address = page_of(inquiry, "contact")
    inquiry.delete()
    response = client.post(address, {"phone": "020 7946 0000", "reason": TEXT})

    assert response.status_code == 404
    assert handed_back(response) == [("What the patient told you", TEXT)]


def test_the_headers_are_those_of_every_private_page(browser, inquiry):
    response = browser.post(page_of(inquiry, "note"), FORMS["note"])

    assert response.headers["Cache-Control"] == "no-store, private"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
