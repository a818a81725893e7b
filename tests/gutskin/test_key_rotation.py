import uuid
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from consultations import actions
from consultations.models import Attachment, Inquiry, Message, Note
from gutskin.audit.models import AuditEvent
from gutskin.encryption.cipher import key_id_of
from gutskin.encryption.fields import EncryptedField
from gutskin.encryption.key_rotation import encrypted_models, rotate
from tests.at_once import together
from tests.consultations.factories import a_clinician, a_stored_photo, an_inquiry

OLD, NEW = b"o" * 32, b"n" * 32


@pytest.fixture
def new_key(settings):
    """Adds another key in front, as an operator does."""

    def put():
        settings.FIELD_ENCRYPTION_KEYS = {"k2": NEW, "k1": OLD}

    settings.FIELD_ENCRYPTION_KEYS = {"k1": OLD}
    return put


def a_request_with_everything():
    inquiry = an_inquiry()
    david = a_clinician()
    actions.add_note(inquiry, text="Ask about bread.", by=david)
    actions.reply(inquiry, text="Since when?", key=uuid.uuid4(), by=david)
    a_stored_photo(inquiry, b"\xff\xd8photo")
    return inquiry


def key_ids():
    """The ids of the keys that everything in the database is encrypted with."""
    found = set()
    for model, fields in encrypted_models():
        for row in model._base_manager.all():
            found |= {key_id_of(row.__dict__[field.attname].value) for field in fields}
    return found


def run(**options):
    output = StringIO()
    call_command("rotate_encryption_keys", stdout=output, stderr=StringIO(), **options)
    return output.getvalue()


def test_every_model_with_encrypted_fields_is_found():
    encrypted = {model for model in apps.get_models() for one in model._meta.fields if isinstance(one, EncryptedField)}

    assert {model for model, _fields in encrypted_models()} == encrypted
    assert {Inquiry, Note, Message, Attachment} <= encrypted


@pytest.mark.django_db
def test_everything_is_encrypted_with_the_new_key_and_still_readable(new_key, settings):
    a_request_with_everything()
    new_key()
    assert "keep that key" in run(dry_run=True)
    assert key_ids() == {"k1"}

    output = run(batch=1)

    assert key_ids() == {"k2"}
    assert "No value needs an older key." in output
    settings.FIELD_ENCRYPTION_KEYS = {"k2": NEW}
    assert Inquiry.objects.get().name == "Amina Okafor"
    assert bytes(Attachment.objects.get().content) == b"\xff\xd8photo"
    assert AuditEvent.objects.filter(action="keys_rotated").count() == 1
    assert "0 values are now encrypted" in run()


@pytest.mark.django_db
def test_what_cannot_be_decrypted_is_named_and_left(new_key, settings):
    inquiry = an_inquiry()
    settings.FIELD_ENCRYPTION_KEYS = {"k3": NEW}
    an_inquiry(email="later@example.org")

    errors = StringIO()
    with pytest.raises(CommandError, match="cannot be decrypted"):
        call_command("rotate_encryption_keys", stdout=StringIO(), stderr=errors)
    assert f"consultations.Inquiry {inquiry.pk} question" in errors.getvalue()
    settings.FIELD_ENCRYPTION_KEYS = {"k1": OLD}
    assert Inquiry.objects.get(pk=inquiry.pk).question


@pytest.mark.django_db
def test_a_batch_size_of_zero_is_refused():
    with pytest.raises(CommandError, match="at least 1"):
        run(batch=0)


@pytest.mark.django_db
def test_an_edit_that_comes_in_between_wins(new_key, monkeypatch):
    inquiry = an_inquiry()
    new_key()
    place_of = EncryptedField.place_of

    def edited_just_now(field, instance):
        """Someone saves the row after it is read and before it is replaced."""
        if field.name == "question":
            monkeypatch.setattr(EncryptedField, "place_of", place_of)
            fresh = Inquiry.objects.get(pk=inquiry.pk)
            fresh.question = "Changed while the command ran."
            fresh.save()
        return place_of(field, instance)

    monkeypatch.setattr(EncryptedField, "place_of", edited_just_now)

    assert rotate().changed_in_between >= 1
    assert Inquiry.objects.get(pk=inquiry.pk).question == "Changed while the command ran."
    assert key_ids() == {"k2"}


@pytest.mark.django_db
def test_a_process_that_still_encrypts_with_the_old_key_is_noticed(new_key, monkeypatch):
    an_inquiry()
    new_key()
    monkeypatch.setattr("gutskin.encryption.key_rotation._swap", lambda *args: False)

    assert rotate().left.keys() == {"k1"}


@pytest.mark.django_db
def test_writers_and_two_rotations_at_once_lose_nothing(new_key, file_database):
    inquiries = [an_inquiry(address=f"198.51.100.{number}") for number in range(6)]
    new_key()

    def write():
        for number, inquiry in enumerate(inquiries):
            fresh = Inquiry.objects.get(pk=inquiry.pk)
            fresh.gut_details = f"edited {number}"
            fresh.save(update_fields=["gut_details"])

    def write_or_rotate(number):
        if number == 0:
            write()
        else:
            rotate(batch=2)

    assert together(3, write_or_rotate) == [None] * 3
    assert key_ids() == {"k2"}
    assert [one.gut_details for one in Inquiry.objects.order_by("pk")] == [f"edited {number}" for number in range(6)]


@pytest.mark.django_db
def test_after_a_new_digest_key_people_are_found_again_by_their_address(settings):
    inquiry, _other = an_inquiry(), an_inquiry(email="peter@example.org", address="192.0.2.7")
    settings.DIGEST_KEY = "another one, because the first had leaked"
    first_event = AuditEvent.objects.first().sequence + 1

    def renew():
        output = StringIO()
        call_command("renew_email_indexes", stdout=output)
        return output.getvalue()

    def found():
        actions.ask_for_link(email="Amina.Okafor@example.org", reference="", address="192.0.2.1")
        actions.answer_link_requests()
        return inquiry.notifications.filter(kind="status_link").exists()

    assert not found()
    assert "2 requests can be found by their address again." in renew()
    assert found()
    assert "0 requests can be found" in renew()

    with pytest.raises(CommandError, match="broken"):
        call_command("verify_audit_log", stderr=StringIO())
    output = StringIO()
    call_command("verify_audit_log", since=first_event, stdout=output)
    assert "The audit log is intact." in output.getvalue()


@pytest.mark.django_db
def test_indexes_are_not_renewed_with_a_batch_size_of_zero():
    with pytest.raises(CommandError, match="must be 1 or more"):
        call_command("renew_email_indexes", batch=0)


@pytest.mark.django_db
def test_indexes_are_renewed_except_of_addresses_that_cannot_be_decrypted(new_key, settings):
    an_inquiry()
    settings.FIELD_ENCRYPTION_KEYS = {"k2": NEW}
    an_inquiry(email="later@example.org")
    settings.DIGEST_KEY = "another one, because the first had leaked"
    output = StringIO()

    with pytest.raises(CommandError, match=r"The addresses of 1 requests cannot be decrypted. .* key 'k1'"):
        call_command("renew_email_indexes", stdout=output)
    assert "1 requests can be found" in output.getvalue()
