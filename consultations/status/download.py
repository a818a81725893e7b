"""Downloads for the patient: everything we hold about one request but internal notes (GDPR, articles 15 and 20)."""

import io
import json
import zipfile

from django.template.loader import render_to_string
from django.utils import timezone

from consultations.models import Attachment, Inquiry, Message
from consultations.status.access_history import access_history_of, public_name
from consultations.status.answers import decrypted_or_none, given_answers
from consultations.status.fhir import bundle_of
from consultations.status.wording import describe_status
from gutskin.audit.models import AuditEvent


def fhir_file(inquiry: Inquiry) -> bytes:
    """The request as a FHIR R4 Bundle in JSON, encoded in UTF-8."""
    return _json(bundle_of(inquiry, _messages(inquiry)))


def zip_file(inquiry: Inquiry) -> bytes:
    """A ZIP archive: the data for people (text) and for programs (JSON, FHIR R4), and the photos.

    A photo that cannot be decrypted is left out.
    """
    messages = _messages(inquiry)
    data = everything_about(inquiry, messages)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        # Neutral names: the archive may lie in a folder that other people can see.
        archive.writestr("my-request.txt", render_to_string("consultations/status/download.txt", data))
        archive.writestr("my-request.json", _json(data))
        archive.writestr("my-request.fhir.json", _json(bundle_of(inquiry, messages)))
        # One photo at a time, because all of them decrypted at once would take a lot of memory.
        for number, photo in enumerate(_photos(inquiry).iterator(chunk_size=1), start=1):
            content = decrypted_or_none(photo, "content")
            if content is not None:
                # ZipInfo stores without compression, which would gain nothing on a JPEG.
                archive.writestr(zipfile.ZipInfo(_photo_name(number)), content)
    return file.getvalue()


def everything_about(inquiry: Inquiry, messages: list[Message]) -> dict:
    """The data as plain values, ordered for reading. A text that cannot be decrypted is None."""
    status = describe_status(inquiry)
    return {
        "made_at": timezone.now(),
        "reference": inquiry.reference,
        "status": inquiry.status,
        "status_in_words": [status.title, *status.sentences],
        "urgency": inquiry.urgency,
        "topic": inquiry.condition.live.title if inquiry.condition and inquiry.condition.live else "",
        "language": inquiry.language,
        "received_at": inquiry.received_at,
        "reply_due_at": inquiry.due_at,
        "first_answered_at": inquiry.answered_at,
        "closed_at": inquiry.closed_at,
        "outcome": inquiry.outcome,
        "answered_together_with": inquiry.merged_into.reference if inquiry.merged_into else "",
        "on_legal_hold_since": inquiry.held_at,
        "answers": [
            {"field": answer.name, "question": answer.question, "answer": answer.in_words}
            for answer in given_answers(inquiry)
        ],
        "warning_signs": _warning_signs(inquiry),
        "messages": [_message(message) for message in messages],
        "photos": [_photo(number, photo) for number, photo in enumerate(_photos(inquiry).without_content(), start=1)],
        "consents": list(
            inquiry.consents.order_by("given_at").values(
                "purpose", "version", "wording", "language", "given_at", "withdrawn_at"
            )
        ),
        "opened_by": [vars(record) for record in access_history_of(inquiry)],
        "mails": [_mail(mail) for mail in _mails_to_the_patient(inquiry)],
        "history": _history(inquiry),
        # Notes can mention third parties, so a person has to decide whether to hand them out.
        "internal_notes_not_included": inquiry.notes.count(),
    }


def _mails_to_the_patient(inquiry):
    return [mail for mail in inquiry.notifications.order_by("created_at") if mail.is_to_the_patient]


def _messages(inquiry):
    return list(inquiry.messages.select_related("author", "red_flags"))


def _message(message):
    return {
        "from": "patient" if message.is_from_patient else "clinic",
        "by": "" if message.is_from_patient else public_name(message.author),
        "written_at": message.written_at,
        "read_at": message.read_at,
        "text": decrypted_or_none(message, "text"),
        "warning_signs": _warning_signs_in(message),
    }


def _photos(inquiry):
    return Attachment.objects.filter(inquiry=inquiry)


def _photo(number, photo):
    names = ("added_at", "media_type", "width", "height", "size")
    return {"file": _photo_name(number)} | {name: getattr(photo, name) for name in names}


def _photo_name(number):
    return f"photos/photo-{number}.jpg"


def _mail(mail):
    return {
        "kind": mail.kind,
        "to": decrypted_or_none(mail, "recipient"),
        "written_at": mail.created_at,
        "delivered_at": mail.delivered_at,
        "refused_at": mail.refused_at,
    }


def _warning_signs(inquiry):
    result = getattr(inquiry, "red_flags", None)
    if result is None:
        return None
    return {
        "rules": decrypted_or_none(result, "rules"),
        "version_of_the_rules": result.version,
        "advice_read_at": result.acknowledged_at,
    }


def _warning_signs_in(message):
    result = getattr(message, "red_flags", None)
    if result is None:
        return None
    return {"rules": decrypted_or_none(result, "rules"), "version_of_the_rules": result.version}


def _history(inquiry):
    """What was done and when, from the audit log. "opened_by" names the colleagues who opened the request."""
    events = AuditEvent.objects.about(inquiry.reference).order_by("sequence")
    labels = dict(AuditEvent.Action.choices)
    return [
        {"at": at, "what": str(labels.get(action, action)), "by": "patient" if actor == "patient" else "clinic"}
        for at, action, actor in events.values_list("at", "action", "actor")
    ]


def _json(value):
    return json.dumps(value, ensure_ascii=False, indent=2, default=_plain).encode()


def _plain(value):
    if hasattr(value, "isoformat"):
        return timezone.localtime(value).isoformat(timespec="seconds")
    raise TypeError(f"{type(value).__name__} cannot be part of a download")
