"""The command check_references, with a local server in place of the registers."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from education.models import Reference, ReferenceCheck
from tests.content import load_content
from tests.education.factories import make_reference
from tests.education.register_server import DOI, crossref_work, pubmed_article, pubmed_set, status

pytestmark = pytest.mark.django_db


def sound(**values):
    """A reference as the registers have it."""
    defaults = {
        "title": "The gut-skin axis: Emerging insights",
        "doi": DOI,
        "pmid": "41000001",
        "unconfirmed_fields": ["title"],
    }
    return make_reference(**defaults | values)


def check(**options):
    """The output of the command and its exit status."""
    out = StringIO()
    try:
        call_command("check_references", stdout=out, **options)
    except CommandError as error:
        return f"{out.getvalue()}{error}", error.returncode
    return out.getvalue(), 0


def test_a_correct_reference_is_confirmed_by_both_registers(registers):
    reference = sound()
    output, exit_status = check()
    reference.refresh_from_db()
    assert (exit_status, reference.status, reference.unconfirmed_fields) == (0, "confirmed", [])
    assert output == "References: 1. Agrees with the record: 2.\n"
    assert {(entry.register, entry.outcome) for entry in ReferenceCheck.objects.all()} == {
        ("crossref", "agrees"),
        ("pubmed", "agrees"),
    }


def test_the_supplied_citation_is_caught_by_a_register_too(registers):
    load_content()
    output, exit_status = check(key=["maes2025"])
    maes = Reference.objects.get(key="maes2025")
    assert (exit_status, maes.status) == (3, "rejected")
    assert "maes2025: Crossref: Not found" in output
    assert maes.checks.get().outcome == "not-found"
    assert "zhao2025" in maes.status_reason, "the person's reason stays"


@pytest.mark.parametrize("authors", [["Maes M", "Luitjens A"], ["Zhou Y", "Yu C"]], ids=["another", "nearly the same"])
def test_a_record_of_another_author_is_caught(registers, authors):
    reference = sound(authors=authors)
    output, exit_status = check()
    reference.refresh_from_db()
    assert (exit_status, reference.status) == (3, "unchecked")
    assert "zhao2025: Crossref: Differs from the record: (authors)" in output
    assert reference.authors == authors, "nothing is written over"


def test_a_retracted_record_is_caught_by_either_register(registers):
    notice = {"DOI": "10.3892/ijmm.2026.1", "type": "retraction", "label": "Retraction", "source": "publisher"}
    registers.works["10.1234/retracted"] = crossref_work("10.1234/retracted", **{"updated-by": [notice]})
    by_crossref = sound(key="crossref", doi="10.1234/retracted", pmid="")
    retraction = pubmed_article(
        "41000002", types=["Journal Article", "Retracted Publication"], notices=[("RetractionIn", "Gut. 2026;1:1.")]
    )
    registers.articles["41000002"] = pubmed_set(retraction)
    by_pubmed = sound(key="pubmed", doi="", pmid="41000002")
    output, exit_status = check()
    by_crossref.refresh_from_db()
    by_pubmed.refresh_from_db()
    assert exit_status == 3
    assert by_crossref.status == by_pubmed.status == "retracted"
    assert "10.3892/ijmm.2026.1" in by_crossref.status_reason
    assert "Gut. 2026;1:1. PMID 20137807" in by_pubmed.status_reason
    assert "Retracted: 2." in output


def test_a_known_finding_is_not_reported_as_new(registers):
    sound(authors=["Maes M"])
    output, exit_status = check()
    assert exit_status == 3
    assert output.endswith("New answers that a person should look at in admin: 2.")
    output, exit_status = check()
    assert exit_status == 0
    assert "New answers" not in output
    assert "Differs from the record" in output, "it is still said"


def test_a_dry_run_makes_no_request_and_writes_nothing(registers):
    reference = sound()
    output, _ = check(dry_run=True)
    reference.refresh_from_db()
    assert "Agrees with the record: 2." in output
    assert "Dry run: nothing was changed." in output
    assert len(registers.requests) == 2
    assert reference.status == "unchecked"
    assert not ReferenceCheck.objects.exists()


def test_which_references_are_asked_about(registers):
    kept = sound()
    sound(key="duplicate", merged_into=kept)
    sound(key="rejected", status="rejected", status_reason="No.")
    make_reference("nowhere", doi="", pmid="")
    make_reference("broken", doi="no doi", pmid="PMC1", title="Broken")
    output, _ = check()
    assert len(registers.requests) == 2
    assert "Without a DOI or PMID: 2." in output
    assert check(limit=1)[0].startswith("References: 1. ")
    assert check(key=["nobody"])[1] == 1


def test_only_references_that_were_not_checked_recently_are_asked_about(registers):
    today = datetime(2026, 11, 22, 12, tzinfo=UTC)
    with time_machine.travel(today - timedelta(days=8), tick=False):
        sound()
        check()
    make_reference("silent", doi="10.1234/silent", pmid="")
    registers.works["10.1234/silent"] = status(500)
    with time_machine.travel(today, tick=False):
        check(key=["silent"])
        assert check(stale_days=10)[0].startswith("silent: Crossref"), "silence is no answer"
        assert check(stale_days=7)[0].endswith("Run it again.")
        assert ReferenceCheck.objects.filter(reference__key="zhao2025", checked_at=today).count() == 2


def test_a_register_that_does_not_answer_is_reported_and_not_asked_again(registers):
    for number in range(6):
        make_reference(f"paper{number}", doi=f"10.1234/{number}")
        registers.works[f"10.1234/{number}"] = status(500)
    output, exit_status = check()
    assert exit_status == 1
    assert len(registers.requests) == 3
    assert "Not asked, because the register does not answer: 3. The register gave no usable answer: 3." in output
    assert "Crossref) " not in output
    assert "Not every question was answered (Crossref). Run it again." in output
    assert ReferenceCheck.objects.count() == 3
    assert not Reference.objects.exclude(status="unchecked").exists()


def test_one_failure_among_answers_does_not_stop_the_rest(registers):
    make_reference("a-broken", doi="10.1234/broken", pmid="")
    registers.works["10.1234/broken"] = b"<html>Sign in</html>"
    reference = sound()
    output, exit_status = check()
    reference.refresh_from_db()
    assert (exit_status, reference.status) == (1, "confirmed")
    sentence = "The register gave no usable answer: Crossref sent something that is not a record."
    assert f"a-broken: Crossref: {sentence}" in output


def test_a_busy_register_is_waited_for(registers):
    registers.works[DOI] = [status(429, b"", Retry_After="0"), crossref_work(DOI)]
    sound(pmid="")
    assert check()[1] == 0
    assert len(registers.requests) == 2
