"""Someone who can write to the database, and has no key, swaps what says who may open a request."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from consultations import actions
from consultations.models import Inquiry, LinkRequest, StatusPass
from consultations.request_numbers import email_index, receipt_code
from gutskin.audit.models import AuditEvent, AuditHead
from gutskin.mail.models import Notification
from tests.consultations.factories import an_inquiry

pytestmark = pytest.mark.django_db
MALLORY = "mallory@example.org"


@pytest.fixture
def victim():
    return an_inquiry()


@pytest.fixture
def mallory():
    return an_inquiry(email=MALLORY, address="198.51.100.1")


def rows_of(inquiry):
    return Inquiry.objects.filter(pk=inquiry.pk)


def swap(one, other, *fields):
    """Row for row, as SQL would do it."""
    before = {name: getattr(one, name) for name in fields}, {name: getattr(other, name) for name in fields}
    rows_of(other).update(**{name: f"{number:012}" for number, name in enumerate(fields) if name != "reference"})
    if "reference" in fields:
        rows_of(other).update(reference="GS-TEMP-TEMP")
    rows_of(one).update(**before[1])
    rows_of(other).update(**before[0])


def opens(code):
    token = actions.begin_visit_by_code(code, address="203.0.113.1")
    return bool(token and actions.get_visit(token))


def altered():
    """What the command prints; empty if it finds nothing."""
    printed = StringIO()
    try:
        call_command("verify_audit_log", stdout=StringIO(), stderr=printed)
    except CommandError as error:
        return f"{printed.getvalue()}{error}"
    return ""


def test_as_it_was_stored_it_opens(victim, mallory):
    assert opens(receipt_code(victim.idempotency_key))
    assert opens(receipt_code(mallory.idempotency_key))
    assert altered() == ""


@pytest.mark.parametrize(
    "fields",
    [
        ["receipt_digest"],
        ["receipt_digest", "seal"],
        ["receipt_digest", "email_index", "seal"],
        ["reference", "receipt_digest", "email_index", "seal"],
    ],
)
def test_a_code_that_was_moved_to_another_request_opens_nothing(victim, mallory, fields):
    swap(victim, mallory, *fields)

    assert not opens(receipt_code(mallory.idempotency_key))
    assert "reference, receipt code or address was changed by hand" in altered()
    assert "was altered by hand" in altered()


def test_an_address_that_was_moved_gets_no_link(victim, mallory, caplog):
    rows_of(victim).update(email_index=email_index(MALLORY))
    LinkRequest.objects.create(email=MALLORY, reference=victim.reference)
    actions.answer_link_requests()

    assert not Notification.objects.filter(kind="status_link").exists()
    assert "was altered by hand: it gets no link" in caplog.text
    assert f"Request {victim.reference}: its reference" in altered()


@pytest.mark.parametrize("purpose", ["visit", "link"])
def test_a_visit_or_link_that_was_moved_opens_nothing(victim, mallory, purpose):
    token = StatusPass.objects.issue(mallory, purpose)
    StatusPass.objects.update(inquiry=victim)

    assert not (actions.get_visit(token) if purpose == "visit" else actions.use_link(token))
    StatusPass.objects.update(inquiry=mallory)
    assert actions.get_visit(token) if purpose == "visit" else actions.use_link(token)


def test_a_visit_that_is_open_ends_when_its_request_is_altered(victim):
    token = actions.begin_visit_by_code(receipt_code(victim.idempotency_key), address="203.0.113.1")
    assert actions.get_visit(token)
    rows_of(victim).update(email_index="0" * 64)

    assert not actions.get_visit(token)


def test_a_log_that_was_deleted_altogether_is_noticed(victim):
    events = AuditEvent.objects.all()
    super(type(events), events).delete()
    AuditHead.objects.update(sequence=0, digest="")

    assert f"Request {victim.reference} is not in the log" in altered()


def test_after_a_new_digest_key_the_seals_are_made_again(victim, settings):
    settings.DIGEST_KEY = "another one, because the first had leaked"
    assert not Inquiry.objects.get().is_sealed
    call_command("renew_email_indexes", stdout=StringIO())

    assert Inquiry.objects.get().is_sealed


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_requests_from_before_are_sealed_by_the_migration(victim):
    call_command("migrate", "consultations", "0002", verbosity=0)
    call_command("migrate", "consultations", verbosity=0)

    assert Inquiry.objects.filter(reference=F("reference")).get().is_sealed
