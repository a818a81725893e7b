"""Adding references, recording checks, and copying the value of a register."""

from datetime import UTC, datetime

import pytest
from django.contrib.admin.models import LogEntry

from education.actions import (
    ActionRefused,
    add_reference,
    import_references,
    record_check,
    use_register_value,
)
from education.models import Reference
from education.references.keys import free_key
from education.references.notices import Notice
from education.references.registers import RegisterAnswer, compare
from tests.education.checked_paper import TITLE, checked, paper, stored
from tests.education.factories import make_reference

pytestmark = pytest.mark.django_db

# Adding


def test_a_new_reference_is_unchecked_and_logged(ana):
    added = add_reference(paper(), by=ana)
    assert (added.key, added.status, added.unconfirmed_fields) == ("zhao2025", "unchecked", [])
    assert LogEntry.objects.get().get_change_message() == "Added this reference."


def test_keys_are_surname_and_year_with_a_letter_if_taken():
    make_reference("zhao2025")
    assert free_key(paper()) == "zhao2025b"
    assert free_key(paper(), {"zhao2025", "zhao2025b"}) == "zhao2025c"
    assert free_key(paper(authors=["de la Cueva Dobao P"])) == "delacuevadobao2025"
    assert free_key(paper(authors=["Ríos-Covián D"], year=None)) == "rioscovian"
    assert free_key(paper(authors=["National Institute for Health and Care Excellence"])) == "nihce2025"
    assert free_key(paper(authors=["赵"], title="")) == "reference2025"


@pytest.mark.parametrize(
    "known",
    [
        {"doi": "10.3892/IJMM.2025.5651", "title": "Another", "year": 1999},
        {"doi": "", "title": TITLE, "year": 2025},
        {"doi": "", "title": "Another", "pmcid": "PMC12494302"},
    ],
)
def test_a_paper_that_we_have_is_not_added_again(ana, known):
    make_reference("known", **known)
    with pytest.raises(ActionRefused, match="We already have this paper, as known"):
        add_reference(paper(pmcid="PMC12494302"), by=ana)
    assert Reference.objects.count() == 1


def test_a_record_without_a_title_or_with_a_strange_address_is_refused(ana):
    for record in (paper(title=""), paper(title="x" * 501), paper(url="javascript:alert(1)", doi="")):
        with pytest.raises(ActionRefused):
            add_reference(record, by=ana)
    assert not Reference.objects.exists()


def test_an_import_adds_all_or_nothing(ana):
    fresh = paper(title="Another paper altogether", doi="10.1234/new", authors=["Deng Y"])
    make_reference("known", doi="10.3892/ijmm.2025.5651")
    with pytest.raises(ActionRefused, match="has since been added, as known"):
        import_references([fresh, paper()], by=ana)
    assert Reference.objects.count() == 1
    with pytest.raises(ActionRefused, match="has since been added, as deng2025"):
        import_references([fresh, fresh], by=ana)
    assert [reference.key for reference in import_references([fresh], by=ana)] == ["deng2025"]


def test_an_impossible_number_is_stored_as_unconfirmed(ana):
    added = add_reference(paper(doi="not a doi", pmid="PMC1", accessed="2026-11-22"), by=ana)
    assert added.unconfirmed_fields == ["doi", "pmid"]
    assert str(added.accessed) == "2026-11-22"


# Checking


def test_a_reference_is_confirmed_when_all_registers_agree():
    reference = stored(unconfirmed_fields=["volume", "finding", "issue"])
    check = checked(reference, paper())
    assert (check.outcome, check.differences) == ("agrees", [])
    assert (reference.status, reference.unconfirmed_fields) == ("confirmed", ["finding", "issue"])
    assert reference.checked_by == "Crossref"
    assert reference.checked_at is not None


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"title": "The gut-skin axis"}, {"title": "The <i>Gut</i>–Skin Axis."}),
        ({"title": "Probiotics for eczema in children"}, {"title": "Probiotics for eczema in children: a trial"}),
        ({"title": "Gut and skin"}, {"title": "RETRACTED: Gut and skin"}),
        ({"authors": ["Ríos-Covián D"]}, {"authors": ["Rios‐Covian DA", "Other A"]}),
        ({"authors": ["Bath-Hextall F"]}, {"authors": ["Bath-Hextall FJ"]}),
        ({"year": 2019}, {"year": 2020, "years": [2020]}),
        ({"year": 2019}, {"year": 2021, "years": [2018, 2021]}),
        ({"container_title": "The Journal of Dermatology"}, {"container_title": "Journal of dermatology"}),
        ({"container_title": "Science"}, {"container_title": "Science (New York, N.Y.)"}),
        ({"container_title": "Gut & Liver"}, {"container_title": "Gut and liver : the journal of Korea"}),
        ({"container_title": "Gut"}, {"container_title": "Gut Journal", "other_containers": ["Gut"]}),
        ({"page": "1167-1176"}, {"page": "1167-76"}),
        ({"page": "1459"}, {"page": "01459"}),
        ({"doi": "10.3399/BJGPO.2020.0181"}, {"doi": "10.3399/bjgpo.2020.0181"}),
        ({"issue": "6"}, {"issue": ""}),
    ],
)
def test_spelling_differences_are_ignored(ours, theirs):
    assert checked(stored(**ours), paper(**ours | theirs)).outcome == "agrees"


@pytest.mark.parametrize(
    ("ours", "theirs", "field"),
    [
        ({}, {"title": "Something else entirely about kidneys"}, "title"),
        ({"title": "Gut and skin"}, {"title": "Gut and skin of the mouse"}, "title"),
        ({}, {"authors": ["Maes M"]}, "authors"),
        ({"authors": ["Zhao Y"]}, {"authors": ["Zhao XY"]}, "authors"),
        ({"year": 2025}, {"year": 2020, "years": [2020, 2021]}, "year"),
        ({}, {"container_title": "Frontiers in Microbiology"}, "container_title"),
        ({}, {"volume": "57"}, "volume"),
        ({}, {"page": "210"}, "page"),
        ({}, {"doi": "10.1234/other"}, "doi"),
    ],
)
def test_a_difference_is_recorded_and_changes_nothing(ours, theirs, field):
    reference = stored(**ours)
    before = Reference.objects.values(field).get()
    check = checked(reference, paper(**{k: v for k, v in ours.items() if k != "authors"} | theirs))
    assert check.outcome == "differs"
    assert [entry["field"] for entry in check.differences if entry["contradicts"]] == [field]
    assert reference.status == "unchecked"
    assert Reference.objects.values(field).get() == before


def test_additional_values_of_a_register_are_no_contradiction():
    reference = stored(authors=["Zhao Y"], et_al=True, unconfirmed_fields=["authors after the first"])
    check = checked(reference, paper(issue="6", pmid="41000001"))
    assert (check.outcome, reference.status) == ("agrees", "confirmed")
    assert {entry["field"]: entry["theirs"] for entry in check.differences} == {
        "issue": "6",
        "pmid": "41000001",
        "authors": ["Zhao Y", "Yu C"],
    }
    assert reference.unconfirmed_fields == ["authors after the first"]


def test_a_retraction_sets_the_status_with_its_notice():
    reference = stored(status="confirmed")
    check = checked(reference, paper(notices=[Notice("retraction", "10.3892/ijmm.2026.1"), Notice("correction", "x")]))
    assert (check.outcome, check.notice) == ("retracted", "10.3892/ijmm.2026.1")
    assert reference.status == "retracted"
    assert reference.status_reason == "Crossref says that this paper was retracted: 10.3892/ijmm.2026.1."


def test_a_correction_sets_the_status_until_a_retraction():
    reference = stored()
    checked(reference, paper(notices=[Notice("correction", "10.3892/ijmm.2026.1")]))
    assert (reference.status, "10.3892/ijmm.2026.1" in reference.status_reason) == ("corrected", True)
    checked(reference, paper())
    assert reference.status == "corrected", "an answer without the notice takes nothing back"
    checked(reference, paper(notices=[Notice("retraction")]))
    assert reference.status == "retracted"
    assert "no notice is named" in reference.status_reason


def test_an_expression_of_concern_leaves_the_status_to_a_person():
    reference = stored()
    assert checked(reference, paper(notices=[Notice("concern", "Gut 2020")])).outcome == "concern"
    assert reference.status == "unchecked"


def test_a_retraction_of_another_paper_under_our_number_is_ignored():
    reference = stored()
    check = checked(reference, paper(title="Kidneys of the mouse", notices=[Notice("retraction", "x")]))
    assert (check.outcome, reference.status) == ("differs", "unchecked")


@pytest.mark.parametrize("status", ["rejected", "retracted"])
def test_no_answer_changes_what_a_person_decided(status):
    day = datetime(2026, 8, 6, tzinfo=UTC)
    reference = stored(status=status, status_reason="Made up.", checked_by="ruth", checked_at=day)
    checked(reference, paper(notices=[Notice("retraction", "another reason")]))
    assert (reference.status, reference.status_reason) == (status, "Made up.")
    assert (reference.checked_by, reference.checked_at) == ("ruth", day)
    assert reference.checks.exists()


def test_one_of_two_registers_alone_does_not_confirm():
    reference = stored(pmid="41000001", unconfirmed_fields=["volume"])
    agrees = compare(reference, "crossref", paper())
    record_check(reference, [agrees, RegisterAnswer("pubmed", "unreachable", notice="PubMed is too slow.")])
    reference.refresh_from_db()
    assert reference.status == "unchecked"
    record_check(reference, [agrees])
    reference.refresh_from_db()
    assert reference.status == "unchecked", "PubMed was not asked at all"
    record_check(reference, [agrees, RegisterAnswer("pubmed", "not-found")])
    reference.refresh_from_db()
    assert reference.status == "unchecked"
    record_check(reference, [agrees, compare(reference, "pubmed", paper(pmid="41000001"))])
    reference.refresh_from_db()
    assert (reference.status, reference.checked_by) == ("confirmed", "Crossref, PubMed")


def test_contradicting_registers_do_not_confirm():
    reference = stored(pmid="41000001", unconfirmed_fields=["volume"])
    answers = [
        compare(reference, "crossref", paper()),
        compare(reference, "pubmed", paper(volume="57", pmid="41000001")),
    ]
    record_check(reference, answers)
    reference.refresh_from_db()
    assert (reference.status, reference.unconfirmed_fields) == ("unchecked", ["volume"])


def test_a_register_without_an_answer_fills_one_row():
    reference = stored()
    for notice in ("too slow", "busy"):
        record_check(reference, [RegisterAnswer("crossref", "unreachable", notice=notice)])
    assert [check.notice for check in reference.checks.all()] == ["busy"]
    reference.refresh_from_db()
    assert reference.checked_at is None


# Using the value of a register


def test_using_the_value_of_a_register(ana):
    reference = stored(volume="5", authors=["Zhao Y"], et_al=True)
    Reference.objects.update(unconfirmed_fields=["volume", "authors after the first", "finding"])
    check = checked(reference, paper())
    use_register_value(check, field="volume", by=ana)
    use_register_value(check, field="authors", by=ana)
    reference.refresh_from_db()
    check.refresh_from_db()
    assert (reference.volume, reference.authors, reference.et_al) == ("56", ["Zhao Y", "Yu C"], False)
    assert reference.unconfirmed_fields == ["finding"]
    assert check.differences == []
    told = [entry.get_change_message() for entry in LogEntry.objects.order_by("pk")]
    assert told == ["Copied “volume” from Crossref.", "Copied “authors” from Crossref."]


def test_a_value_that_has_changed_since_is_not_used(ana):
    reference = stored(volume="5")
    check = checked(reference, paper())
    with pytest.raises(ActionRefused, match="has changed"):
        use_register_value(check, field="status", by=ana)
    Reference.objects.update(volume="6")
    with pytest.raises(ActionRefused, match="has changed"):
        use_register_value(check, field="volume", by=ana)
    Reference.objects.update(volume="5")
    checked(reference, paper(volume="57"))
    with pytest.raises(ActionRefused, match="has changed"):
        use_register_value(check, field="volume", by=ana)
    reference.refresh_from_db()
    assert reference.volume == "5"


def test_the_number_of_another_reference_is_not_used(ana):
    make_reference("other", pmid="41000001")
    check = checked(stored(), paper(pmid="41000001"), register="pubmed")
    with pytest.raises(ActionRefused, match="other already has this number"):
        use_register_value(check, field="pmid", by=ana)


def test_a_value_that_cannot_be_stored_is_refused(ana):
    check = checked(stored(volume="5"), paper(volume="x" * 21))
    with pytest.raises(ActionRefused):
        use_register_value(check, field="volume", by=ana)
