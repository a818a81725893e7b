"""Why a photo is not taken. Each reason is a sentence for the person who sent it."""

from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from gutskin import limits


class PhotoRefused(Exception):
    """`str(error)` is the sentence, in the language of the page."""


class Empty(PhotoRefused):
    def __init__(self):
        super().__init__(_("The file is empty. Please choose the photo again."))


class TooLarge(PhotoRefused):
    def __init__(self):
        super().__init__(
            _("The file is larger than %(limit)d MB. Please send a smaller copy of the photo.")
            % {"limit": limits.LARGEST_PHOTO_BYTES // 10**6}
        )


class TooManyPixels(PhotoRefused):
    def __init__(self):
        super().__init__(
            _("The photo has more than %(limit)d megapixels. Please send it in a smaller size.")
            % {"limit": limits.MOST_PHOTO_PIXELS // 10**6}
        )


class TooSmall(PhotoRefused):
    def __init__(self):
        super().__init__(_("The picture is too small or too narrow to show anything. Please send a larger one."))


class NotAPhoto(PhotoRefused):
    """A file of another kind; `what` is the sentence that says which."""

    def __init__(self, what=None):
        super().__init__(
            what or _("We cannot open this file as a photo. Please send a photo as JPEG, PNG, WebP or HEIC.")
        )


class Damaged(PhotoRefused):
    def __init__(self):
        super().__init__(
            _("The photo is damaged or not complete, so we cannot open it. Please choose it again, or take a new one.")
        )


class Busy(PhotoRefused):
    def __init__(self):
        super().__init__(_("Many photos are coming in just now. Please send this one again in a minute."))


class TooManyPhotos(PhotoRefused):
    def __init__(self):
        super().__init__(
            _("You can send %(limit)d photos with one request. To send this one, remove another one first.")
            % {"limit": limits.MOST_PHOTOS}
        )


class TooManyUploads(PhotoRefused):
    def __init__(self, again_at):
        super().__init__(
            _(
                "%(limit)d photos came from your internet connection in the last hour. You can send this one after "
                "%(time)s. Your request can go without it."
            )
            % {"limit": limits.PHOTOS_PER_HOUR, "time": time_format(localtime(again_at), "H:i")}
        )
        self.again_at = again_at
