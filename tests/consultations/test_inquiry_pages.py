import logging
import re
import uuid
from urllib.parse import quote, unquote_to_bytes, urlencode

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse

from consultations.forms import consent
from consultations.models import Consent, Inquiry, RateLimit
from education.models import Article, Kind
from gutskin.audit.models import AuditEvent
from gutskin.mail.models import Notification
from tests.consultations.factories import ANSWERS, an_article, posted, shows_the_answers
from tests.consultations.form_pages import csrf_token_in
from tests.silent_database import database_without_room, silent_database

pytestmark = pytest.mark.django_db
FORM, RECEIVED = "/consult/", "/consult/received/"


def test_addresses():
    assert reverse("consultations:inquiry-create") == FORM
    assert reverse("consultations:inquiry-received") == RECEIVED


def test_emergency_advice_comes_before_the_first_question(client):
    html = client.get(FORM).content.decode()

    assert 0 < html.index("care-card--emergency") < html.index('name="topic"')


@pytest.mark.parametrize("address", [FORM, RECEIVED])
def test_private_pages_are_not_cached(client, address):
    response = client.get(address)

    assert "no-store" in response.headers["Cache-Control"]
    assert "session" not in response.cookies


def test_the_form_queries_only_topics_and_reply_times(client, django_assert_num_queries):
    an_article()
    with django_assert_num_queries(2):
        client.get(FORM)


def test_only_published_conditions_are_offered_under_their_published_title(client):
    an_article("psoriasis", "Psoriasis")
    an_article("acne", "Acne", published=False)
    an_article("probiotics", "Probiotics", kind=Kind.THERAPY)

    html = client.get(FORM).content.decode()

    assert re.findall(r'<option value="([^"]*)"', html) == ["", "psoriasis"]
    assert "being edited" not in html


@pytest.mark.parametrize("kind", [Kind.CONDITION, Kind.THERAPY])
def test_the_topic_is_taken_from_the_article(client, kind):
    an_article("probiotics", "Probiotics", kind=kind)

    html = client.get(FORM, {"topic": "probiotics"}).content.decode()

    assert re.search(r'<option value="probiotics" selected', html)


@pytest.mark.parametrize("topic", ["no-such-topic", "<script>", "'", "x" * 3000, "💊"])
def test_an_unknown_topic_is_ignored(client, topic):
    response = client.get(FORM, {"topic": topic})

    assert response.status_code == 200
    assert b"<script>" not in response.content


def test_a_request_is_stored_with_consent_audit_event_and_mails(client, settings):
    settings.INTAKE_EMAIL = "intake@clinic.example"
    article = an_article()

    response = client.post(FORM, posted(topic="psoriasis"))

    assert (response.status_code, response.headers["Location"]) == (302, RECEIVED)
    inquiry = Inquiry.objects.get()
    assert {name: getattr(inquiry, name) for name in ANSWERS} == ANSWERS
    assert (inquiry.condition, inquiry.language, inquiry.status) == (article, "en", "new")
    agreed = Consent.objects.get()
    assert (agreed.inquiry, agreed.version, agreed.wording) == (inquiry, consent.VERSION, str(consent.WORDING))
    assert {mail.kind: mail.recipient for mail in Notification.objects.all()} == {
        "receipt": "amina.okafor@example.org",
        "intake_notice": "intake@clinic.example",
    }
    event = AuditEvent.objects.get()
    assert (event.actor, event.action, event.reference) == ("patient", "submitted", inquiry.reference)


def test_storing_costs_few_queries(client, django_assert_num_queries):
    ContentType.objects.get_for_model(Inquiry)  # cached for as long as the process runs
    with django_assert_num_queries(13):
        client.post(FORM, posted())
    # How long replies take was counted a moment ago.
    with django_assert_num_queries(12):
        client.post(FORM, posted(key=str(uuid.uuid4())))


def test_a_withdrawn_topic_does_not_stop_a_request(client):
    client.post(FORM, posted(topic="withdrawn-meanwhile"))

    assert Inquiry.objects.get().condition is None


def test_nothing_is_stored_when_a_part_fails(client, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(AuditEvent, "save", broken)
    with pytest.raises(RuntimeError):
        client.post(FORM, posted())

    for model in (Inquiry, Consent, Notification, RateLimit):
        assert not model.objects.exists()


def test_a_form_posted_twice_is_stored_once(client):
    first, second = client.post(FORM, posted()), client.post(FORM, posted())

    assert Inquiry.objects.count() == 1
    assert Notification.objects.count() == 2
    assert first.headers["Location"] == second.headers["Location"]


def test_different_answers_under_the_same_key_are_stored_too(client):
    client.post(FORM, posted())
    client.post(FORM, posted(question="And is it catching?", second="yes"))
    client.post(FORM, posted(question="And is it catching?", second="yes"))

    assert {inquiry.question for inquiry in Inquiry.objects.all()} == {ANSWERS["question"], "And is it catching?"}
    assert Inquiry.objects.count() == 2


@pytest.mark.parametrize("key", [None, "", "garbled"])
def test_a_missing_or_forged_key_stops_no_request(client, key):
    assert client.post(FORM, posted(key=key)).status_code == 302
    assert Inquiry.objects.count() == 1


def test_a_taken_reference_is_replaced(client, monkeypatch):
    references = iter(["GS-AAAA-AAAA", "GS-AAAA-AAAA", "GS-AAAA-AAAA", "GS-BBBB-BBBB"])
    monkeypatch.setattr("consultations.actions.submission.new_reference", lambda: next(references))

    client.post(FORM, posted(key=str(uuid.uuid4())))
    client.post(FORM, posted(key=str(uuid.uuid4())))

    assert set(Inquiry.objects.values_list("reference", flat=True)) == {"GS-AAAA-AAAA", "GS-BBBB-BBBB"}


def test_an_invalid_answer_loses_no_other_answer(client):
    response = client.post(FORM, posted(consent=None))

    assert response.status_code == 200
    assert shows_the_answers(response)
    assert not Inquiry.objects.exists()


def test_markup_in_an_answer_stays_text(client):
    response = client.post(FORM, posted(consent=None, name='"><img src=x>', question="</textarea><script>x</script>"))

    assert b"<img src=x" not in response.content
    assert b"<script>x" not in response.content


def test_nul_characters_lose_no_answer(client):
    response = client.post(FORM, posted(name="Amina Okafor\0", topic="\0"))

    assert response.status_code == 200
    assert shows_the_answers(response)
    assert "invisible character" in response.content.decode()


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "latin-1", "raw_unicode_escape", "no-such-charset"])
@pytest.mark.parametrize("value", [b"+2AA-", b"\\ud800", b"\xff\xfe", b"\xed\xa0\x80", b"\x00"])
def test_invalid_utf_8_is_handled(client, charset, value):
    parts = [
        b'--edge\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode(), value)
        for name in ("name", "question", "topic", "gut_symptoms", "key", "homepage")
    ]

    body = b"".join(parts) + b"--edge--\r\n"
    # generic(), because post() would encode the body in the charset first.
    response = client.generic("POST", FORM, body, f"multipart/form-data; boundary=edge; charset={charset}")

    assert response.status_code in (200, 400)
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize("body", [b"name=%FF%FE&question=%00", b"name=%ED%A0%80", b"=&&&==", b"%", b"name=a&" * 900])
def test_forged_bodies_are_handled(client, body):
    response = client.post(FORM, body, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 200


def as_urlencoded(body):
    return {"data": body, "content_type": "application/x-www-form-urlencoded"}


def as_multipart(body):
    parts = [part.split(b"=", 1) for part in body.split(b"&")]
    lines = [
        b'--edge\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name, unquote_to_bytes(value))
        for name, value in parts
    ]
    return {"data": b"".join(lines) + b"--edge--\r\n", "content_type": "multipart/form-data; boundary=edge"}


@pytest.mark.parametrize("encode", [as_urlencoded, as_multipart])
def test_bytes_that_are_not_utf8_are_not_stored_and_lose_no_other_word(client, encode):
    answers = posted(question="Why me?")
    body = urlencode(answers, doseq=True, quote_via=quote).encode().replace(b"Why", b"Why%ED%A0%80")
    response = client.post(FORM, **encode(body))

    assert not Inquiry.objects.exists()
    html = response.content.decode()
    assert "could not be read" in html
    assert "Why me?" in html
    assert ANSWERS["skin_problem"] in html
    assert "\ufffd" not in html


def test_a_filled_honeypot_stores_nothing_and_loses_no_answer(client):
    response = client.post(FORM, posted(homepage="https://spam.example"))

    assert not Inquiry.objects.exists()
    assert shows_the_answers(response)
    assert "spam.example" not in response.content.decode()
    assert "press the button" in response.content.decode()


def test_an_expired_csrf_token_loses_no_answer_and_the_new_one_works():
    client = Client(enforce_csrf_checks=True)

    response = client.post(FORM, posted(csrfmiddlewaretoken="expired"))

    assert response.status_code == 403
    assert shows_the_answers(response)
    assert not Inquiry.objects.exists()
    token = csrf_token_in(response.content.decode())
    assert client.post(FORM, posted(csrfmiddlewaretoken=token)).status_code == 302


def browser_with_token():
    client = Client(enforce_csrf_checks=True)
    return client, csrf_token_in(client.get(FORM).content.decode())


@pytest.mark.parametrize("origin", [{"Origin": "null"}, {}], ids=["hidden", "missing"])
@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
def test_a_browser_that_hides_the_origin_sends_the_form_if_it_says_that_our_page_did(origin, secure):
    client, token = browser_with_token()
    headers = origin | {"Sec-Fetch-Site": "same-origin"}

    refused = client.post(FORM, posted(csrfmiddlewaretoken="wrong"), headers=headers, secure=secure)
    assert refused.status_code == 403
    assert shows_the_answers(refused)
    assert client.post(FORM, posted(csrfmiddlewaretoken=token), headers=headers, secure=secure).status_code == 302


def test_a_hidden_origin_alone_loses_no_answer_if_the_token_is_ours():
    client, token = browser_with_token()
    response = client.post(FORM, posted(csrfmiddlewaretoken=token), headers={"Origin": "null"})

    assert response.status_code == 403
    assert shows_the_answers(response)
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize(
    "headers", [{"Origin": "null"}, {"Origin": "null", "Sec-Fetch-Site": "cross-site"}], ids=["old", "in a sandbox"]
)
def test_words_from_a_hidden_origin_without_our_token_are_not_shown(headers):
    client, _token = browser_with_token()
    response = client.post(FORM, posted(csrfmiddlewaretoken="a" * 64), headers=headers)

    assert response.status_code == 403
    assert not shows_the_answers(response)
    assert ANSWERS["skin_problem"] not in response.content.decode()


def test_the_answers_survive_a_database_that_is_down(client):
    client.raise_request_exception = False

    with silent_database():
        response = client.post(FORM, posted(topic="atopic-dermatitis"))

    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert shows_the_answers(response)
    assert re.search(r'<option value="atopic-dermatitis" selected>Atopic dermatitis<', response.content.decode())
    assert "no-store" in response.headers["Cache-Control"]


def test_a_write_that_fails_keeps_the_answers_and_the_key(client):
    client.raise_request_exception = False

    with database_without_room():
        response = client.post(FORM, posted())

    assert response.status_code == 503
    assert posted()["key"] in response.content.decode()
    assert client.post(FORM, posted()).status_code == 302


def test_the_empty_form_is_shown_while_the_database_is_down(client):
    client.raise_request_exception = False

    with silent_database():
        response = client.get(FORM)

    assert response.status_code == 503
    assert b"<form" in response.content


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client, method):
    assert getattr(client, method)(FORM).status_code == 405


def test_the_logs_do_not_contain_what_was_written(client, caplog):
    caplog.set_level(logging.DEBUG)
    client.raise_request_exception = False
    client.post(FORM, posted(consent=None))
    client.post(FORM, posted(name="Amina\0"))
    client.post(FORM, posted())

    with silent_database():
        client.post(FORM, posted())

    assert caplog.records
    for canary in ("Amina", "amina", "elbows", "bread", "Coconut", "diet"):
        assert canary not in caplog.text


def test_articles_with_requests_are_withdrawn_not_deleted(client):
    an_article()
    client.post(FORM, posted(topic="psoriasis"))

    with pytest.raises(ProtectedError):
        Article.objects.all().delete()
