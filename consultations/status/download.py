"""What we hold about one request, without the notes of the staff, as files for the patient (GDPR, articles 15, 20)."""

import io
import json
import zipfile

from django.template.loader import render_to_string
from django.utils import timezone

from consultations.models import Attachment, Inquiry, Message
from consultations.status.access_history import openings_of, shown_name
from consultations.status.answers import given_answers, text_of
from consultations.status.fhir import bundle_of
from consultations.status.wording import words_for
from gutskin.audit.models import AuditEvent


def fhir_file(inquiry: Inquiry) -> bytes:
    """The request as a FHIR R4 Bundle in JSON."""
    return _json(bundle_of(inquiry, _messages(inquiry)))


def zip_file(inquiry: Inquiry) -> bytes:
    """A ZIP: the same for people (text) and for programs (JSON, FHIR R4), and the photos."""
    messages = _messages(inquiry)
    held = everything_about(inquiry, messages)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("my-request.txt", render_to_string("consultations/status/download.txt", held))
        archive.writestr("my-request.json", _json(held))
        archive.writestr("my-request.fhir.json", _json(bundle_of(inquiry, messages)))
        # One after the other: opened, all photos together would take much memory.
        for number, photo in enumerate(_photos(inquiry).iterator(chunk_size=1), start=1):
            content = text_of(photo, "content")
            if content is not None:
                archive.writestr(zipfile.ZipInfo(_photo_name(number)), content)
    return file.getvalue()


def everything_about(inquiry: Inquiry, messages: list[Message]) -> dict:
    """Plain values, in an order that can be read. A text that does not open is None."""
    words = words_for(inquiry)
    return {
        "made_at": timezone.now(),
        "reference": inquiry.reference,
        "status": inquiry.status,
        "status_in_words": [words.title, *words.sentences],
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
        "opened_by": [vars(opening) for opening in openings_of(inquiry)],
        "mails": [_mail(mail) for mail in _mails_to_the_patient(inquiry)],
        "history": _history(inquiry),
        # Colleagues write them to each other. Whether they can be handed out is for a person to judge.
        "internal_notes_not_included": inquiry.notes.count(),
    }


def _mails_to_the_patient(inquiry):
    return [mail for mail in inquiry.notifications.order_by("created_at") if mail.is_to_the_patient]


def _messages(inquiry):
    return list(inquiry.messages.select_related("author"))


def _message(message):
    return {
        "from": "patient" if message.is_from_patient else "clinic",
        "by": "" if message.is_from_patient else shown_name(message.author),
        "written_at": message.written_at,
        "read_at": message.read_at,
        "text": text_of(message, "text"),
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
        "to": text_of(mail, "recipient"),
        "written_at": mail.created_at,
        "delivered_at": mail.delivered_at,
        "refused_at": mail.refused_at,
    }


def _warning_signs(inquiry):
    result = getattr(inquiry, "red_flags", None)
    if result is None:
        return None
    return {
        "rules": text_of(result, "rules"),
        "version_of_the_rules": result.version,
        "advice_read_at": result.acknowledged_at,
    }


def _history(inquiry):
    """What was done and when. By whom stands under "opened_by", for the openings."""
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
    raise TypeError(f"{type(value).__name__} has no place in a download")
