import datetime
import json

import bibtexparser
import pytest
import rispy

from education.citation import author_and_year, bibtex, csl_json, ris, vancouver
from education.citation.confirmed_record import person
from education.models import Reference


def reference(**values):
    defaults = {
        "authors": ["Zhao Y", "Yu C"],
        "title": "The gut-skin axis",
        "container_title": "Int J Mol Med",
        "year": 2025,
        "volume": "56",
        "issue": "6",
        "page": "210",
    }
    return Reference(**defaults | values)


def test_authors_title_journal_and_place():
    assert vancouver(reference()) == "Zhao Y, Yu C. The gut-skin axis. Int J Mol Med. 2025;56(6):210."


def test_more_than_six_authors_are_cut():
    text = vancouver(reference(authors=[f"Author {letter}" for letter in "ABCDEFG"]))

    assert text.startswith("Author A, Author B, Author C, Author D, Author E, Author F, et al. The")


def test_a_brief_reference_leaves_to_its_link_what_is_there():
    six = [f"Author {letter}" for letter in "ABCDEF"]

    brief = vancouver(reference(authors=six, doi="10.1000/182"), brief=True)

    assert brief == "Author A, et al. The gut-skin axis. Int J Mol Med. 2025."
    assert vancouver(reference(authors=six, doi=""), brief=True) == vancouver(reference(authors=six))


def test_of_two_authors_a_brief_reference_names_both():
    assert vancouver(reference(doi="10.1000/182"), brief=True).startswith("Zhao Y, Yu C. The gut")
    assert vancouver(reference(doi="10.1000/182", et_al=True), brief=True).startswith("Zhao Y, et al. The gut")


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({}, "Zhao Y, Yu C 2025"),
        ({"authors": ["Camilleri M"]}, "Camilleri M 2025"),
        ({"authors": ["Ford AR"], "et_al": True}, "Ford AR et al. 2025"),
        ({"authors": ["Zhao Y", "Yu C", "Zhou X"]}, "Zhao Y et al. 2025"),
        ({"unconfirmed_fields": ["authors after the first", "year"]}, "Zhao Y et al."),
        ({"authors": [], "year": None}, "The gut-skin axis"),
    ],
)
def test_a_source_under_a_statement_is_named_by_authors_and_year(values, named):
    assert author_and_year(reference(**values)) == named


def test_an_issue_is_left_out_with_its_unconfirmed_volume():
    assert vancouver(reference(unconfirmed_fields=["volume"])).endswith("Int J Mol Med. 2025:210.")
    assert vancouver(reference(volume="")).endswith("Int J Mol Med. 2025;(6):210."), "some journals have only issues"


def test_an_incomplete_list_of_authors_says_so():
    assert vancouver(reference(authors=["Ford AR"], et_al=True)).startswith("Ford AR, et al. ")


def test_unconfirmed_fields_are_left_out():
    text = vancouver(reference(unconfirmed_fields=["issue", "page", "volume"]))

    assert text == "Zhao Y, Yu C. The gut-skin axis. Int J Mol Med. 2025."


def test_a_volume_whose_year_is_unconfirmed_stands_alone():
    assert vancouver(reference(unconfirmed_fields=["year"])).endswith("Int J Mol Med. 56(6):210.")


def test_unconfirmed_authors_become_et_al():
    text = vancouver(reference(unconfirmed_fields=["authors after the first"]))

    assert text.startswith("Zhao Y, et al. The gut-skin axis.")


def test_up_to_six_authors_are_shown():
    names = ["Adams A", "Baker B", "Clark C", "Davis D", "Evans E", "Frank F", "Ghosh G"]

    assert vancouver(reference(authors=names[:6])).startswith(
        "Adams A, Baker B, Clark C, Davis D, Evans E, Frank F. The"
    )
    assert vancouver(reference(authors=names)).startswith(
        "Adams A, Baker B, Clark C, Davis D, Evans E, Frank F, et al. "
    )


@pytest.mark.parametrize(
    ("authors", "printed"),
    [
        (["World Health Organization"], "World Health Organization. "),
        (["National Institute for Health and Care Excellence"], "National Institute for Health and Care Excellence. "),
        (["Vallancien G", "Emberton M", "Alf-One Study Group"], "Vallancien G, Emberton M; Alf-One Study Group. "),
        (["AAAAI/ACAAI JTF Guideline Panel", "Chu DK", "Ng S"], "AAAAI/ACAAI JTF Guideline Panel; Chu DK, Ng S. "),
        (["British Skin Foundation UK", "Patients' Trust"], "British Skin Foundation UK; Patients' Trust. "),
        ([], "The gut-skin axis. "),
        (["  ", "Zhao Y"], "Zhao Y. "),
    ],
)
def test_organisations_are_never_shortened_and_are_separated_by_semicolons(authors, printed):
    assert vancouver(reference(authors=authors)).startswith(printed)


@pytest.mark.parametrize(
    ("author", "family", "initials"),
    [
        ("van den Brandt PA", "van den Brandt", "PA"),
        ("van der Linden MMD", "van der Linden", "MMD"),
        ("deRoos P", "deRoos", "P"),
        ("Díez-Madueño K", "Díez-Madueño", "K"),
        ("O'Neill CA", "O'Neill", "CA"),
        ("Müller J-P", "Müller", "J-P"),
        ("King ML Jr", "King", "ML"),
        ("Østergård Å", "Østergård", "Å"),
    ],
)
def test_a_person_has_a_family_name_and_initials(author, family, initials):
    assert (person(author).family, person(author).initials) == (family, initials)


@pytest.mark.parametrize("name", ["NICE", "World Health Organization", "Eczema Association UK", "the lowercase x", ""])
def test_an_organisation_is_not_a_person(name):
    assert person(name) is None


# The samples of ICMJE's “Samples of Formatted References” and of Citing Medicine, with our fields.


def test_a_book():
    book = reference(
        type="book",
        authors=["Murray PR", "Rosenthal KS", "Kobayashi GS", "Pfaller MA"],
        title="Medical microbiology",
        container_title="",
        edition="4th",
        publisher="Mosby",
        publisher_place="St. Louis",
        year=2002,
        volume="",
        issue="",
        page="",
    )

    assert vancouver(book) == (
        "Murray PR, Rosenthal KS, Kobayashi GS, Pfaller MA. Medical microbiology. 4th ed. St. Louis: Mosby; 2002."
    )


@pytest.mark.parametrize(
    ("edition", "printed"),
    [
        ("4", "4th ed."),
        ("1", "1st ed."),
        ("22", "22nd ed."),
        ("13", "13th ed."),
        ("Rev. ed.", "Rev. ed."),
        ("2nd", "2nd ed."),
    ],
)
def test_an_edition_is_marked_as_one(edition, printed):
    assert f" {printed} Mosby; 2025." in vancouver(reference(type="book", edition=edition, publisher="Mosby"))


def test_a_chapter():
    chapter = reference(
        type="chapter",
        authors=["Meltzer PS", "Kallioniemi A", "Trent JM"],
        title="Chromosome alterations in human solid tumors",
        container_title="The genetic basis of human cancer",
        publisher="McGraw-Hill",
        publisher_place="New York",
        year=2002,
        volume="",
        issue="",
        page="93-113",
    )

    assert vancouver(chapter) == (
        "Meltzer PS, Kallioniemi A, Trent JM. Chromosome alterations in human solid tumors. In: The genetic basis of "
        "human cancer. New York: McGraw-Hill; 2002. p. 93-113."
    )


def test_a_guideline():
    guideline = reference(
        type="report",
        authors=["National Institute for Health and Care Excellence"],
        title="Acne vulgaris: management",
        container_title="",
        publisher="NICE",
        publisher_place="London",
        year=2021,
        accessed=datetime.date(2026, 11, 22),
    )

    assert vancouver(guideline) == (
        "National Institute for Health and Care Excellence. Acne vulgaris: management. London: NICE; 2021 "
        "[cited 2026 Nov 22]."
    )


def test_a_web_page():
    page = reference(
        type="webpage",
        authors=["World Health Organization"],
        title="Antimicrobial resistance",
        container_title="WHO",
        publisher="",
        year=2023,
        accessed=datetime.date(2026, 11, 2),
        volume="",
        issue="",
        page="",
    )

    assert vancouver(page) == (
        "World Health Organization. Antimicrobial resistance [Internet]. WHO; 2023 [cited 2026 Nov 2]."
    )


def test_a_web_page_with_few_details():
    assert vancouver(Reference(type="webpage", title="Eczema")) == "Eczema [Internet]."
    assert vancouver(Reference()) == ""


def test_a_title_that_ends_in_a_question_mark_keeps_it():
    assert "Is there an axis? Int" in vancouver(reference(title="Is there an axis?"))


def test_the_link_is_the_doi_unless_that_is_unconfirmed():
    both = {"doi": "10.1/x", "pmid": "123"}

    assert reference(**both).link == "https://doi.org/10.1/x"
    assert reference(**both, unconfirmed_fields=["doi"]).link == "https://pubmed.ncbi.nlm.nih.gov/123/"
    assert reference(doi="10.1/x", unconfirmed_fields=["doi"]).link == "https://doi.org/10.1/x"
    assert reference(url="https://www.nice.org.uk/guidance/ng198").link == "https://www.nice.org.uk/guidance/ng198"


# Exports for reference managers ---------------------------------------


ODD = {
    "key": "odd2025",
    "title": "100% of IgE & $5 {brace} a_b #1 ~tilde ^caret \\backslash “quoted” Ω: is p<0.05?",
    "container_title": "Journal of Skin & Gut",
    "authors": ["Díez-Madueño K", "van der Linden MMD", "National Institute for Health and Care Excellence"],
    "doi": "10.1002/(SICI)1097-0258_a<b>",
    "page": "1167-1176",
    "pmid": "30042740",
    "pmcid": "PMC6048199",
}


def plain(text):
    """A BibTeX value as a program reads it."""
    names = {"backslash": "\\", "braceleft": "{", "braceright": "}", "asciitilde": "~", "asciicircum": "^"}
    names |= {"less": "<", "greater": ">"}
    stand_ins = {}
    for number, (name, character) in enumerate(names.items()):
        stand_ins[chr(0xE000 + number)] = character
        text = text.replace(f"\\text{name}{{}}", chr(0xE000 + number))
    for character in "&%$#_":
        text = text.replace(f"\\{character}", character)
    text = text.replace("{", "").replace("}", "")
    return "".join(stand_ins.get(character, character) for character in text)


def read_bibtex(text):
    library = bibtexparser.parse_string(text)
    assert not library.failed_blocks
    (entry,) = library.entries
    return entry


def test_bibtex_round_trip():
    entry = read_bibtex(bibtex(reference(**ODD)))

    fields = {field.key: field.value for field in entry.fields}
    assert (entry.entry_type, entry.key) == ("article", "odd2025")
    assert plain(fields["title"]) == ODD["title"]
    assert plain(fields["journal"]) == "Journal of Skin & Gut"
    assert fields["author"] == (
        "Díez-Madueño, K. and van der Linden, M. M. D. and {National Institute for Health and Care Excellence}"
    )
    assert fields["pages"] == "1167--1176"
    assert fields["doi"] == "10.1002/(SICI)1097-0258_a%3Cb%3E"
    assert (fields["year"], fields["volume"], fields["number"]) == ("2025", "56", "6")
    assert "{IgE}" in fields["title"]


def test_braces_in_bibtex_are_always_balanced():
    """BibTeX counts every brace, so one too many would swallow the entries that follow."""
    text = bibtex(reference(**ODD, url="https://example.org/{a}?b=%7D"))

    assert text.count("{") == text.count("}")


def test_ris_round_trip():
    (entry,) = rispy.loads(ris(reference(**ODD)))

    assert entry["type_of_reference"] == "JOUR"
    assert entry["title"] == ODD["title"]
    assert entry["authors"] == [
        "Díez-Madueño, K.",
        "van der Linden, M. M. D.",
        "National Institute for Health and Care Excellence",
    ]
    assert entry["secondary_title"] == "Journal of Skin & Gut"
    assert (entry["start_page"], entry["end_page"]) == ("1167", "1176")
    assert entry["doi"] == ODD["doi"]
    assert entry["accession_number"] == "30042740"


def test_csl_json_round_trip():
    item = json.loads(json.dumps(csl_json(reference(**ODD, accessed=datetime.date(2026, 11, 22)))))

    assert item["author"] == [
        {"family": "Díez-Madueño", "given": "K."},
        {"family": "van der Linden", "given": "M. M. D."},
        {"literal": "National Institute for Health and Care Excellence"},
    ]
    assert item["issued"] == {"date-parts": [[2025]]}
    assert item["accessed"] == {"date-parts": [[2026, 11, 22]]}
    assert (item["type"], item["title"], item["DOI"]) == ("article-journal", ODD["title"], ODD["doi"])
    assert "publisher" not in item


HOSTILE = "A title}\r\nER  - \r\nTY  - BOOK\u2028TI  - Another\n}@article{evil, title = {x\x00\x1b"


@pytest.mark.parametrize("field", ["title", "container_title", "publisher", "volume", "page", "doi", "status_reason"])
def test_no_value_can_start_a_second_record(field):
    record = reference(**{"key": "one", "status": "retracted", "status_reason": "Made up.", field: HOSTILE})

    assert not set("\x00\x1b\u2028") & set(ris(record) + bibtex(record) + csl_json(record).get("title", ""))
    assert len(rispy.loads(ris(record))) == 1
    assert [line[:6] for line in ris(record).split("\r\n") if line[:2] in {"TY", "ER"}] == ["TY  - ", "ER  - "]
    assert read_bibtex(bibtex(record)).key == "one"
    assert bibtex(record).count("{") == bibtex(record).count("}")


def test_no_author_can_start_a_second_record():
    record = reference(key="one", authors=["Zhao Y\nER  - \nTY  - BOOK", "A and B} and {C"])

    assert len(rispy.loads(ris(record))) == 1
    assert read_bibtex(bibtex(record)).key == "one"


@pytest.mark.parametrize(
    ("type", "entry_type", "ris_type"),
    [
        ("article-journal", "article", "JOUR"),
        ("book", "book", "BOOK"),
        ("chapter", "incollection", "CHAP"),
        ("report", "techreport", "RPRT"),
        ("webpage", "misc", "ELEC"),
    ],
)
def test_each_type_has_its_name_in_each_format(type, entry_type, ris_type):
    record = reference(key="one", type=type)

    assert read_bibtex(bibtex(record)).entry_type == entry_type
    assert rispy.loads(ris(record))[0]["type_of_reference"] == ris_type
    assert csl_json(record)["type"] == type


def test_unconfirmed_fields_are_not_exported():
    record = reference(key="one", doi="10.1/x", pmid="123", unconfirmed_fields=["page", "doi"])

    assert "210" not in bibtex(record) + ris(record) + json.dumps(csl_json(record))
    assert "10.1/x" not in bibtex(record) + ris(record) + json.dumps(csl_json(record))
    # Which fields these are is for staff only.
    assert "onfirmed" not in bibtex(record) + ris(record) + json.dumps(csl_json(record))


def test_a_retracted_paper_says_so_in_every_export():
    record = reference(key="one", status="retracted", status_reason="The data were made up.")

    for copy in (bibtex(record), ris(record), csl_json(record)["note"]):
        assert "Retracted: The data were made up." in copy


def test_an_incomplete_list_of_authors_says_so_in_the_exports():
    record = reference(key="one", et_al=True)

    assert "author = {Zhao, Y. and Yu, C. and others}" in bibtex(record)
    assert "The list of authors is not complete." in ris(record)
