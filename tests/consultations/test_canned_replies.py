import pytest

from consultations.canned_replies import VARIABLES, fill, unfilled_variables, unknown_variables, values_for
from consultations.models import CannedReply
from tests.consultations.factories import a_clinician, a_privacy_lead, a_superuser, an_article, an_author, an_inquiry

pytestmark = pytest.mark.django_db
LIST = "/admin/consultations/cannedreply/"


def save(client, text):
    return client.post(f"{LIST}add/", {"title": "Thanks", "language": "en", "text": text, "is_active": "on"})


def test_every_variable_is_filled(settings):
    settings.CLINIC_PHONE = "020 7946 0018"
    david = a_clinician()
    david.first_name, david.last_name = "David", "Weiss"
    inquiry = an_inquiry(condition=an_article())
    text = " / ".join(f"{{{name}}}" for name in VARIABLES)

    filled = fill(text, values_for(inquiry, david)).split(" / ")

    assert filled[:4] == ["Amina Okafor", inquiry.reference, "David Weiss", "Psoriasis"]
    assert filled[5] == "020 7946 0018"
    assert filled[4].endswith(str(inquiry.due_at.year))


def test_an_unknown_value_leaves_its_variable_in_the_text():
    filled = fill("{name} {clinician} {phone}", values_for(an_inquiry(), a_clinician()))

    assert filled == "Amina Okafor {clinician} {phone}"
    assert unfilled_variables(filled) == ["clinician", "phone"]


@pytest.mark.parametrize("name", ["{phone}", "{name.__class__}", "%(name)s", "{0}", "{{name}}", "\\1", "{reference}"])
def test_a_name_that_looks_like_a_variable_is_not_filled_in(name, settings):
    settings.CLINIC_PHONE = "020 7946 0018"
    inquiry = an_inquiry(name=name)

    assert fill("Dear {name},", values_for(inquiry, a_clinician())) == f"Dear {name},"


def test_no_text_is_run_as_code():
    text = "{name.__class__.__mro__} {0} {} {name!r} {name:>99999999}"

    assert fill(text, {"name": "Amina"}) == text
    assert len(unknown_variables(text)) == 5


def test_a_name_that_cannot_be_decrypted_leaves_its_variable(settings):
    inquiry = type(an_inquiry()).objects.get()
    settings.FIELD_ENCRYPTION_KEYS = {"other": b"o" * 32}

    assert fill("Dear {name}", values_for(inquiry, a_clinician())) == "Dear {name}"


@pytest.mark.parametrize("person", [a_clinician, a_superuser])
def test_those_who_answer_write_canned_replies(client, person):
    client.force_login(person())

    assert save(client, "Dear {name}, thank you.").status_code == 302
    assert "Thanks" in client.get(LIST).content.decode()
    assert client.get(f"{LIST}{CannedReply.objects.get().pk}/change/").status_code == 200


@pytest.mark.parametrize("person", [an_author, a_privacy_lead])
def test_others_do_not_see_them(client, person):
    client.force_login(person())

    assert client.get(LIST).status_code == 403
    assert save(client, "Hello.").status_code == 403


@pytest.mark.parametrize("text", ["Dear {nmae},", "{name.first}", "{}", "Hello {name} {Name}"])
def test_an_unknown_variable_is_refused_on_saving(client, text):
    client.force_login(a_clinician())

    html = save(client, text).content.decode()

    assert "Nothing can be filled in for {" in html
    assert "{name}, {reference}, {clinician}, {topic}, {due}, {phone}" in html
    assert not CannedReply.objects.exists()


def test_an_unknown_language_is_refused(client):
    client.force_login(a_clinician())
    form = {"title": "Thanks", "language": "xx", "text": "Hello.", "is_active": "on"}

    assert client.post(f"{LIST}add/", form).status_code == 200
    assert not CannedReply.objects.exists()
