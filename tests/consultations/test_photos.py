"""What becomes of a photo: drawn anew, upright and bounded, or refused with a sentence."""

import io
import threading

import pytest
from PIL import Image, ImageCms, ImageFile
from pillow_heif import options

from consultations.photos import PhotoRefused, clean_photo, cleaning, preview_of
from consultations.photos.cleaning import LONG_SIDE
from gutskin import limits
from tests.at_once import together
from tests.consultations.upload_zoo import GOOD, REFUSED, SECRETS, SKIN, SPOT, a_jpeg, a_phone_jpeg, saved


def drawn(photo):
    picture = Image.open(io.BytesIO(photo.content))
    picture.load()
    return picture


def looks_like(pixel, colour):
    return all(abs(a - b) < 12 for a, b in zip(pixel, colour, strict=True))


# Pillow warns of what it skips; the same file has to have the same end with warnings as errors and without.
@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize("name", GOOD)
def test_what_is_kept_is_a_new_picture_and_nothing_else_of_the_file(name):
    photo = clean_photo(GOOD[name]())

    picture = drawn(photo)
    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (photo.width, photo.height))
    assert picture.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert [secret for secret in SECRETS if secret in photo.content] == []
    assert photo.content.endswith(b"\xff\xd9")


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_photo_is_refused_with_its_own_sentence(name):
    make, expected = REFUSED[name]

    with pytest.raises(PhotoRefused) as refused:
        clean_photo(make())

    assert type(refused.value).__name__ == expected
    assert str(refused.value).endswith(".")


def test_the_sentences_say_what_the_file_is():
    said = {}
    for name in ("letter.pdf", "moving.gif", "photos.zip", "film.mov", "page.jpg", "drawing.svg", "raw.tiff"):
        with pytest.raises(PhotoRefused) as refused:
            clean_photo(REFUSED[name][0]())
        said[name] = str(refused.value)
    assert len(set(said.values())) == len(said)
    assert "PDF" in said["letter.pdf"]
    assert "film" in said["film.mov"]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_as_the_camera_was_held(orientation):
    # Where the spot in the upper left corner of the sensor is on the upright photo.
    right, down = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}[orientation]

    picture = drawn(clean_photo(a_phone_jpeg(orientation)))

    assert picture.size == ((480, 640) if orientation > 4 else (640, 480))
    corner = (picture.width - 20 if right else 20, picture.height - 20 if down else 20)
    opposite = (20 if right else picture.width - 20, 20 if down else picture.height - 20)
    assert looks_like(picture.getpixel(corner), SPOT)
    assert looks_like(picture.getpixel(opposite), SKIN)


@pytest.mark.parametrize("orientation", [0, 9, 99])
def test_an_orientation_that_there_is_not_changes_nothing(orientation):
    assert drawn(clean_photo(a_phone_jpeg(orientation))).size == (640, 480)


def test_what_is_transparent_becomes_white():
    clear = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    assert drawn(clean_photo(saved(clear, "PNG"))).getpixel((50, 50)) == (255, 255, 255)


def test_grey_in_sixteen_bits_stays_grey():
    grey = Image.new("I;16", (100, 100), 0x8000)
    assert looks_like(drawn(clean_photo(saved(grey, "PNG"))).getpixel((50, 50)), (128, 128, 128))


def test_of_a_moving_picture_the_first_is_taken():
    assert looks_like(drawn(clean_photo(GOOD["moving.webp"]())).getpixel((600, 400)), SKIN)


def test_a_large_photo_is_made_smaller_and_keeps_its_shape():
    photo = clean_photo(a_jpeg((5000, 2500)))
    assert (photo.width, photo.height) == (LONG_SIDE, LONG_SIDE // 2)
    assert drawn(photo).size == (photo.width, photo.height)


def test_forty_megapixels_are_taken_and_one_row_more_is_not():
    tall = Image.new("L", (4000, 10_001), 128)
    with pytest.raises(PhotoRefused):
        clean_photo(saved(tall, "PNG"))
    photo = clean_photo(saved(tall.crop((0, 0, 4000, 10_000)), "PNG"))
    assert (photo.width, photo.height) == (819, LONG_SIDE)


def test_ten_megabytes_are_taken_and_one_byte_more_is_not():
    good = a_jpeg()
    assert clean_photo(good + b"\0" * (limits.LARGEST_PHOTO_BYTES - len(good)))
    with pytest.raises(PhotoRefused):
        clean_photo(good + b"\0" * (limits.LARGEST_PHOTO_BYTES - len(good) + 1))


def test_wider_colours_are_carried_over():
    """A profile that calls red what others call green, as an exaggerated phone."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = profile.index(b"rXYZ"), profile.index(b"gXYZ")
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"

    pixel = drawn(clean_photo(a_jpeg(icc_profile=bytes(profile)))).getpixel((600, 400))

    assert looks_like(pixel, (SKIN[1], SKIN[0], SKIN[2]))


def test_a_profile_of_other_colours_is_left_alone():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert looks_like(drawn(clean_photo(a_jpeg(icc_profile=profile))).getpixel((600, 400)), SKIN)


@pytest.mark.parametrize(
    "profile", [b"RGB " * 10, b"\0" * 16 + b"RGB " + b"\0" * 500, b"\0" * 16 + b"RGB " + b"x" * 200_000]
)
def test_a_colour_profile_that_is_none_stops_no_photo(profile):
    assert looks_like(drawn(clean_photo(a_jpeg(icc_profile=profile))).getpixel((600, 400)), SKIN)


def test_only_the_picture_of_a_heic_file_is_opened():
    assert (options.THUMBNAILS, options.DEPTH_IMAGES, options.AUX_IMAGES) == (False, False, False)


def test_truncated_photos_are_not_mended():
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


def test_one_photo_is_opened_at_a_time(monkeypatch):
    inside, most = [], []
    opened = cleaning._opened

    def slow(content):
        inside.append(content)
        most.append(len(inside))
        threading.Event().wait(0.02)
        inside.pop()
        return opened(content)

    monkeypatch.setattr(cleaning, "_opened", slow)
    together(4, lambda number: clean_photo(a_jpeg()))

    assert max(most) == 1


def test_whose_turn_does_not_come_is_asked_to_try_again(monkeypatch):
    monkeypatch.setattr(limits, "PHOTO_WAIT_SECONDS", 0.01)
    with cleaning._turn, pytest.raises(PhotoRefused, match="in a minute"):
        clean_photo(a_jpeg())
    assert clean_photo(a_jpeg())


def test_a_preview_is_small():
    photo = clean_photo(a_jpeg((3000, 2000)))
    small = Image.open(io.BytesIO(preview_of(photo.content)))
    assert max(small.size) == 320
