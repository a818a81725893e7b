"""The question for photos, on the form and on the status page: the photos stored so far, and those refused."""

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
from consultations.photos.exceptions import Busy, TooLarge, TooManyPhotos
from gutskin import limits
from gutskin.encryption.cipher import EncryptionError

# A file name is shown shortened, but with its extension.
NAME_LENGTH = 60


@dataclass(frozen=True)
class StoredPhoto:
    """`source` is the address of the preview, empty when the photo cannot be decrypted; `link` shows it in full."""

    number: int
    public_id: uuid.UUID
    source: str
    link: str = ""


@dataclass
class PhotoAnswer:
    """`photos` is None when the database is not available. `is_step`: a photo was added or removed, nothing sent.

    `is_busy`: one of the problems is that the site was busy, so that the same photo can be taken later.
    `way`: the address of the page on which the problem is solved, if that is another one.
    """

    photos: list[StoredPhoto] | None = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    is_step: bool = False
    is_busy: bool = False
    way: str = ""


class PhotoInput(forms.FileInput):
    allow_multiple_selected = True

    def __init__(self):
        # Both media types and file extensions: not every system knows the media type of HEIC.
        accept = "image/jpeg,image/png,image/webp,image/heic,image/heif,.jpg,.jpeg,.png,.webp,.heic,.heif"
        super().__init__({"multiple": True, "accept": accept, "class": "photos__input"})


class PhotoQuestion(forms.Field):
    """Photos are stored before the form is validated. The field only shows what was refused, like any other error."""

    widget = PhotoInput
    answer = PhotoAnswer()
    # Where the script uploads photos before the form is sent.
    address = reverse_lazy("consultations:photo-draft")

    def __init__(self):
        super().__init__(
            label=_lazy("Photos of the skin (optional)"),
            help_text=_lazy("Up to 5 photos as JPEG, PNG, WebP or HEIC, each of up to 10 MB."),
            required=False,
        )

    def clean(self, value):
        # The files themselves are never cleaned: actions.photos has stored or refused them already.
        if self.answer.problems:
            raise ValidationError(list(self.answer.problems))
        return None


class PhotoForm(forms.Form):
    """The question by itself, for the status page."""

    photos = PhotoQuestion()

    def __init__(self, answer: PhotoAnswer, *, form_id: str = ""):
        super().__init__({} if answer.problems else None)
        question = self.fields["photos"]
        if form_id:
            question.widget.attrs["form"] = form_id
        question.label = _lazy("Add photos of the skin")
        question.answer, question.address = answer, reverse_lazy("consultations:status-photos")


def take_files(files, store: Callable[[bytes], object], *, first: int = 1) -> PhotoAnswer:
    """Passes each file to `store`; returns an answer with a sentence for each reason to refuse some.

    One bad file does not stop the others. `first` is the number of the first file, for a page that sends them one at a
    time.
    """
    answer = PhotoAnswer()
    refused: dict[str, list[str]] = {}
    for number, file in enumerate(files, start=first):
        try:
            store(_content_of(file))
        except PhotoRefused as refusal:
            answer.is_busy |= isinstance(refusal, Busy)
            name = _("File %(number)d, “%(name)s”") % {"number": number, "name": _short(file.name)}
            refused.setdefault(str(refusal), []).append(name)
    # Files that were refused for one reason share a sentence.
    for problem, names in refused.items():
        answer.problems.append(_("%(files)s: %(problem)s") % {"files": "; ".join(names), "problem": problem})
    return answer


def draft_photos(draft_key: uuid.UUID) -> list[StoredPhoto]:
    """The photos of a form that has not been sent, previews included in the page as data: addresses.

    So only a browser that has the form's key sees them, and there is no address that could be shared.
    """
    drafts = Attachment.objects.of_draft(draft_key)[: limits.MOST_PHOTOS]
    return [StoredPhoto(number, photo.public_id, _inline(photo)) for number, photo in enumerate(drafts, start=1)]


def photos_of(inquiry, small: Callable[[Attachment], str], large: Callable[[Attachment], str]) -> list[StoredPhoto]:
    """The photos of a request, without decrypting one; `small` and `large` return the addresses."""
    photos = Attachment.objects.filter(inquiry=inquiry).without_content()
    return [
        StoredPhoto(number, photo.public_id, small(photo), large(photo)) for number, photo in enumerate(photos, start=1)
    ]


def _content_of(file):
    if file.size > limits.LARGEST_PHOTO_BYTES:
        raise TooLarge
    content = file.read()
    if len(content) != file.size:
        # PhotoUploadHandler kept the name and size only: there were more files than the page takes.
        raise TooManyPhotos
    return content


def _short(name):
    return name if len(name) <= NAME_LENGTH else f"{name[: NAME_LENGTH - 8]}…{name[-7:]}"


def _inline(photo):
    try:
        return "data:image/jpeg;base64," + base64.b64encode(preview_of(photo.content)).decode()
    except (EncryptionError, OSError):
        return ""
