import base64
import uuid

import pytest
from django.core.exceptions import FieldError
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F

from consultations.models import Inquiry
from gutskin.encryption.cipher import (
    DecryptionFailed,
    NotCiphertext,
    UnknownKey,
    decrypt,
    decrypt_bytes,
    encrypt,
    encrypt_bytes,
    is_readable,
    key_id_of,
)
from tests.consultations.factories import an_inquiry

PLACE = "inquiry.name.5b0cf0b4-8e0f-4b7c-8a43-5f2d6c0f6a11"
OLD_KEY, NEW_KEY = b"o" * 32, b"n" * 32


@pytest.fixture(autouse=True)
def one_key(settings):
    settings.FIELD_ENCRYPTION_KEYS = {"old": OLD_KEY}


@pytest.mark.parametrize(
    "text", ["Amina", "", "أمينة", "王小明 🌸", "e\u0301 \u200f\u202e", "two\nlines", "x" * 10_000, "😀" * 10_000]
)
def test_encrypted_text_can_be_decrypted(text):
    ciphertext = encrypt(text, place=PLACE)

    assert decrypt(ciphertext, place=PLACE) == text
    assert not text or text not in ciphertext


def test_the_same_text_gets_a_different_ciphertext_each_time():
    assert encrypt("Amina", place=PLACE) != encrypt("Amina", place=PLACE)


def test_a_ciphertext_names_its_version_and_key():
    assert encrypt("Amina", place=PLACE).startswith("1:old:")


@pytest.mark.parametrize(
    ("stored", "key_id"),
    [
        ("1:old:QUJD", "old"),
        (b"1:old:\x00\xff:", "old"),
        (memoryview(b"1:old:\x00\xff"), "old"),
        # Key rotation must also find values in a later format.
        ("2:new:QUJD", "new"),
        (b"1:" + b"k" * 32 + b":" + b"\xff" * 10_000_000, "k" * 32),
        (b"1:\xff:", "\ufffd"),
        ("1::QUJD", ""),
        ("1:old", ""),
        ("old", ""),
        ("", ""),
        (b"", ""),
        ("x" * 100 + "1:old:", ""),
    ],
)
def test_the_id_of_the_key_is_read_from_the_head(stored, key_id):
    assert key_id_of(stored) == key_id


def test_what_the_keys_decrypt_is_readable(settings):
    text, content = encrypt("Amina", place=PLACE), encrypt_bytes(b"\xff\xd8", place=PLACE)

    assert is_readable(text, place=PLACE)
    assert is_readable(content, place=PLACE)
    assert not is_readable(text, place=f"{PLACE}x")
    assert not is_readable("no ciphertext", place=PLACE)
    settings.FIELD_ENCRYPTION_KEYS = {"old": NEW_KEY}
    assert not is_readable(text, place=PLACE)
    assert not is_readable(content, place=PLACE)
    settings.FIELD_ENCRYPTION_KEYS = {"new": OLD_KEY}
    assert not is_readable(text, place=PLACE)


def test_any_altered_byte_is_noticed():
    head, _, encoded = encrypt("Amina", place=PLACE).rpartition(":")
    raw = base64.b64decode(encoded)
    for position in range(len(raw)):
        altered = bytearray(raw)
        altered[position] ^= 1
        with pytest.raises(DecryptionFailed, match="altered"):
            decrypt(f"{head}:{base64.b64encode(altered).decode()}", place=PLACE)


@pytest.mark.parametrize("sign", ["*", "\n", ":", " "])
def test_an_added_sign_is_noticed_though_base64_could_skip_it(sign):
    head, _, encoded = encrypt("Amina", place=PLACE).rpartition(":")
    with pytest.raises(DecryptionFailed, match=PLACE):
        decrypt(f"{head}:{encoded[:8]}{sign}{encoded[8:]}", place=PLACE)


@pytest.mark.parametrize("cut", [1, 4, 20, 40])
def test_a_shortened_text_is_noticed(cut):
    with pytest.raises(DecryptionFailed):
        decrypt(encrypt("Amina", place=PLACE)[:-cut], place=PLACE)


@pytest.mark.parametrize("stored", ["", "Amina", "2:old:AAAA", "1:", "1::AAAA", ":::"])
def test_what_is_no_ciphertext_is_named_so(stored):
    with pytest.raises(NotCiphertext, match=f"at {PLACE} is not encrypted"):
        decrypt(stored, place=PLACE)
    with pytest.raises(NotCiphertext):
        decrypt_bytes(stored.encode(), place=PLACE)


def test_encrypted_bytes_decrypt_in_their_place_and_version_only():
    encrypted = encrypt_bytes(b"\xff\xd8:\x00", place=PLACE)

    assert decrypt_bytes(encrypted, place=PLACE) == b"\xff\xd8:\x00"
    with pytest.raises(DecryptionFailed):
        decrypt_bytes(encrypted, place=PLACE.replace("name", "email"))
    with pytest.raises(NotCiphertext):
        decrypt_bytes(b"2" + encrypted[1:], place=PLACE)
    with pytest.raises(NotCiphertext):
        decrypt_bytes(encrypted.replace(b"old", b"\xffld", 1), place=PLACE)


def test_a_wrong_key_of_the_same_id_does_not_decrypt(settings):
    ciphertext = encrypt("Amina", place=PLACE)
    settings.FIELD_ENCRYPTION_KEYS = {"old": NEW_KEY}

    with pytest.raises(DecryptionFailed):
        decrypt(ciphertext, place=PLACE)


def test_a_missing_key_is_named(settings):
    ciphertext = encrypt("Amina", place=PLACE)
    settings.FIELD_ENCRYPTION_KEYS = {"new": NEW_KEY}

    with pytest.raises(UnknownKey, match="'old', which is not in FIELD_ENCRYPTION_KEYS"):
        decrypt(ciphertext, place=PLACE)


def test_after_rotation_old_texts_can_be_decrypted_and_new_ones_use_the_new_key(settings):
    ciphertext = encrypt("Amina", place=PLACE)
    settings.FIELD_ENCRYPTION_KEYS = {"new": NEW_KEY, "old": OLD_KEY}

    assert decrypt(ciphertext, place=PLACE) == "Amina"
    assert encrypt("Amina", place=PLACE).startswith("1:new:")


def stored(inquiry, column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM consultations_inquiry WHERE id = %s", [inquiry.pk])  # noqa: S608 fixed names
        return cursor.fetchone()[0]


def store(inquiry, column, value):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE consultations_inquiry SET {column} = %s WHERE id = %s", [value, inquiry.pk])  # noqa: S608 fixed names


@pytest.mark.django_db
def test_a_row_holds_ciphertext_and_reads_as_plain_text():
    inquiry = an_inquiry(name="Amina")

    assert stored(inquiry, "name").startswith("1:old:")
    assert Inquiry.objects.get().name == "Amina"


@pytest.mark.django_db
def test_moved_to_another_row_it_cannot_be_decrypted():
    hers, his = an_inquiry(name="Amina"), an_inquiry(name="Bob")
    store(his, "name", stored(hers, "name"))

    with pytest.raises(DecryptionFailed):
        _ = Inquiry.objects.get(pk=his.pk).name


@pytest.mark.django_db
def test_moved_to_another_field_it_cannot_be_decrypted():
    inquiry = an_inquiry()
    store(inquiry, "tried", stored(inquiry, "question"))

    with pytest.raises(DecryptionFailed):
        _ = Inquiry.objects.get().tried


@pytest.mark.django_db
def test_a_deferred_field_is_decrypted_when_read():
    an_inquiry(name="Amina")

    assert Inquiry.objects.defer("name").get().name == "Amina"
    assert Inquiry.objects.only("name").get().name == "Amina"
    assert Inquiry.objects.only("pk").get().name == "Amina"


@pytest.mark.django_db
def test_refreshing_reads_what_was_saved_elsewhere():
    inquiry = an_inquiry(name="Amina")
    other = Inquiry.objects.get()
    other.name = "Amina Okafor"
    other.save()

    inquiry.refresh_from_db()

    assert inquiry.name == "Amina Okafor"


@pytest.mark.django_db
def test_saving_a_row_encrypts_it_with_the_newest_key(settings):
    inquiry = Inquiry.objects.get(pk=an_inquiry(name="Amina").pk)
    settings.FIELD_ENCRYPTION_KEYS = {"new": NEW_KEY, "old": OLD_KEY}

    inquiry.save()

    assert stored(inquiry, "name").startswith("1:new:")
    assert Inquiry.objects.get().name == "Amina"


@pytest.mark.django_db
def test_a_copy_under_another_public_id_is_refused_rather_than_spoiled():
    inquiry = Inquiry.objects.get(pk=an_inquiry().pk)
    inquiry.pk, inquiry.public_id = None, uuid.uuid4()

    with pytest.raises(DecryptionFailed):
        inquiry.save()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "lookup", ["name", "name__exact", "name__icontains", "name__in", "name__isnull", "name__lower"]
)
def test_encrypted_fields_cannot_be_searched(lookup):
    with pytest.raises(FieldError, match="encrypted"):
        Inquiry.objects.filter(**{lookup: "Amina"}).exists()


@pytest.mark.django_db
def test_update_would_store_plain_text_and_is_refused():
    inquiry = an_inquiry(name="Amina")

    with pytest.raises(FieldError, match="cannot be written by update"), transaction.atomic():
        Inquiry.objects.update(name="Bob")
    with pytest.raises(FieldError, match="cannot be written by update"), transaction.atomic():
        Inquiry.objects.bulk_update([inquiry], ["name"])
    assert Inquiry.objects.get().name == "Amina"


@pytest.mark.django_db
def test_update_cannot_move_a_ciphertext_to_another_field():
    an_inquiry()

    with pytest.raises(FieldError, match="cannot be written by update"):
        Inquiry.objects.update(tried=F("question"))


@pytest.mark.django_db
def test_bulk_create_encrypts_too():
    template = an_inquiry(name="Amina")
    copy = Inquiry(
        reference="GS-AAAA-AAAA", idempotency_key=uuid.uuid4(), language="en", due_at=template.due_at, name="Bob"
    )
    Inquiry.objects.bulk_create([copy])

    assert stored(copy, "name").startswith("1:old:")
    assert Inquiry.objects.get(pk=copy.pk).name == "Bob"


@pytest.mark.django_db
def test_values_show_neither_plain_text_nor_ciphertext():
    an_inquiry(name="Amina")

    assert repr(list(Inquiry.objects.values("name"))) == "[{'name': <encrypted>}]"
    assert str(Inquiry.objects.values_list("name", flat=True)[0]) == "<encrypted>"


@pytest.mark.django_db
def test_dumpdata_leaves_it_out(capsys):
    an_inquiry(name="Amina")
    call_command("dumpdata", "consultations.inquiry")

    assert "GS-" in (dump := capsys.readouterr().out)
    assert "Amina" not in dump
