"""Photos that patients send: with a form that is not sent yet, or to a request of theirs."""

import hashlib
import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from consultations.actions.conversation import reopen_for_patient
from consultations.actions.staff_actions import lock
from consultations.models import Attachment, Inquiry, RateLimit, Status
from consultations.photos import clean_photo
from consultations.photos.exceptions import PhotoRefused, TooManyPhotos, TooManyUploads
from gutskin import limits
from gutskin.audit.hash_chain import PATIENT, record
from gutskin.audit.models import AuditEvent
from gutskin.encryption.digests import keyed_digest
from gutskin.exceptions import ActionRefused
from gutskin.rate_limits import TooManyRequests, increment_or_raise

Action = AuditEvent.Action


class RequestIsOver(PhotoRefused):
    def __init__(self):
        super().__init__(_("This request was stopped, so nothing can be added to it. You can send a new request."))


class PhotoHeld(ActionRefused):
    def __init__(self):
        super().__init__(
            _(
                "We must not erase this photo at the moment: a court or a complaint needs it. If you do not agree, "
                "call us or send us a message."
            )
        )


def keep_draft(content: bytes, *, draft_key: uuid.UUID, address: str) -> Attachment:
    """Keeps a photo for the form with this key, for 24 hours. The same file again is the same photo.

    Raises PhotoRefused. What came before it stays.
    """
    digest = _digest(content)
    drafts = Attachment.objects.of_draft(draft_key).without_content()
    if same := drafts.filter(upload_digest=digest).first():
        return same
    if drafts.count() >= limits.MOST_PHOTOS:
        raise TooManyPhotos
    photo = _attachment(content, digest, address)
    photo.draft_key = draft_key
    try:
        with transaction.atomic():
            photo.save()
    except IntegrityError:
        # Sent twice at the same moment: the other one was first.
        return drafts.get(upload_digest=digest)
    return photo


def remove_draft(public_id: uuid.UUID, *, draft_key: uuid.UUID) -> None:
    Attachment.objects.of_draft(draft_key).filter(public_id=public_id).delete()


def take_over_drafts(inquiry: Inquiry, draft_key: uuid.UUID, *, room: int = limits.MOST_PHOTOS) -> int:
    """The photos of the form belong to the request from now on, as many as it has `room` for. Call inside the
    transaction that stores it.
    """
    # Two that came at the same moment may both have been the fifth.
    there = Attachment.objects.filter(inquiry=inquiry).values("upload_digest")
    drafts = Attachment.objects.of_draft(draft_key).exclude(upload_digest__in=there).order_by("added_at", "pk")
    drafts = drafts.values("pk")[: max(0, room)]
    return Attachment.objects.filter(pk__in=drafts).update(inquiry=inquiry, draft_key=None)


def add_photo(inquiry: Inquiry, content: bytes, *, address: str) -> Attachment:
    """The patient adds a photo to a request, which the clinic is told of. The same file again is the same photo.

    Raises PhotoRefused, also for a request that was withdrawn or is spam.
    """
    digest = _digest(content)
    photos = Attachment.objects.filter(inquiry=inquiry).without_content()
    if same := photos.filter(upload_digest=digest).first():
        return same
    _may_take(inquiry, photos)
    photo = _attachment(content, digest, address)
    with transaction.atomic():
        lock(inquiry)
        if same := photos.filter(upload_digest=digest).first():
            return same
        _may_take(inquiry, photos)
        photo.inquiry = inquiry
        photo.save()
        reopen_for_patient(inquiry)
        record(Action.PHOTO_ADDED, by=PATIENT, reference=inquiry.reference)
    return photo


@transaction.atomic
def remove_photo(inquiry: Inquiry, public_id: uuid.UUID) -> bool:
    """The patient takes a photo back: it is erased. False when it is not there (any more). Raises PhotoHeld."""
    lock(inquiry)
    photo = Attachment.objects.filter(inquiry=inquiry, public_id=public_id)
    if not photo.exists():
        return False
    if inquiry.held_at:
        raise PhotoHeld
    photo.delete()
    record(Action.PHOTO_REMOVED, by=PATIENT, reference=inquiry.reference)
    return True


def record_photo_view(inquiry: Inquiry, *, number: int, by) -> None:
    """Whenever a photo comes onto a colleague's screen, small or large. `number` counts the request's photos from 1."""
    record(Action.PHOTO_VIEWED, by=by, reference=inquiry.reference, detail=str(number))


def _may_take(inquiry, photos):
    if inquiry.status in (Status.WITHDRAWN, Status.SPAM):
        raise RequestIsOver
    if photos.count() >= limits.MOST_PHOTOS:
        raise TooManyPhotos


def _attachment(content, digest, address):
    try:
        # Before the photo is opened, and whether it is good or not: opening is what costs.
        with transaction.atomic():
            increment_or_raise(RateLimit, address, at_most=limits.PHOTOS_PER_HOUR, purpose="photo")
    except TooManyRequests as error:
        raise TooManyUploads(error.again_at) from None
    photo = clean_photo(content)
    return Attachment(
        content=photo.content,
        width=photo.width,
        height=photo.height,
        size=len(photo.content),
        upload_digest=digest,
    )


def _digest(content):
    return keyed_digest("photo", hashlib.sha256(content).hexdigest())
