"""Made-up data in any amount: it is what the site itself would store, and never gets among real data."""

import pytest
from django.core.management import CommandError, call_command

from consultations.models import Inquiry, Status
from education.models import Article, EvidenceStatement, GlossaryTerm, Reference
from gutskin.audit.hash_chain import also_checked, broken_links
from gutskin.audit.models import AuditEvent
from tests.consultations.factories import an_inquiry
from tests.content import load_content
from tests.education.factories import make_article

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
FEW = ["--articles=50", "--statements=30", "--references=20", "--terms=10", "--requests=12"]


def test_everything_is_stored_as_the_site_would_store_it(client, capsys):
    load_content()
    there = Article.objects.count()

    call_command("load_scale", *FEW)

    assert Article.objects.published().count() == there + 50
    made = Article.objects.filter(loaded_digest="load_scale")
    assert set(made.values_list("language", flat=True)) == {"en", "es"}
    assert (EvidenceStatement.objects.filter(loaded_digest="load_scale").count(), AuditEvent.objects.count()) == (
        30,
        36,
    )
    for page in (
        "/conditions/",
        "/evidence/",
        "/references/",
        "/glossary/",
        *[each.get_absolute_url() for each in made[:3]],
    ):
        assert client.get(page).status_code == 200, page
    assert [*broken_links(), *(problem for check in also_checked for problem in check())] == []
    assert all(inquiry.is_sealed and len(inquiry.question) > 20 for inquiry in Inquiry.objects.all())
    assert Inquiry.objects.filter(status=Status.CLOSED, closed_at__isnull=False).exists()
    assert "requests: 12 of 12" in capsys.readouterr().out


def test_a_second_run_adds_what_is_missing(capsys):
    call_command("load_scale", *FEW)
    call_command("load_scale", *FEW[:-1], "--requests=15")

    assert (Inquiry.objects.count(), Article.objects.count(), Reference.objects.count()) == (15, 50, 20)
    assert GlossaryTerm.objects.count() == 10
    assert list(broken_links()) == []


def refused(message):
    with pytest.raises(CommandError, match=message):
        call_command("load_scale", *FEW)
    assert not Article.objects.filter(loaded_digest="load_scale").exists()


def test_not_on_a_public_site(settings):
    settings.HTTPS = True
    refused("public site")


def test_not_among_requests_of_patients():
    an_inquiry()
    refused("requests that this command did not make")


def test_not_among_pages_that_somebody_wrote():
    make_article()
    refused("that somebody wrote")


def test_not_among_loaded_pages_that_somebody_changed(admin_user):
    load_content()
    Article.objects.filter(slug="acne").update(updated_by=admin_user)
    refused("that somebody wrote")


def test_not_after_real_requests_were_erased():
    inquiry = an_inquiry()
    AuditEvent.objects.exists() or pytest.fail("No event was recorded.")
    inquiry.delete()
    refused("requests that this command did not make")
