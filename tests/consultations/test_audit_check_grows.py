"""The check of the audit log does twice the work for twice the requests, not four times."""

import pytest
from django.core.management import call_command

from consultations.models import Inquiry
from gutskin.audit.hash_chain import PATIENT, record_made_up
from gutskin.audit.models import AuditEvent
from tests.consultations.factories import many_inquiries
from tests.database_work import work_of

pytestmark = pytest.mark.django_db


def sent(count):
    many_inquiries(count)
    logged = set(AuditEvent.objects.values_list("reference", flat=True))
    references = Inquiry.objects.exclude(reference__in=logged).values_list("reference", flat=True)
    record_made_up(
        AuditEvent(actor=PATIENT, action=AuditEvent.Action.SUBMITTED, reference=reference) for reference in references
    )


def check():
    call_command("verify_audit_log", verbosity=0)


def test_the_work_grows_with_the_requests_and_not_with_their_square():
    sent(100)
    few = work_of(check)
    sent(300)

    assert work_of(check) < 6 * few
