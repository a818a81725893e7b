import uuid

import pytest

from consultations.models import Inquiry
from consultations.request_numbers import email_index, parse_reference, receipt_code, receipt_digest
from tests.consultations.factories import an_inquiry

KEY = uuid.UUID("5b0cf0b4-8e0f-4b7c-8a43-5f2d6c0f6a11")


def test_a_receipt_code_can_be_read_out_and_typed():
    code = receipt_code(KEY)

    assert [len(group) for group in code.split("-")] == [4, 4, 4, 4]
    assert not set(code) & set("IO01")
    assert receipt_digest(code) == receipt_digest(f"  {code.lower().replace('-', ' ')} ")


@pytest.mark.parametrize(
    "typed, reference",
    [
        ("GS-7K4M-2XQP", "GS-7K4M-2XQP"),
        (" gs 7k4m 2xqp ", "GS-7K4M-2XQP"),
        ("7k4m2xqp", "GS-7K4M-2XQP"),
        ("GSAB-2XQP", "GS-GSAB-2XQP"),
        ("GS-GSAB-2XQP", "GS-GSAB-2XQP"),
        ("GS-7K4M-2XQ", ""),
        ("GS-7K4M-2XQ1", ""),
        ("", ""),
    ],
)
def test_a_reference_is_read_however_it_was_typed(typed, reference):
    assert parse_reference(typed) == reference


def test_receipt_codes_use_all_80_bits():
    codes = [receipt_code(uuid.UUID(int=number)).replace("-", "") for number in range(400)]

    assert len(set(codes)) == 400
    for place in range(16):
        assert len({code[place] for code in codes}) == 32


def test_a_receipt_code_depends_on_the_digest_key(settings):
    before = receipt_code(KEY)
    settings.DIGEST_KEY = "another"

    assert receipt_code(KEY) != before


@pytest.mark.django_db
def test_a_receipt_code_finds_its_request_and_is_not_stored():
    inquiry = an_inquiry()
    code = receipt_code(inquiry.idempotency_key)

    assert Inquiry.objects.get(receipt_digest=receipt_digest(code)) == inquiry
    row = Inquiry.objects.values_list().get()
    assert not any(code in str(value) or code.replace("-", "") in str(value) for value in row)


@pytest.mark.django_db
def test_requests_are_found_by_address_and_the_index_does_not_reveal_it():
    first, second = an_inquiry(email="Amina.Okafor@Example.org"), an_inquiry(email="amina.okafor@example.org ")
    other = an_inquiry(email="somebody.else@example.org")

    assert set(Inquiry.objects.filter(email_index=email_index("AMINA.OKAFOR@example.org"))) == {first, second}
    assert "amina" not in other.email_index + first.email_index
