import json
import re
import uuid

import pytest

from consultations import actions
from consultations.models import Inquiry, Status, Urgency
from consultations.status.fhir import PRIORITY, STATUS, bundle_of
from tests.consultations.factories import a_clinician, an_article, an_inquiry
from tests.fhir.schema import broken_rules, errors, validator

pytestmark = pytest.mark.django_db


def made(inquiry):
    """The bundle as it reaches the patient: through JSON."""
    return json.loads(json.dumps(bundle_of(inquiry, list(inquiry.messages.select_related("author")))))


def of_type(bundle, kind):
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


def an_answered_one(**answers):
    inquiry = an_inquiry(condition=an_article(), **answers)
    actions.reply(inquiry, text="Bread is rarely the cause.", key=uuid.uuid4(), by=a_clinician())
    actions.receive_message(inquiry, text="Thank you.\r\n\tAmina", key=uuid.uuid4())
    return Inquiry.objects.get(pk=inquiry.pk)


def test_a_whole_request_is_valid_fhir_r4():
    bundle = made(an_answered_one(phone="020 7946 0018"))

    assert errors(bundle) == []
    assert validator().is_valid(bundle)
    assert list(broken_rules(bundle)) == []
    assert [entry["resource"]["resourceType"] for entry in bundle["entry"]] == [
        "Patient",
        "QuestionnaireResponse",
        "ServiceRequest",
        "Communication",
        "Communication",
    ]


def test_the_answers_are_under_the_questions_of_the_form():
    bundle = made(an_answered_one())
    items = {item["linkId"]: item for item in of_type(bundle, "QuestionnaireResponse")[0]["item"]}

    assert items["question"]["text"] == "What would you like to ask us?"
    assert items["question"]["answer"] == [{"valueString": "Could my diet have anything to do with it?"}]
    assert [answer["valueCoding"]["code"] for answer in items["gut_symptoms"]["answer"]] == ["bloating", "pain"]
    coding = items["duration"]["answer"][0]["valueCoding"]
    assert coding == {
        "system": "https://gutskin.example/consult/answers/duration",
        "code": "months",
        "display": "6 weeks to 6 months",
    }
    assert {"name", "email", "phone", "relationship"} & items.keys() == set()


def test_the_service_request_has_topic_and_priority():
    inquiry = an_answered_one()
    [request] = of_type(made(inquiry), "ServiceRequest")

    assert (request["status"], request["intent"], request["priority"]) == ("active", "proposal", "routine")
    assert request["identifier"][0]["value"] == inquiry.reference
    assert request["reasonCode"] == [{"text": "Psoriasis"}]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", request["authoredOn"])


def test_a_person_who_asks_for_someone_else_is_not_the_patient():
    bundle = made(an_inquiry(for_whom="somebody-else", relationship="I am her father"))
    [patient], [asker] = of_type(bundle, "Patient"), of_type(bundle, "RelatedPerson")

    assert errors(bundle) == []
    assert list(broken_rules(bundle)) == []
    assert patient.keys() == {"resourceType", "id"}
    assert asker["name"] == [{"text": "Amina Okafor"}]
    assert of_type(bundle, "ServiceRequest")[0]["requester"] == {"reference": f"urn:uuid:{asker['id']}"}


@pytest.mark.parametrize("status", Status.values)
@pytest.mark.parametrize("urgency", Urgency.values)
def test_every_status_and_urgency_has_a_fhir_code(status, urgency):
    assert STATUS[status] in {"draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"}
    assert PRIORITY[urgency] in {"routine", "urgent", "asap", "stat"}


@pytest.mark.parametrize(
    "text", ["", " ", "\u00a0", "one\u00a0two", "a\x0bb\x0cc\u2028d\u2003e", "\u200b", "💊 <b>&", "x" * 10_000, "\x85"]
)
def test_any_typed_text_gives_a_valid_bundle(text):
    inquiry = an_inquiry(skin_problem=text or " ", gut_details=text, gut_symptoms="", name=text or "–")
    actions.receive_message(inquiry, text=text or " ", key=uuid.uuid4())
    bundle = made(inquiry)

    assert errors(bundle) == []
    assert list(broken_rules(bundle)) == []


def test_two_requests_share_no_ids():
    first, second = (made(an_inquiry()) for _ in range(2))

    assert not {entry["fullUrl"] for entry in first["entry"]} & {entry["fullUrl"] for entry in second["entry"]}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda bundle: bundle.update(type="nonsense"),
        lambda bundle: bundle["entry"][1]["resource"].pop("resourceType"),
        lambda bundle: bundle["entry"][1]["resource"].update(status="nonsense"),
        lambda bundle: bundle["entry"][1]["resource"]["item"][0].update(value="x"),
        lambda bundle: bundle["entry"][2]["resource"].update(authoredOn="yesterday"),
    ],
)
def test_the_schema_finds_errors(spoil):
    bundle = made(an_inquiry())
    spoil(bundle)

    assert not validator().is_valid(bundle)
