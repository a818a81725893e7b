"""What a patient says about how they may be reached: stored, shown, corrected and handed out."""

import io
import json
import uuid
import zipfile

import pytest
from django.core.management import call_command

from consultations import actions
from consultations.models import Inquiry
from consultations.status.fhir import bundle_of
from tests.consultations.factories import ANSWERS, a_coordinator, an_inquiry, posted
from tests.consultations.staff_pages import html_of
from tests.consultations.test_lost_code import AMINA
from tests.consultations.visits import STATUS, in_a_visit, page
from tests.fhir.schema import errors, validator

pytestmark = pytest.mark.django_db
FORM, CONTACT = "/consult/", f"{STATUS}contact/"


def without_email(**answers):
    return an_inquiry(email="", **answers)


@pytest.mark.parametrize(
    ("may_phone", "words"),
    [
        ("with-message", "Yes, and you may leave a message."),
        ("no-message", "Yes, but leave no message"),
        ("no", "No. Do not phone."),
        ("", "They did not say. Leave no message"),
    ],
)
def test_what_is_safe_on_the_phone_stands_beside_the_number(client, may_phone, words):
    inquiry = an_inquiry(phone="020 7946 0018", may_phone=may_phone)
    client.force_login(a_coordinator())

    html = html_of(client, inquiry)

    assert words in html
    assert ("Take care" in html) == (may_phone in ("no", "no-message"))


def test_without_a_number_there_is_nothing_to_say_about_it(client):
    client.force_login(a_coordinator())
    assert "They did not say" not in html_of(client, an_inquiry())


def test_the_form_stores_what_is_safe_and_takes_no_answer(client):
    assert client.post(FORM, posted(phone="020 7946 0018", may_phone="no-message")).status_code == 302
    assert Inquiry.objects.get().may_phone == "no-message"
    assert client.post(FORM, posted(may_phone=None, key=str(uuid.uuid4()))).status_code == 302
    assert [inquiry.may_phone for inquiry in Inquiry.objects.order_by("pk")] == ["no-message", ""]
    assert "Choose one of the answers shown" in client.post(FORM, posted(may_phone="shout")).content.decode()


def test_phone_me_but_do_not_phone_me_is_asked_about(client):
    wish = {"preferred_contact": "phone", "phone": "020 7946 0018", "may_phone": "no"}

    response = client.post(FORM, posted(**wish)).content.decode()
    assert "You asked for the answer by phone, but not to be phoned" in response
    assert not Inquiry.objects.exists()

    # On the status page both can be changed.
    inquiry = an_inquiry(preferred_contact="phone", phone="020 7946 0018")
    in_a_visit(client, inquiry)
    given = {"email": AMINA, "phone": "020 7946 0018", "age_group": "18-39", "may_phone": "no"}
    assert "but not to be phoned" in client.post(CONTACT, given).content.decode()
    assert client.post(CONTACT, given | {"preferred_contact": "email"}).status_code == 302
    inquiry = Inquiry.objects.get()
    assert (inquiry.may_phone, inquiry.preferred_contact) == ("no", "email")


def test_what_is_not_chosen_again_stays(client):
    inquiry = an_inquiry(phone="020 7946 0018", may_phone="no", preferred_contact="email")
    in_a_visit(client, inquiry)

    client.post(CONTACT, {"email": AMINA, "phone": "020 7946 0019", "age_group": "18-39"})

    inquiry = Inquiry.objects.get()
    assert (inquiry.phone, inquiry.may_phone, inquiry.preferred_contact) == ("020 7946 0019", "no", "email")


def test_the_patient_sees_and_downloads_both_answers(client):
    inquiry = without_email(phone="020 7946 0018", may_phone="no-message")
    in_a_visit(client, inquiry)

    shown = page(client)
    assert "Send me no e-mail" in shown
    assert "Yes, but never leave a message" in shown
    archive = zipfile.ZipFile(io.BytesIO(client.post(f"{STATUS}download/", {"file": "zip"}).content))
    answers = {each["field"]: each["answer"] for each in json.loads(archive.read("my-request.json"))["answers"]}
    assert (answers["no_email"], answers["may_phone"]) == ("Yes", "Yes, but never leave a message")
    assert "email" not in answers
    text = archive.read("my-request.txt").decode()
    assert "Send me no e-mail\nYes" in text
    assert "May we phone you?" in text


def test_both_answers_are_in_fhir():
    bundle = json.loads(json.dumps(bundle_of(without_email(phone="020 7946 0018", may_phone="no"), [])))

    assert errors(bundle) == []
    assert validator().is_valid(bundle)
    patient, response = (bundle["entry"][position]["resource"] for position in (0, 1))
    assert [contact["system"] for contact in patient["telecom"]] == ["phone"]
    items = {item["linkId"]: item["answer"] for item in response["item"]}
    assert items["no_email"] == [{"valueString": "Yes"}]
    assert items["may_phone"][0]["valueCoding"]["code"] == "no"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_requests_from_before_have_no_answer_about_the_phone():
    an_inquiry(phone="020 7946 0018")
    call_command("migrate", "consultations", "0006", verbosity=0)
    call_command("migrate", "consultations", verbosity=0)

    inquiry = Inquiry.objects.get()
    assert (inquiry.may_phone, inquiry.email, inquiry.takes_mail) == ("", AMINA, True)


def test_an_address_that_cannot_be_decrypted_is_replaced():
    inquiry = an_inquiry()
    other = an_inquiry(address="192.0.2.7")
    Inquiry.objects.filter(pk=inquiry.pk).update(public_id=uuid.uuid4())

    inquiry = Inquiry.objects.get(pk=inquiry.pk)
    assert "email" in actions.correct_contact(inquiry, email="new@example.net")
    assert Inquiry.objects.get(pk=inquiry.pk).email == "new@example.net"
    assert Inquiry.objects.get(pk=other.pk).email == ANSWERS["email"]
