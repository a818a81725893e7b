"""The PIN for a lost code, and whoever gave neither a PIN nor a phone number."""

import uuid
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from consultations import actions
from consultations.forms.fields import can_be_phoned
from consultations.forms.status import ContactForm, PinForm
from consultations.models import Inquiry
from gutskin import limits
from gutskin.rate_limits import TooManyRequests
from tests.consultations.factories import ANSWERS, a_coordinator, an_inquiry, posted
from tests.consultations.test_inquiry_form import form_of
from tests.consultations.visits import STATUS, page

pytestmark = pytest.mark.django_db
CALL = "020 7946 0000"


def with_pin(pin, **answers):
    return actions.submit_inquiry(
        key=uuid.uuid4(), condition=None, answers=ANSWERS | answers, address="192.0.2.1", pin=pin
    )


def errors_of(form, name="pin"):
    return [str(error) for error in form.errors.get(name, [])]


@pytest.mark.parametrize("chosen", ["Crow7", "crow 7", " CROW7 ", "c r o w 7", "crow\u00a07"])
@pytest.mark.parametrize("typed", ["crow7", "Crow 7", "CROW\t7", "ｃｒｏｗ　７"])
def test_case_and_white_space_make_no_difference(chosen, typed):
    inquiry = with_pin(form_of().fields["pin"].clean(chosen))

    assert actions.answer_after_link(inquiry, pin=PinForm({"pin": typed}).fields["pin"].clean(typed))
    assert actions.answer_after_link(inquiry, pin="crow8") is None


@pytest.mark.parametrize(
    ("pin", "error"),
    [
        ("c r o", "at least 4"),
        ("a" * 6 + "bcdefg1", "at most 12"),
        ("crow   7", ""),
        ("c r o w s t o n e 7 8 9", ""),
        ("ǆungla", ""),
    ],
)
def test_blanks_are_not_counted(pin, error):
    found = errors_of(form_of(pin=pin))

    assert len(found) == bool(error)
    assert error in "".join(found)


@pytest.mark.parametrize(
    "weak", ["0000", "1111111", "aAaA", "1234", "12 34", "4321", "7890", "0987", "abcd", "DCBA", "wxyz", "٠١٢٣"]
)
def test_the_weakest_pins_are_refused_kindly_where_they_are_chosen(weak):
    assert "easy to guess" in errors_of(form_of(pin=weak))[0]
    # Where it is typed in, every wrong one is answered alike.
    assert not PinForm({"pin": weak}).errors


@pytest.mark.parametrize("fair", ["1235", "2580", "crow", "9753", "aabb", "1 9 8 7 2"])
def test_other_pins_are_accepted(fair):
    assert not errors_of(form_of(pin=fair))


def test_a_weak_pin_keeps_every_answer(client):
    html = client.post("/consult/", posted(pin="1234")).content.decode()

    assert "easy to guess" in html
    assert ANSWERS["question"] in html
    assert not Inquiry.objects.exists()


def test_only_wrong_answers_count_and_few_are_accepted():
    inquiry = with_pin("crow7")
    for _ in range(limits.ANSWERS_AFTER_LINK_PER_HOUR + 2):
        assert actions.answer_after_link(inquiry, pin="Crow 7")
    for _ in range(limits.ANSWERS_AFTER_LINK_PER_HOUR):
        assert actions.answer_after_link(inquiry, pin="raven") is None
    with pytest.raises(TooManyRequests):
        actions.answer_after_link(inquiry, pin="crow7")


@pytest.mark.parametrize("phone", ["", "ring me", "+44", "ext. 12", "١٢٣٤"])
def test_what_cannot_be_phoned_is_no_phone_number(phone):
    assert not can_be_phoned(phone)
    for chosen in ({"preferred_contact": "phone"}, {"preferred_contact": "phone", "name": ""}):
        assert "phone" in form_of(phone=phone, **chosen).errors
    assert "phone" not in form_of(phone=phone).errors
    inquiry = an_inquiry(phone="020 7946 0018", preferred_contact="phone")
    given = {"email": inquiry.email, "phone": phone, "age_group": "18-39"}
    assert (
        "You asked us to phone you" in errors_of(ContactForm(QueryDict(urlencode(given)), inquiry=inquiry), "phone")[0]
    )
    assert actions.question_after_link(an_inquiry(phone=phone)) == ""


@pytest.mark.parametrize("phone", ["12345", "020 7946 0018", "+44 (0)20 7946-0018", "٠٢٠٧٩٤٦٠٠١٨"])
def test_what_can_be_phoned(phone):
    assert can_be_phoned(phone)
    assert "phone" not in form_of(phone=phone, preferred_contact="phone").errors


def test_the_form_says_what_a_lost_code_means_without_pin_and_phone_number(client):
    html = client.get("/consult/").content.decode()

    assert "Capital letters and spaces make no difference" in html
    assert "Without a PIN and without a phone number, only the code shows it" in html


@pytest.mark.parametrize("is_corrected", [False, True])
@pytest.mark.parametrize("clinic_phone", ["", CALL])
def test_a_link_that_can_ask_nothing_says_what_to_do(client, settings, clinic_phone, is_corrected):
    settings.CLINIC_PHONE = clinic_phone
    inquiry = an_inquiry(phone="020 7946 0018" if is_corrected else "")
    if is_corrected:
        contact = {"email": "amina@example.net", "phone": "020 7946 0018", "age_group": "18-39"}
        actions.correct_contact_for_patient(inquiry, by=a_coordinator(), reason="She rang.", **contact)
    client.cookies["visit"] = actions.begin_visit(inquiry, "link")

    text = page(client)

    assert "You gave us no PIN" not in text
    assert "There is nothing that we can ask you here" in text
    assert ("and call us" in text) == bool(clinic_phone)
    assert ("send us a new request" in text) == (not clinic_phone)
    assert inquiry.reference in text


def test_pages_about_a_lost_code_say_what_the_link_needs(client):
    said = "your PIN, or your phone number and age"
    client.post("/consult/", posted())
    for address in ("/consult/code/", "/consult/received/", STATUS):
        assert said in client.get(address).content.decode(), address


def test_a_reference_is_not_a_code(client):
    inquiry = an_inquiry()
    for typed in (inquiry.reference, inquiry.reference.lower().replace("-", " "), inquiry.reference.removeprefix("GS")):
        html = client.post(STATUS, {"code": typed}).content.decode()
        assert "This looks like your reference" in html
        assert "It is not your reference, which begins with GS" in html
    assert "We could not find a request" in client.post(STATUS, {"code": "GSAB-CDEF-GHJK-LMNP"}).content.decode()
