"""The references that come with the site: each record, how it is printed, and which of them are loaded."""

import json
import re

import pytest
from django.core.management import call_command

from education import leaflets
from education.citation import author_and_year, bibtex, csl_json, ris, vancouver
from education.citation.confirmed_record import confirmed
from education.models import Certainty, Reference
from education.models.reference import AUTHORS_AFTER_THE_FIRST
from education.references.comparison import normalised_title
from education.references.identifiers import is_doi, is_pmcid, is_pmid
from education.seed import files
from tests.addresses import READING_PAGES, RECORD_PAGES
from tests.content import load_content

RECORDS = json.loads((files.CONTENT_DIR / "references.json").read_text("utf-8"))
# Figures that few patients can read. What it means is said in words: “about twice as common”.
STATISTICS = re.compile(
    r"%|\b(odds|hazard|risk) ratio\b|\bratio\b|\bintervals?\b|\bCI\b|\bI2\b|\bp ?[<=>]|\bstandardised\b|\bsignifican",
    re.IGNORECASE,
)
# Such a sentence is about our work and not about the paper.
NOTES_TO_OURSELVES = re.compile(r"pages? (seen|read)|to be checked|not seen|cuts? off|[a-z]{3,}\d{4}\b", re.IGNORECASE)
AND_OTHERS = re.compile(r"\bet al\b")


def made(record):
    return Reference(**record)


def wrong(question):
    """The keys of the records for which `question` returns something, with what it returns."""
    return {record["key"]: answer for record in RECORDS if (answer := question(record))}


def twice(value):
    """What more than one record has, with the keys of these."""
    keys = {}
    for record in RECORDS:
        if value(record):
            keys.setdefault(value(record), []).append(record["key"])
    return {value: found for value, found in keys.items() if len(found) > 1}


# The records ---------------------------------------------------------


def test_each_record_fits_its_model():
    for record in RECORDS:
        made(record).full_clean(validate_unique=False, validate_constraints=False)


@pytest.mark.parametrize("name", ["key", "doi", "pmid", "pmcid", "url"])
def test_no_two_records_share_what_identifies_a_paper(name):
    assert twice(lambda record: record[name].casefold()) == {}


def test_no_two_records_have_the_same_title():
    assert twice(lambda record: normalised_title(record["title"])) == {}


def test_each_record_leads_to_its_paper():
    def broken(record):
        kinds = {"doi": is_doi, "pmid": is_pmid, "pmcid": is_pmcid, "url": lambda url: url.startswith("https://")}
        return [name for name, is_sound in kinds.items() if record[name] and not is_sound(record[name])]

    assert wrong(broken) == {}
    assert wrong(lambda record: not made(record).link.startswith("https://")) == {}


def test_each_record_says_what_it_is():
    needed = ("authors", "title", "container_title", "year", "study_type", "finding", "certainty", "certainty_reason")
    levels = {*Certainty.values, "not-rated"}

    assert wrong(lambda record: [name for name in needed if not record[name]]) == {}
    assert wrong(lambda record: record["certainty"] not in levels) == {}


def test_what_a_paper_found_is_told_in_plain_words():
    assert wrong(lambda record: STATISTICS.findall(record["finding"])) == {}
    assert wrong(lambda record: NOTES_TO_OURSELVES.findall(record["finding"])) == {}


def test_of_a_study_in_animals_the_finding_says_so():
    def hidden(record):
        return "animal" in record["study_type"] and not re.search(r"\b(mice|mouse)\b", record["finding"])

    assert wrong(hidden) == {}


# How they are printed -------------------------------------------------


def test_no_author_is_called_et_al():
    assert wrong(lambda record: [author for author in record["authors"] if AND_OTHERS.search(author)]) == {}


def test_et_al_is_printed_where_authors_are_missing_and_nowhere_else():
    def has_more(record, named):
        is_open = AUTHORS_AFTER_THE_FIRST in record["unconfirmed_fields"] and len(record["authors"]) > 1
        return record["et_al"] or is_open or len(record["authors"]) > named

    def differs(record):
        reference = made(record)
        two = len(record["authors"]) == 2 and not record["et_al"]
        texts = {
            vancouver(reference): 6,
            vancouver(reference, brief=True): 2 if two else 1,
            author_and_year(reference): 2 if two else 1,
        }
        return [text for text, named in texts.items() if bool(AND_OTHERS.search(text)) != has_more(record, named)]

    assert wrong(differs) == {}


def test_no_part_of_a_reference_leaves_a_stray_sign():
    stray = re.compile(r"\.\.|;[.:]|:\.|,\.|\(\)|\[\]| [.,;:]|;\(\d+\)\.|  ")

    assert wrong(lambda record: stray.findall(vancouver(made(record)))) == {}


def test_pages_of_authorities_name_who_says_it_and_where():
    texts = {record["key"]: vancouver(made(record)) for record in RECORDS if record.get("type")}

    assert texts == {
        "nice2021": "National Institute for Health and Care Excellence. Acne vulgaris: management (NICE guideline "
        "NG198). NICE; 2021.",
        "niceng20": "National Institute for Health and Care Excellence. Coeliac disease: recognition, assessment and "
        "management (NICE guideline NG20). NICE; 2015.",
        "cosentyxsmpc2023": "European Medicines Agency; Novartis Europharm Limited. Cosentyx (secukinumab): summary "
        "of product characteristics, section 4.4 [Internet]. European Medicines Agency; 2023.",
        "mhra2026isotretinoin": "Medicines and Healthcare products Regulatory Agency. Isotretinoin – changes to "
        "prescribing guidance and additional risk minimisation measures [Internet]. Drug Safety Update; 2026.",
        # Its year is still to be confirmed.
        "mhra2016brimonidine": "Medicines and Healthcare products Regulatory Agency. Brimonidine gel (Mirvaso): risk "
        "of exacerbation of rosacea [Internet]. Drug Safety Update.",
        "mhra2017brimonidine": "Medicines and Healthcare products Regulatory Agency. Brimonidine gel (Mirvaso): risk "
        "of systemic cardiovascular effects; not to be applied to damaged skin [Internet]. Drug Safety Update; 2017.",
    }


def test_each_can_be_copied_in_every_format():
    def missing(record):
        reference = made(record)
        copies = (bibtex(reference), ris(reference), json.dumps(csl_json(reference), ensure_ascii=False))
        return [copy for copy in copies if confirmed(reference).url not in copy or reference.key not in copy]

    assert wrong(missing) == {}


# What is still to be confirmed, and notes, are for staff ---------------


@pytest.mark.slow
@pytest.mark.django_db
def test_no_word_of_an_unconfirmed_field_reaches_a_reader(client, printed):
    """Every value that may be wrong is made one that can be found, in all references of the site."""
    load_content()
    fields = ("publisher", "publisher_place", "edition", "volume", "issue", "page", "doi", "pmid", "pmcid")
    fields += ("finding", "study_type")
    references = list(Reference.objects.public())
    for reference in references:
        for name in fields:
            setattr(reference, name, f"xqz{name[:8]}{reference.pk}")
        reference.year, reference.url = 1234, f"https://example.org/{reference.key}"
        reference.certainty_reason = "xqz: a note for staff."
        reference.authors = [reference.authors[0], "Xqzauthor A"]
        reference.unconfirmed_fields = [*fields, "year", AUTHORS_AFTER_THE_FIRST, "xqz: see the paper"]
    Reference.objects.bulk_update(
        references, [*fields, "year", "url", "certainty_reason", "authors", "unconfirmed_fields"]
    )
    leaflets.make_missing()

    pages = {address: client.get(address) for address in [*READING_PAGES, *RECORD_PAGES, *files_of(references)]}

    assert {response.status_code for response in pages.values()} == {200}
    texts = {address: response.content.decode() for address, response in pages.items()}
    texts |= {f"leaflet {number}": html for number, (_format, html) in enumerate(printed)}
    assert len(printed) >= 12
    assert "xqz: see the paper" in Reference.objects.first().unconfirmed_labels
    # One of the pages is a search for “xqzwv”.
    told = re.compile(
        r"xqz(?!wv)\S*|\b1234\b|unconfirmed_fields|to be confirmed: |authors after the first", re.IGNORECASE
    )
    assert {address: told.findall(text) for address, text in texts.items() if told.search(text)} == {}


def files_of(references):
    keys = [reference.key for reference in references[:5]]
    return [
        *("/evidence.csv", "/evidence.json", "/feed/", "/search/feed/?q=eczema", "/conditions/acne.jsonld"),
        *("/what-is-the-gut-skin-axis.jsonld", "/conditions/psoriasis/more/", "/references.bib", "/references.ris"),
        "/references.json",
        *(f"/references/{key}/" for key in keys),
        *(f"/references/{key}.{format}" for key in keys for format in ("bib", "ris", "json")),
    ]


# Which of them are loaded ----------------------------------------------


def load(monkeypatch, capsys, content):
    monkeypatch.setattr(files, "read_content", lambda: content)
    call_command("load_content")
    return capsys.readouterr().out.splitlines()[0]


def cited(content):
    return {record["key"] for record in content.cited_references()}


def add_uncited(content, *keys):
    """Records that nothing names."""
    for key in keys:
        own = {"key": key, "title": f"On the paper {key}", "doi": f"10.1234/{key}", "pmid": "", "pmcid": ""}
        content.references.append(RECORDS[0] | own | {"container_title": "Gut and Skin"})


@pytest.mark.slow
@pytest.mark.django_db
def test_what_nothing_cites_stays_in_the_file(monkeypatch, capsys):
    content = files.read_content()
    add_uncited(content, "spare2020")

    said = load(monkeypatch, capsys, content)

    stored = set(Reference.objects.exclude(status="rejected").values_list("key", flat=True))
    left_out = len(content.references) - len(stored)
    assert stored == cited(content)
    assert "spare2020" not in stored
    assert said == f"references: {len(stored) + 1} added, {left_out} left out as uncited"


def test_a_text_a_statement_a_number_or_a_notice_names_what_is_loaded():
    content = files.read_content()
    add_uncited(content, "text2020", "statement2020", "number2020", "notice2020", "further2020", "spare2020")
    before, statement = cited(content), content.statements[0]

    content.articles[0]["body"] += '<p>So it is.<cite data-ref="text2020"></cite></p>'
    statement["references"] = [*statement["references"], "statement2020", "unknown2020"]
    statement["numbers"] = [{"what": "Better", "with": 5, "of": 100, "source": "number2020"}, {"what": "Worse"}]
    content.rejected_references[0]["status_reason"] += " See also notice2020."
    next(record for record in content.references if record["key"] == "notice2020")["status_reason"] = "Or further2020."

    assert cited(content) - before == {"text2020", "statement2020", "number2020", "notice2020", "further2020"}


def test_the_notice_of_a_paper_that_is_not_loaded_loads_nothing():
    content = files.read_content()
    add_uncited(content, "spare2020", "other2020")

    content.references[-1]["status_reason"] = "Cite spare2020 instead."

    assert not cited(content) & {"spare2020", "other2020"}


@pytest.mark.slow
@pytest.mark.django_db
def test_a_stored_reference_stays_and_is_corrected_when_nothing_cites_it_any_more(monkeypatch, capsys):
    content = files.read_content()
    add_uncited(content, "spare2020")
    statement, before = content.statements[0], content.statements[0]["references"]
    statement["references"] = [*before, "spare2020"]
    load(monkeypatch, capsys, content)
    statement["references"] = before
    content.references[-1]["title"] = "A title without its slip"

    load(monkeypatch, capsys, content)

    assert Reference.objects.get(key="spare2020").title == "A title without its slip"


def test_the_check_reads_what_is_not_loaded_too(monkeypatch, capsys):
    content = files.read_content()
    add_uncited(content, "spare2020")
    content.references[-1]["finding"] = "It is proven."
    monkeypatch.setattr(files, "read_content", lambda: content)

    with pytest.raises(Exception, match="Problems in education/content: 1"):
        call_command("load_content", check=True)

    assert "its finding has a word" in capsys.readouterr().err
