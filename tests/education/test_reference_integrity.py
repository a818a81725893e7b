"""Integrity checks of references, which need no network."""

import json
from io import StringIO

import pytest
import yaml
from django.core.management import CommandError, call_command

from education.models import Reference
from education.references import integrity
from education.references.duplicates import problems_of, public_reference_index
from education.references.identifiers import (
    JOURNAL_PREFIXES,
    clean_doi,
    clean_pmcid,
    clean_pmid,
    is_doi,
    is_pmcid,
    is_pmid,
    journal_of,
)
from education.references.names import ET_AL
from education.seed import files
from tests.education.factories import make_reference

EMPTY = dict.fromkeys(integrity.FIELDS, "") | {"year": None, "unconfirmed_fields": []}


def codes(*rivals, **values):
    found = integrity.problems(
        EMPTY | {"key": "ours"} | values, integrity.ReferenceIndex(EMPTY | rival for rival in rivals)
    )
    return [problem.code for problem in found]


@pytest.mark.parametrize(
    ("typed", "doi"),
    [
        ("10.3389/fmicb.2018.01459", "10.3389/fmicb.2018.01459"),
        (" https://doi.org/10.1016/S1473-3099(15)00527-7. ", "10.1016/S1473-3099(15)00527-7"),
        ("http://dx.doi.org/10.1002/14651858.CD006135.pub3", "10.1002/14651858.CD006135.pub3"),
        ("doi: 10.1038/nature12726,", "10.1038/nature12726"),
        ("DOI:10.1002/(SICI)1096(1996)99:1<1::AID-A1>3.0.CO;2-1", "10.1002/(SICI)1096(1996)99:1<1::AID-A1>3.0.CO;2-1"),
        ("https://doi.org/10.1016%2Fj.cell.2018.08.047", "10.1016/j.cell.2018.08.047"),
    ],
)  # fmt: skip
def test_a_doi_is_extracted_from_what_people_paste(typed, doi):
    assert clean_doi(typed) == doi
    assert is_doi(doi)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "10.12/short",
        "11.3389/x",
        "10.3389/",
        "10.3389/with space",
        "10.3389/fmicb\n",
        "10.3389/été",
        "x10.3389/a",
        # These would change the path of the register's URL.
        "10.3389/../../members",
        "10.1002/./x",
        "10.1002/x/..",
        "10.1002/\x01",
        "10.٣٣٨٩/x",
    ],
)
def test_invalid_dois(text):
    assert not is_doi(text)
    assert codes(doi=text) == (["doi-syntax"] if text else [])


def test_pmids_and_pmcids():
    assert clean_pmid("https://pubmed.ncbi.nlm.nih.gov/30042740/") == clean_pmid("PMID: 30042740") == "30042740"
    assert clean_pmcid("https://pmc.ncbi.nlm.nih.gov/articles/PMC6048199/") == clean_pmcid("6048199") == "PMC6048199"
    assert is_pmid("30042740")
    assert is_pmcid("PMC6048199")
    assert not any(is_pmid(text) for text in ("", "0123", "PMC1", "30042740x", "٣٠٠", "1234567890", "1\n"))
    assert not any(is_pmcid(text) for text in ("", "6048199", "PMC", "PMC0", "pmc12"))
    assert codes(pmid="PMC1", pmcid="1") == ["pmid-syntax", "pmcid-syntax"]


def test_each_identifier_belongs_to_one_paper():
    other = {"key": "other", "doi": "10.1234/ABC", "pmid": "30042740", "pmcid": "PMC1"}
    assert codes(other, doi="10.1234/abc") == ["duplicate-doi"]
    assert codes(other, pmid="30042740") == ["duplicate-pmid"]
    assert codes(other, pmcid="PMC1") == ["duplicate-pmcid"]
    assert codes(other | {"key": "ours"}, doi="10.1234/abc", pmid="30042740", pmcid="PMC1") == [], "its own"


def test_a_paper_is_also_recognised_by_title_and_year():
    other = {"key": "other", "title": "The Gut–Skin Axis in Ácne", "year": 2018}
    assert codes(other, title="The gut-skin axis in acne (Review).", year=2018) == ["duplicate-title"]
    assert codes(other, title="The gut-skin axis in acne", year=2019) == []
    assert codes({"key": "other", "title": "Acne", "year": 2018}, title="Acne", year=2018) == [], "too short to tell"


@pytest.mark.parametrize(
    ("doi", "journal", "fits"),
    [
        ("10.3389/fmicb.2018.01459", "Frontiers in Microbiology", True),
        ("10.3389/fmicb.2018.01459", "frontiers in  microbiology", True),
        ("10.3389/fmicb.2018.01459", "Gut", False),
        ("10.1002/14651858.CD006135.pub3", "The Cochrane Database of Systematic Reviews", True),
        ("10.1002/14651858.CD006135.pub3", "The Lancet", False),
        ("10.3390/nu10081049", "Nutrients", True),
        ("10.3390/nursrep10010001", "Nursing Reports", True),
        ("10.3390/nu10081049", "", True),
        ("10.1016/j.jid.2019.05.024", "The Journal of investigative dermatology", True),
        ("10.1136/gutjnl-2019-318427", "Gut Pathogens", False),
    ],
)
def test_the_journal_fits_the_doi(doi, journal, fits):
    assert ("journal-doi" not in codes(doi=doi, container_title=journal)) == fits


def test_every_journal_prefix_belongs_to_a_reference_of_the_site():
    held = {
        (record["container_title"], journal_of(record["doi"]))
        for record in json.loads((files.CONTENT_DIR / "references.json").read_text("utf-8"))
        if record["doi"]
    }
    assert {journal for ours, journal in held if journal} == set(JOURNAL_PREFIXES.values())
    assert all(ours == journal for ours, journal in held if journal)


@pytest.mark.parametrize(
    ("doi", "year", "fits"),
    [
        ("10.3389/fmicb.2022.1083432", 2022, True),
        ("10.3389/fmicb.2022.1083432", 2023, True),
        ("10.3389/fmicb.2022.1083432", 2024, False),
        ("10.3389/fmicb.2022.1083432", 2021, False),
        ("10.1001/jamadermatol.2018.4944", 2019, True),
        ("10.1001/jamadermatol.2018.4944", 2015, False),
        ("10.1016/j.jaad.2023.12.017", 2024, True),
        ("10.1016/j.jaad.2023.12.017", 2022, False),
        ("10.1136/gutjnl-2014-307264", 2015, True),
        ("10.1038/nature12726", 1999, True),
        ("10.3389/fmicb.2022.1083432", None, True),
    ],
)
def test_the_year_fits_the_doi(doi, year, fits):
    assert ("year-doi" not in codes(doi=doi, year=year)) == fits


@pytest.mark.parametrize(
    ("doi", "page", "found"),
    [
        ("10.3389/fmicb.2025.112034", "", ["frontiers-number"]),
        ("10.3389/fmicb.2025.1120341", "", []),
        ("10.3389/fmicb.2025.1120341", "1120341", []),
        ("10.3389/fmicb.2025.1120341", "112034", ["frontiers-page"]),
        ("10.3389/fmicb.2018.01459", "1459", []),
        ("10.3389/fmicb.2018.1459", "1459", ["frontiers-number"]),
        ("10.3389/FMICB.2018.01459", "01459", []),
    ],
)
def test_article_numbers_of_frontiers(doi, page, found):
    assert codes(doi=doi, page=page) == found


def test_unconfirmed_fields_do_not_block_publication():
    problem = integrity.problems(
        EMPTY | {"unconfirmed_fields": ["page", "authors after the first"]}, integrity.ReferenceIndex([])
    )
    assert [(entry.code, entry.blocks) for entry in problem] == [("unconfirmed", False)]
    assert "authors after the first" in problem[0].sentence


def test_every_problem_has_its_place_in_the_filter():
    everything = codes(
        {"key": "other", "doi": "10.3389/fmicb.2025.1", "pmid": "x", "pmcid": "x", "title": "a b c", "year": 2020},
        doi="10.3389/fmicb.2025.1", pmid="x", pmcid="x", title="A b c", year=2020, page="5", container_title="Gut",
        unconfirmed_fields=["page"],
    )  # fmt: skip
    everything += codes(title="RETRACTED: A trial of fibre") + codes(title="Retraction notice to “A trial of fibre”")
    assert set(everything) | {"doi-syntax"} == set(integrity.CODES)


def test_no_author_in_the_content_is_et_al():
    held = json.loads((files.CONTENT_DIR / "references.json").read_text("utf-8"))
    assert [record["key"] for record in held if any(map(ET_AL.fullmatch, record["authors"]))] == []


def supplied():
    rejected = yaml.safe_load((files.CONTENT_DIR / "rejected_references.yaml").read_text("utf-8"))
    return next(record for record in rejected if record["key"] == "maes2025")


def test_the_supplied_citation_is_caught_without_a_network():
    held = json.loads((files.CONTENT_DIR / "references.json").read_text("utf-8"))
    found = integrity.problems(EMPTY | supplied(), integrity.ReferenceIndex(EMPTY | record for record in held))
    assert [problem.code for problem in found] == ["duplicate-pmcid", "frontiers-number"]
    assert "zhao2025" in found[0].sentence


def test_the_supplied_citation_does_not_pass_as_content(monkeypatch):
    content = files.read_content()
    content.rejected_references = []
    content.references.append({"doi": "", "pmid": "", "url": "", "finding": "", "unconfirmed_fields": []} | supplied())
    monkeypatch.setattr(files, "read_content", lambda: content)
    err = StringIO()
    with pytest.raises(CommandError):
        call_command("load_content", check=True, stderr=err)
    assert "maes2025: Article numbers of Frontiers from 2025 have 7 digits; this one, 112034, has 6." in err.getvalue()
    assert "maes2025: The PMCID is also that of zhao2025." in err.getvalue()


@pytest.mark.django_db
def test_a_stored_reference_is_compared_with_public_ones():
    ours = make_reference("ours", doi="10.1234/abc", title="Gut and skin in mice")
    make_reference("rejected", doi="10.1234/ABC", title="", status="rejected", status_reason="No.")
    assert problems_of(ours) == []
    kept = make_reference("kept", doi="10.1234/ABC", title="Gut and skin in mice")
    assert [problem.code for problem in problems_of(ours)] == ["duplicate-doi", "duplicate-title"]
    Reference.objects.filter(pk=ours.pk).update(merged_into=kept)
    ours.refresh_from_db()
    assert problems_of(ours) == [], "a duplicate shares all with the one kept"
    assert problems_of(kept) == []
    new = EMPTY | {"key": "new", "doi": "10.1234/abc"}
    assert public_reference_index().sharing(new) == {"doi": ["kept"]}
