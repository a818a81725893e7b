"""The question for photos, on the form and on the status page: what is kept already, and what could not be taken."""

import base64
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from consultations.models import Attachment
from consultations.photos import PhotoRefused, preview_of
from consultations.photos.exceptions import TooLarge, TooManyPhotos
from gutskin import limits
from gutskin.encryption.cipher import EncryptionError

NAME_LENGTH = 60


@dataclass(frozen=True)
class KeptPhoto:
    """`source` is where the small picture comes from, empty when the photo does not open; `link` shows it large."""

    number: int
    public_id: uuid.UUID
    source: str
    link: str = ""


@dataclass
class PhotoAnswer:
    """`photos` is None when the database could not be asked. `is_step`: a photo was added or removed, nothing sent."""

    photos: list[KeptPhoto] | None = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    is_step: bool = False


class PhotoInput(forms.FileInput):
    allow_multiple_selected = True

    def __init__(self):
        # Both the types and the endings: not every system knows what HEIC is.
        accept = "image/jpeg,image/png,image/webp,image/heic,image/heif,.jpg,.jpeg,.png,.webp,.heic,.heif"
        super().__init__({"multiple": True, "accept": accept, "class": "photos__input"})


class PhotoQuestion(forms.Field):
    """What came is stored before the form is judged; here its end is told like that of any other answer."""

    widget = PhotoInput
    answer = PhotoAnswer()
    # Where the script sends photos ahead.
    address = reverse_lazy("consultations:photo-draft")

    def __init__(self):
        super().__init__(
            label=_lazy("Photos of the skin (optional)"),
            help_text=_lazy("Up to 5 photos as JPEG, PNG, WebP or HEIC, each of up to 10 MB."),
            required=False,
        )

    def clean(self, value):
        if self.answer.problems:
            raise ValidationError(list(self.answer.problems))
        return None


class PhotoForm(forms.Form):
    """The question by itself, for the status page."""

    photos = PhotoQuestion()

    def __init__(self, answer: PhotoAnswer):
        super().__init__({} if answer.problems else None)
        question = self.fields["photos"]
        question.label = _lazy("Add photos of the skin")
        question.answer, question.address = answer, reverse_lazy("consultations:status-photos")


def take_files(files, keep: Callable[[bytes], object], *, first: int = 1) -> list[str]:
    """Hands every file to `keep`; returns a sentence for each that was refused. One bad file stops no other.

    `first` is the number of the first file, for a page that sends them one by one.
    """
    problems = []
    for number, file in enumerate(files, start=first):
        try:
            keep(_content_of(file))
        except PhotoRefused as refusal:
            problems.append(
                _("File %(number)d, “%(name)s”: %(problem)s")
                % {"number": number, "name": _short(file.name), "problem": refusal}
            )
    return problems


def draft_photos(draft_key: uuid.UUID) -> list[KeptPhoto]:
    """Shown inside the page: only who has the form's key sees them, and no address is needed that could be shared."""
    drafts = Attachment.objects.of_draft(draft_key)[: limits.MOST_PHOTOS]
    return [KeptPhoto(number, photo.public_id, _inline(photo)) for number, photo in enumerate(drafts, start=1)]


def photos_of(inquiry, small: Callable[[Attachment], str], large: Callable[[Attachment], str]) -> list[KeptPhoto]:
    """Those of a request, without opening one; `small` and `large` give the addresses."""
    photos = Attachment.objects.filter(inquiry=inquiry).without_content()
    return [
        KeptPhoto(number, photo.public_id, small(photo), large(photo)) for number, photo in enumerate(photos, start=1)
    ]


def _content_of(file):
    if file.size > limits.LARGEST_PHOTO_BYTES:
        raise TooLarge
    content = file.read()
    if len(content) != file.size:
        # The handler kept nothing of a file beyond those that the page asks for.
        raise TooManyPhotos
    return content


def _short(name):
    return name if len(name) <= NAME_LENGTH else f"{name[: NAME_LENGTH - 8]}…{name[-7:]}"


def _inline(photo):
    try:
        return "data:image/jpeg;base64," + base64.b64encode(preview_of(photo.content)).decode()
    except (EncryptionError, OSError):
        return ""
