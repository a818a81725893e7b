"""Photos from patients: drafts that belong to a form not yet sent, and photos added to a request."""

import hashlib
import time
import uuid
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from consultations.actions.conversation import reopen_for_patient
from consultations.actions.staff_actions import lock
from consultations.models import Attachment, Inquiry, RateLimit, Status
from consultations.photos import clean_photo, decoder_slot
from consultations.photos.exceptions import PhotoRefused, TooManyPhotos, TooManyUploads, TooMuchAtOnce
from gutskin import limits
from gutskin.audit.hash_chain import PATIENT, record
from gutskin.audit.models import AuditEvent
from gutskin.encryption.digests import keyed_digest
from gutskin.exceptions import ActionRefused
from gutskin.rate_limits import TooManyRequests, check_limit, increment, increment_or_raise

Action = AuditEvent.Action
MEGA = 10**6


@dataclass
class UploadBudget:
    """What the photos that come with one form have cost. Without a script, all of them come at once."""

    pixels: int = 0
    began: float = field(default_factory=time.monotonic)

    def require_room(self):
        """Raises TooMuchAtOnce when the next photo has to be sent by itself."""
        seconds = time.monotonic() - self.began
        if self.pixels >= limits.PHOTO_PIXELS_PER_FORM or seconds >= limits.PHOTO_SECONDS_PER_FORM:
            raise TooMuchAtOnce


class RequestIsOver(PhotoRefused):
    def __init__(self):
        super().__init__(_("This request was stopped, so nothing can be added to it. You can send a new request."))


class PhotoOnHold(ActionRefused):
    def __init__(self):
        super().__init__(
            _(
                "We must not erase this photo at the moment: a court or a complaint needs it. If you do not agree, "
                "call us or send us a message."
            )
        )


def add_draft(content: bytes, *, draft_key: uuid.UUID, address: str, budget: UploadBudget | None = None) -> Attachment:
    """Keeps a photo for 24 hours for the form with this key. The same file sent again is the same photo.

    `address` is the sender's IP address, `budget` that of the form with which the photo came. Raises PhotoRefused,
    which leaves earlier photos untouched.
    """
    digest = _digest(content)
    drafts = Attachment.objects.of_draft(draft_key).without_content()
    if same := drafts.filter(upload_digest=digest).first():
        return same
    if drafts.count() >= limits.MOST_PHOTOS:
        raise TooManyPhotos
    photo = _attachment(content, digest, address, budget or UploadBudget())
    photo.draft_key = draft_key
    try:
        with transaction.atomic():
            photo.save()
    except IntegrityError:
        # The same file was sent twice at the same time, and the other upload was first.
        return drafts.get(upload_digest=digest)
    return photo


def remove_draft(public_id: uuid.UUID, *, draft_key: uuid.UUID) -> None:
    Attachment.objects.of_draft(draft_key).filter(public_id=public_id).delete()


def attach_drafts(inquiry: Inquiry, draft_key: uuid.UUID, *, room: int = limits.MOST_PHOTOS) -> int:
    """Moves the drafts of a form to its request, at most `room` of them. Returns how many were moved.

    Call it inside the transaction that stores the request.
    """
    drafts = Attachment.objects.of_draft(draft_key)
    # Most requests have no photo.
    if not drafts.exists():
        return 0
    # The limit is applied again here: two drafts uploaded at the same time may both have passed as the fifth.
    existing = Attachment.objects.filter(inquiry=inquiry).values("upload_digest")
    drafts = drafts.exclude(upload_digest__in=existing).order_by("added_at", "pk").values("pk")[: max(0, room)]
    return Attachment.objects.filter(pk__in=drafts).update(inquiry=inquiry, draft_key=None)


def add_drafts(inquiry: Inquiry, draft_key: uuid.UUID) -> None:
    """Adds the drafts of a form that was sent again, after going back to it, to the request that it made before.

    As with add_photo, the clinic is told and a reply is due. Drafts that the request does not take stay drafts.
    Call it inside a transaction.
    """
    drafts = Attachment.objects.of_draft(draft_key)
    # Most second clicks bring no photo, and need no lock.
    if not drafts.exists():
        return
    lock(inquiry)
    existing = Attachment.objects.filter(inquiry=inquiry)
    drafts.filter(upload_digest__in=existing.values("upload_digest")).delete()
    if inquiry.status in (Status.WITHDRAWN, Status.SPAM):
        return
    added = attach_drafts(inquiry, draft_key, room=limits.MOST_PHOTOS - existing.count())
    if added:
        reopen_for_patient(inquiry)
    for _number in range(added):
        record(Action.PHOTO_ADDED, by=PATIENT, reference=inquiry.reference)


def has_drafts(draft_key: uuid.UUID) -> bool:
    """Are there photos of this form that belong to no request yet?"""
    return Attachment.objects.of_draft(draft_key).exists()


def add_photo(inquiry: Inquiry, content: bytes, *, address: str, budget: UploadBudget | None = None) -> Attachment:
    """Adds a patient's photo to a request and tells the clinic. The same file sent again is the same photo.

    Raises PhotoRefused, also for a request that was withdrawn or is spam.
    """
    digest = _digest(content)
    photos = Attachment.objects.filter(inquiry=inquiry).without_content()
    if same := photos.filter(upload_digest=digest).first():
        return same
    _require_room(inquiry, photos)
    # Decoding takes time, so it is done before the lock; what may have changed by then is checked again under it.
    photo = _attachment(content, digest, address, budget or UploadBudget())
    with transaction.atomic():
        lock(inquiry)
        if same := photos.filter(upload_digest=digest).first():
            return same
        _require_room(inquiry, photos)
        photo.inquiry = inquiry
        photo.save()
        reopen_for_patient(inquiry)
        record(Action.PHOTO_ADDED, by=PATIENT, reference=inquiry.reference)
    return photo


@transaction.atomic
def remove_photo(inquiry: Inquiry, public_id: uuid.UUID) -> bool:
    """Erases a photo that the patient takes back. Returns False if there is none. Raises PhotoOnHold."""
    lock(inquiry)
    photo = Attachment.objects.filter(inquiry=inquiry, public_id=public_id)
    # Before the hold is checked: a photo that is already gone needs no refusal.
    if not photo.exists():
        return False
    if inquiry.held_at:
        raise PhotoOnHold
    photo.delete()
    record(Action.PHOTO_REMOVED, by=PATIENT, reference=inquiry.reference)
    return True


def record_photo_view(inquiry: Inquiry, *, number: int, by) -> None:
    """Records that a user was shown a photo, small or large. `number` counts the request's photos from 1."""
    record(Action.PHOTO_VIEWED, by=by, reference=inquiry.reference, detail=str(number))


def _require_room(inquiry, photos):
    if inquiry.status in (Status.WITHDRAWN, Status.SPAM):
        raise RequestIsOver
    if photos.count() >= limits.MOST_PHOTOS:
        raise TooManyPhotos


def _attachment(content, digest, address, budget):
    budget.require_room()
    # Before anything is counted: a photo that has no place now will be sent again.
    with decoder_slot() as slot:
        _count_photo(address)
        try:
            photo = clean_photo(content, slot)
        except PhotoRefused as refusal:
            _count_pixels(refusal.pixels, address, budget)
            raise
    _count_pixels(photo.pixels, address, budget)
    return Attachment(
        content=photo.content,
        width=photo.width,
        height=photo.height,
        size=len(photo.content),
        upload_digest=digest,
    )


def _count_photo(address):
    """Before the photo is decoded, and even if it is refused: decoding is what costs."""
    wide = {"times_per_48": limits.TIMES_PER_IPV6_48}
    try:
        check_limit(RateLimit, address, at_most=limits.PHOTO_PIXELS_PER_HOUR // MEGA, purpose="megapixels", **wide)
        with transaction.atomic():
            increment_or_raise(RateLimit, address, at_most=limits.PHOTOS_PER_HOUR, purpose="photo", **wide)
    except TooManyRequests as error:
        raise TooManyUploads(error.again_at) from None


def _count_pixels(pixels, address, budget):
    budget.pixels += pixels
    # Rounded up: no photo is free. Nothing was decoded of a file that was refused for its first bytes.
    if megapixels := -(-pixels // MEGA):
        wide = {"times_per_48": limits.TIMES_PER_IPV6_48}
        increment(RateLimit, address, amount=megapixels, purpose="megapixels", **wide)


def _digest(content):
    # Keyed, so that a copy of the database does not tell whether a given picture was sent.
    return keyed_digest("photo", hashlib.sha256(content).hexdigest())
