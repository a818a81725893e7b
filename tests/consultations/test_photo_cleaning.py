"""Photos are re-encoded, turned upright and scaled down, or refused with a sentence."""

import io

import pytest
from PIL import Image, ImageCms

from consultations.photos import PhotoRefused, preview_of
from consultations.photos.display import LONG_SIDE
from gutskin import limits
from tests.consultations.photo_files import clean_photo
from tests.consultations.upload_zoo import (
    FIFTY_MEGAPIXELS,
    GOOD,
    REFUSED,
    SECRETS,
    SKIN,
    SPOT,
    a_jpeg,
    a_jpeg_that_claims,
    a_phone_jpeg,
    a_png_that_claims,
    a_webp_bomb,
    an_empty_png,
    saved,
    unpacked,
)


def drawn(photo):
    picture = Image.open(io.BytesIO(photo.content))
    picture.load()
    return picture


def looks_like(pixel, colour):
    return all(abs(a - b) < 12 for a, b in zip(pixel, colour, strict=True))


# Pillow warns about what it skips; a file must have the same result with warnings as errors and without.
@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize("name", GOOD)
def test_only_the_pixels_of_a_file_are_stored(name):
    photo = clean_photo(GOOD[name]())

    picture = drawn(photo)
    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (photo.width, photo.height))
    assert picture.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert [secret for secret in SECRETS if secret in photo.content] == []
    assert photo.content.endswith(b"\xff\xd9")


@pytest.mark.parametrize("name", REFUSED)
def test_other_files_are_refused_with_a_sentence_for_each_type(name):
    make, expected = REFUSED[name]

    with pytest.raises(PhotoRefused) as refused:
        clean_photo(make())

    assert type(refused.value).__name__ == expected
    assert str(refused.value).endswith(".")


def test_the_sentences_name_the_type_of_file():
    sentences = {}
    for name in ("letter.pdf", "moving.gif", "photos.zip", "film.mov", "page.jpg", "drawing.svg", "raw.tiff"):
        with pytest.raises(PhotoRefused) as refused:
            clean_photo(REFUSED[name][0]())
        sentences[name] = str(refused.value)
    assert len(set(sentences.values())) == len(sentences)
    assert "PDF" in sentences["letter.pdf"]
    assert "video" in sentences["film.mov"]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_upright(orientation):
    # Where the spot in the upper left corner of the sensor must be on the upright photo.
    right, down = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}[orientation]

    picture = drawn(clean_photo(a_phone_jpeg(orientation)))

    assert picture.size == ((480, 640) if orientation > 4 else (640, 480))
    corner = (picture.width - 20 if right else 20, picture.height - 20 if down else 20)
    opposite = (20 if right else picture.width - 20, 20 if down else picture.height - 20)
    assert looks_like(picture.getpixel(corner), SPOT)
    assert looks_like(picture.getpixel(opposite), SKIN)


@pytest.mark.parametrize("orientation", [0, 9, 99])
def test_an_invalid_orientation_changes_nothing(orientation):
    assert drawn(clean_photo(a_phone_jpeg(orientation))).size == (640, 480)


def test_transparent_parts_become_white():
    clear = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    assert drawn(clean_photo(saved(clear, "PNG"))).getpixel((50, 50)) == (255, 255, 255)


def test_grey_in_sixteen_bits_stays_grey():
    grey = Image.new("I;16", (100, 100), 0x8000)
    assert looks_like(drawn(clean_photo(saved(grey, "PNG"))).getpixel((50, 50)), (128, 128, 128))


def test_an_animation_gives_its_first_frame():
    assert looks_like(drawn(clean_photo(GOOD["moving.webp"]())).getpixel((600, 400)), SKIN)


def test_a_large_photo_is_scaled_down_in_proportion():
    photo = clean_photo(a_jpeg((5000, 2500)))
    assert (photo.width, photo.height) == (LONG_SIDE, LONG_SIDE // 2)
    assert drawn(photo).size == (photo.width, photo.height)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("make", "make_larger", "limit"),
    [
        (an_empty_png, a_png_that_claims, limits.MOST_PNG_PIXELS),
        (a_webp_bomb, a_webp_bomb, limits.MOST_WEBP_PIXELS),
        (lambda *size: saved(Image.new("L", size), "JPEG"), a_jpeg_that_claims, limits.MOST_JPEG_PIXELS),
    ],
    ids=["PNG", "WEBP", "JPEG"],
)
def test_each_format_has_its_limit_of_pixels_and_one_row_more_is_refused(make, make_larger, limit):
    with pytest.raises(PhotoRefused, match=f"more than {limit // 10**6} megapixels"):
        clean_photo(make_larger(5000, limit // 5000 + 1))
    photo = clean_photo(make(5000, limit // 5000))
    assert photo.pixels == limit
    assert max(photo.width, photo.height) <= LONG_SIDE


def test_the_largest_photos_of_phones_are_accepted():
    """Fifty megapixels, as they come from the camera and as some programs save them: step by step, colours in full."""
    assert len(FIFTY_MEGAPIXELS) == 3
    for path in FIFTY_MEGAPIXELS:
        photo = clean_photo(unpacked(path))
        assert (photo.width, photo.height, photo.pixels) == (2048, 1536, 8192 * 6144)


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}, {"restart_marker_rows": 1}])
def test_a_jpeg_without_its_end_is_accepted_and_one_without_some_of_its_picture_is_not(options):
    """Noise up to the last pixel: in a plain corner, a few bytes are many pixels that look like what replaces them."""
    whole = saved(Image.effect_noise((320, 240), 50).convert("RGB"), "JPEG", **options)
    assert whole.endswith(b"\xff\xd9")
    pixels = drawn(clean_photo(whole)).tobytes()
    for end in (-2, -1):
        assert drawn(clean_photo(whole[:end])).tobytes() == pixels
    for missing in (4, 8, 20, 200, 2000):
        with pytest.raises(PhotoRefused, match="damaged or incomplete"):
            clean_photo(whole[:-missing])


def test_ten_megabytes_are_accepted_and_one_byte_more_is_not():
    good = a_jpeg()
    assert clean_photo(good + b"\0" * (limits.LARGEST_PHOTO_BYTES - len(good)))
    with pytest.raises(PhotoRefused):
        clean_photo(good + b"\0" * (limits.LARGEST_PHOTO_BYTES - len(good) + 1))


def test_wide_gamut_colours_are_converted_to_srgb():
    """A profile that swaps red and green: an exaggerated version of what phones do."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = profile.index(b"rXYZ"), profile.index(b"gXYZ")
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"

    pixel = drawn(clean_photo(a_jpeg(icc_profile=bytes(profile)))).getpixel((600, 400))

    assert looks_like(pixel, (SKIN[1], SKIN[0], SKIN[2]))


def test_a_profile_that_is_not_rgb_is_ignored():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert looks_like(drawn(clean_photo(a_jpeg(icc_profile=profile))).getpixel((600, 400)), SKIN)


@pytest.mark.parametrize(
    "profile", [b"RGB " * 10, b"\0" * 16 + b"RGB " + b"\0" * 500, b"\0" * 16 + b"RGB " + b"x" * 200_000]
)
def test_an_invalid_colour_profile_stops_no_photo(profile):
    assert looks_like(drawn(clean_photo(a_jpeg(icc_profile=profile))).getpixel((600, 400)), SKIN)


def test_a_preview_is_small():
    photo = clean_photo(a_jpeg((1000, 700)))
    small = Image.open(io.BytesIO(preview_of(photo.content)))
    assert max(small.size) == 320


def test_a_preview_is_only_made_of_what_the_decoder_may_return():
    with pytest.raises(OSError):
        preview_of(a_jpeg((LONG_SIDE + 1, 100)))
