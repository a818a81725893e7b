"""A patient goes back after sending and changes something: is it a new request, or words for the first one?"""

import uuid

import pytest

from consultations.models import Inquiry
from tests.consultations.factories import posted
from tests.consultations.form_pages import advice_read_on
from tests.consultations.photo_files import text_of
from tests.consultations.visits import STATUS, code_of

pytestmark = pytest.mark.django_db
FORM = "/consult/"
CHANGED = {"question": "And is it catching?"}


@pytest.fixture
def first(client):
    client.post(FORM, posted())
    return Inquiry.objects.get()


def test_a_changed_form_is_asked_about_and_not_stored(client, first):
    response = client.post(FORM, posted(**CHANGED))

    assert Inquiry.objects.get() == first
    assert f"Its reference is {first.reference}" in text_of(response)


def test_it_can_be_sent_as_a_new_request_and_only_once(client, first):
    for _time in range(2):
        response = client.post(FORM, posted(**CHANGED, second="yes"))
        assert response.status_code == 302
    assert Inquiry.objects.count() == 2
    # A second click without the button is the same request, and is not asked about again.
    assert client.post(FORM, posted(**CHANGED)).status_code == 302
    assert Inquiry.objects.count() == 2


def test_the_changed_words_can_become_a_message(client, first):
    response = client.post(FORM, posted(**CHANGED, phone="020 7946 0001"))
    assert 'name="text" value="And is it catching?"' in response.content.decode()

    page = client.post(STATUS, {"code": code_of(first), "text": "And is it catching?", "key": str(uuid.uuid4())})
    assert ">\nAnd is it catching?</textarea>" in page.content.decode()


def test_a_changed_phone_number_alone_makes_no_message(client, first):
    response = client.post(FORM, posted(phone="020 7946 0001"))

    assert 'name="text"' not in response.content.decode()
    assert "correct your e-mail address, phone number or age" in text_of(response)


def test_advice_comes_before_the_question_and_is_not_asked_twice(client, first):
    changed = posted(question="There is blood in my poo.")
    advice = client.post(FORM, changed)
    read = changed | {"advice_read": advice_read_on(advice)}
    asked = client.post(FORM, read)

    assert "Is this a new request?" in text_of(asked)
    assert client.post(FORM, read | {"second": "yes"}).status_code == 302
    assert Inquiry.objects.count() == 2


def test_going_back_to_the_form_keeps_the_changed_words(client, first):
    response = client.post(FORM, posted(**CHANGED, change="yes"))

    assert "And is it catching?" in response.content.decode()
    assert Inquiry.objects.get() == first


def test_who_wants_no_e_mail_now_is_told_that_the_first_request_still_mails(client, first):
    words = f"For {first.reference} we still write to the address that you gave."

    assert words in text_of(client.post(FORM, posted(no_email="on")))
    assert words not in text_of(client.post(FORM, posted(**CHANGED)))
