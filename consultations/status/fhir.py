"""A request as a FHIR R4 Bundle, so that a patient can take it to a health record.

See https://hl7.org/fhir/R4/questionnaireresponse.html and servicerequest.html. The answers are the patient's own words,
so nothing is coded as a diagnosis. Choices are coded in code systems of our own, identified by our address.
"""

import re
import uuid
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.forms.choices import ForWhom
from consultations.models import Inquiry, Message, Status, Urgency
from consultations.status.access_history import public_name
from consultations.status.answers import GivenAnswer, decrypted_or_none, given_answers

STATUS = {
    Status.NEW: "active",
    Status.IN_TRIAGE: "active",
    Status.WAITING_FOR_PATIENT: "on-hold",
    # Answered is not completed: the patient can ask again.
    Status.ANSWERED: "active",
    Status.CLOSED: "completed",
    Status.WITHDRAWN: "revoked",
    Status.SPAM: "entered-in-error",
}
# FHIR's request-priority, in rising order: routine, urgent, asap, stat. Stat means an emergency.
PRIORITY = {Urgency.ROUTINE: "routine", Urgency.SOON: "urgent", Urgency.URGENT: "asap"}
CONTACT = {"name", "email", "phone"}
# A FHIR string may contain spaces, tabs and line ends, but no other white space.
OTHER_WHITE_SPACE = re.compile(r"[^\S \t\r\n]")


def bundle_of(inquiry: Inquiry, messages: list[Message]) -> dict:
    """A FHIR R4 Bundle of type "collection", as a dict that can be written as JSON.

    It contains a Patient, a QuestionnaireResponse, a ServiceRequest, a Communication for each message, and a
    RelatedPerson when someone asks for someone else.
    """
    answers = given_answers(inquiry)
    by_name = {answer.name: answer for answer in answers}
    patient, asker, response, request = (
        _urn(inquiry, kind) for kind in ("Patient", "RelatedPerson", "QuestionnaireResponse", "ServiceRequest")
    )
    asks_for_another = "for_whom" in by_name and by_name["for_whom"].text == ForWhom.SOMEBODY_ELSE
    person = _person(by_name)
    source = asker if asks_for_another else patient
    resources = [(patient, {"resourceType": "Patient"} | ({} if asks_for_another else person))]
    if asks_for_another:
        resources.append((asker, _related_person(by_name, patient) | person))
    resources.append((response, _response(inquiry, answers, patient=patient, source=source)))
    resources.append((request, _request(inquiry, patient=patient, source=source, response=response)))
    for message in messages:
        communication = _communication(message, patient=patient, source=source, request=request)
        resources.append((message.public_id.urn, communication))
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": _instant(timezone.now()),
        "entry": [
            {"fullUrl": urn, "resource": resource | {"id": urn.removeprefix("urn:uuid:")}}
            for urn, resource in resources
        ],
    }


def _person(answers):
    person = {}
    if "name" in answers:
        person["name"] = [{"text": _string(answers["name"].text)}]
    telecom = [
        {"system": system, "value": _string(answers[system].text)} for system in ("email", "phone") if system in answers
    ]
    return person | ({"telecom": telecom} if telecom else {})


def _related_person(answers, patient):
    person = {"resourceType": "RelatedPerson", "patient": {"reference": patient}}
    if "relationship" in answers:
        person["relationship"] = [{"text": _string(answers["relationship"].text)}]
    return person


def _response(inquiry, answers, *, patient, source):
    return {
        "resourceType": "QuestionnaireResponse",
        "identifier": {"system": f"{settings.SITE_URL}/consult/", "value": inquiry.reference},
        "status": "completed",
        "subject": {"reference": patient},
        "authored": _instant(inquiry.received_at),
        "author": {"reference": source},
        "source": {"reference": source},
        # Contact details belong to the Patient or RelatedPerson.
        "item": [_item(answer) for answer in answers if answer.name not in CONTACT],
    }


def _item(answer: GivenAnswer):
    system = f"{settings.SITE_URL}/consult/answers/{answer.name}"
    if answer.values:
        values = [
            {"valueCoding": {"system": system, "code": value, "display": _string(label)}}
            for value, label in answer.values
        ]
    else:
        values = [{"valueString": _string(answer.text)}]
    return {"linkId": answer.name, "text": _string(answer.question), "answer": values}


def _request(inquiry, *, patient, source, response):
    request = {
        "resourceType": "ServiceRequest",
        "identifier": [{"system": f"{settings.SITE_URL}/consult/", "value": inquiry.reference}],
        "status": STATUS[Status(inquiry.status)],
        # A proposal: a patient suggests, only a clinician can order.
        "intent": "proposal",
        "priority": PRIORITY[Urgency(inquiry.urgency)],
        "code": {"text": _("Consultation on the skin and the gut")},
        "subject": {"reference": patient},
        "authoredOn": _instant(inquiry.received_at),
        "requester": {"reference": source},
        "supportingInfo": [{"reference": response}],
    }
    if inquiry.condition and inquiry.condition.live:
        # The article that the patient came from. It is not a diagnosis, so it has no code.
        request["reasonCode"] = [{"text": _string(inquiry.condition.live.title)}]
    return request


def _communication(message, *, patient, source, request):
    communication = {
        "resourceType": "Communication",
        "basedOn": [{"reference": request}],
        "status": "completed",
        "subject": {"reference": patient},
        "sent": _instant(message.written_at),
        "sender": {"reference": source} if message.is_from_patient else {"display": public_name(message.author)},
        "payload": [{"contentString": _string(decrypted_or_none(message, "text"))}],
    }
    if not message.is_from_patient:
        communication["recipient"] = [{"reference": source}]
    if message.read_at:
        communication["received"] = _instant(message.read_at)
    return communication


def _urn(inquiry, kind):
    """The same in every download of a request, so that a health record recognises what it already has."""
    return uuid.uuid5(inquiry.public_id, kind).urn


def _instant(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")


def _string(text):
    """A FHIR string, which is never empty. None stands for a text that cannot be decrypted."""
    if text is None:
        return _("This text cannot be opened at the moment.")
    return OTHER_WHITE_SPACE.sub(" ", text).strip() or "–"
