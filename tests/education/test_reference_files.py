"""Files as EndNote, Zotero, Mendeley and publishers write them, and malformed ones."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from education.references import encodings, files
from education.references.exceptions import Unreadable
from education.references.record import Record

ZOTERO_RIS = """TY  - JOUR
TI  - The Gut Microbiome as a Major Regulator of the Gut-Skin Axis
AU  - Salem, Iman
AU  - Ramser, Amy
AU  - van Zuuren, Esther J.
T2  - Frontiers in Microbiology
AB  - An abstract that goes on
and on.
DA  - 2018///
PY  - 2018
DO  - 10.3389/fmicb.2018.01459
VL  - 9
SP  - 1459
SN  - 1664-302X
UR  - https://www.frontiersin.org/article/10.3389/fmicb.2018.01459
L2  - https://pubmed.ncbi.nlm.nih.gov/30042740
ER  - 

"""
ENDNOTE_RIS = """TY  - CHAP
AU  - World Health Organization
A2  - Doe, Jane
CY  - Geneva
ET  - 2nd
PB  - WHO Press
PY  - 2011
SP  - 12
EP  - 34
T2  - Skin of the world
TI  - The gut
AN  - 30042740
N1  - PMID: 30042740 PMCID: PMC6048199
ER  - 
"""
ZOTERO_BIBTEX = r"""
@article{rios-covian_intestinal_2016,
	title = {Intestinal {Short} {Chain} {Fatty} {Acids} \& their {Link} with {\textit{Diet}}: 5\% more},
	volume = {7},
	issn = {1664-302X},
	url = {http://journal.frontiersin.org/Article/10.3389/fmicb.2016.00185/abstract},
	doi = {10.3389/fmicb.2016.00185},
	urldate = {2026-11-22},
	journal = {Frontiers in Microbiology},
	author = {R{\'i}os-Covi\'{a}n, David and {\L}o\'s, Bo{\.z}ena and {World Health Organization} and de los Reyes-Gavil{\'a}n, Clara G.},
	month = feb,
	year = {2016},
	pages = {185--190},
}
"""  # noqa: E501  as it is exported
ZOTERO_CSL = [
    {
        "id": "http://zotero.org/users/1/items/ABC",
        "type": "article-journal",
        "title": "Psoriasis and <i>Mediterranean</i> diet",
        "container-title": "JAMA Dermatology",
        "page": "1017-1024",
        "volume": "154",
        "issue": "9",
        "DOI": "10.1001/jamadermatol.2018.2127",
        "PMID": "30046840",
        "author": [
            {"family": "Phan", "given": "Céline"},
            {"family": "Zuuren", "given": "Esther J.", "non-dropping-particle": "van"},
            {"literal": "Gut and Skin Study Group"},
        ],
        "issued": {"date-parts": [["2018", 9, 1]]},
        "accessed": {"date-parts": [["2026", 11, 22]]},
    }
]


def only(text) -> Record:
    (entry,) = files.read(text)
    assert entry.problem == ""
    return entry.record


def test_ris_of_zotero():
    record = only(ZOTERO_RIS)
    assert record.authors == ["Salem I", "Ramser A", "van Zuuren EJ"]
    assert record.title == "The Gut Microbiome as a Major Regulator of the Gut-Skin Axis"
    assert (record.container_title, record.year, record.volume) == ("Frontiers in Microbiology", 2018, "9")
    assert (record.page, record.doi, record.url) == ("1459", "10.3389/fmicb.2018.01459", "")


def test_ris_of_endnote():
    record = only(ENDNOTE_RIS)
    assert record.authors == ["World Health Organization"]
    assert (record.type, record.title, record.container_title) == ("chapter", "The gut", "Skin of the world")
    assert (record.publisher, record.publisher_place, record.edition) == ("WHO Press", "Geneva", "2nd")
    assert (record.page, record.pmid, record.pmcid) == ("12-34", "30042740", "PMC6048199")


def test_an_old_doi_keeps_its_semicolon():
    text = ZOTERO_RIS.replace(
        "DO  - 10.3389/fmicb.2018.01459", "UR  - https://doi.org/10.1002/(SICI)1<1::AID-1>3.0.CO;2-1"
    )
    assert only(text).doi == "10.1002/(SICI)1<1::AID-1>3.0.CO;2-1"


def test_entries_without_an_end_tag_are_not_joined():
    text = "TY  - JOUR\nTI  - One\nTY  - JOUR\nTI  - Two\nER  - \nTY  - JOUR\nTI  - Three"
    assert [entry.record.title for entry in files.read(text)] == ["One", "Two", "Three"]


def test_bibtex_of_zotero():
    record = only(ZOTERO_BIBTEX)
    assert record.authors == ["Ríos-Covián D", "Łoś B", "World Health Organization", "de los Reyes-Gavilán CG"]
    assert record.title == "Intestinal Short Chain Fatty Acids & their Link with Diet: 5% more"
    assert (record.container_title, record.year, record.page) == ("Frontiers in Microbiology", 2016, "185-190")
    assert (record.doi, record.url, record.accessed) == ("10.3389/fmicb.2016.00185", "", "2026-11-22")


@pytest.mark.parametrize(
    ("bibtex", "field", "value"),
    [
        ('@book{a, title="Skin", editor="Doe, Jane", publisher="Wiley", address="Oxford", year=2001}', "type", "book"),
        ('@book{a, title="Skin", editor="Doe, Jane", publisher="Wiley", year=2001}', "authors", ["Doe J"]),
        ("@article{a, title={Skin}, author={Zhao, Yu and others}}", "et_al", True),
        ("@article{a, title={Skin}, author={Zhao, Yu and others}}", "authors", ["Zhao Y"]),
        ("@article{a, title={Skin}, author={Zhao Y and Yu C}}", "authors", ["Zhao Y", "Yu C"]),
        ("@article{a, title={The {\\textless}i{\\textgreater}Gut{\\textless}/i{\\textgreater}}}", "title", "The Gut"),
        ('@article{a, title={A}, journal={J \\"Uber Haut}, date={2018-05-01}}', "year", 2018),
        ("@misc{a, title={NICE on acne}, url={https://www.nice.org.uk/ng198}}", "type", "webpage"),
        ("@article{a, title={A}, eprint={30042740}, eprinttype={pmid}}", "pmid", "30042740"),
        (
            "@string{jid = {J Invest Dermatol}} @article{a, title={A}, journal=jid}",
            "container_title",
            "J Invest Dermatol",
        ),
        ("@ARTICLE{a, TITLE={A}, DOI={https://doi.org/10.1234/abc}}", "doi", "10.1234/abc"),
        (
            r"@article{a, title={{\textalpha}-diversity, \textbeta{} and \textLambda-cells}}",
            "title",
            "α-diversity, β and Λ-cells",
        ),
        ("@article{a, title={A $\\alpha$-blocker \\_ 100\\% \\& {\\o}l}}", "title", "A α-blocker _ 100% & øl"),
    ],
)
def test_bibtex_of_others(bibtex, field, value):
    assert getattr(only(bibtex), field) == value


def test_two_papers_under_one_bibtex_key_are_two():
    text = "@article{a, title={One}, author={R{\\'i}os, D}} @article{a, title={Two}, author={R{\\'i}os, D}}"
    assert [(entry.record.title, entry.record.authors) for entry in files.read(text)] == [
        ("One", ["Ríos D"]),
        ("Two", ["Ríos D"]),
    ]


def test_csl_json_of_zotero():
    record = only(json.dumps(ZOTERO_CSL))
    assert record.authors == ["Phan C", "van Zuuren EJ", "Gut and Skin Study Group"]
    assert record.title == "Psoriasis and Mediterranean diet"
    assert (record.year, record.page, record.pmid) == (2018, "1017-1024", "30046840")
    assert record.accessed == "2026-11-22"


def test_an_entry_that_cannot_be_read_does_not_take_the_others_with_it():
    entries = files.read("@article{a, title={One}}\n@article{b, title={Two\n@article{c, title={Three}}")
    assert [bool(entry.record) for entry in entries] == [True, False, True]
    assert "brace" in entries[1].problem
    entries = files.read(json.dumps([*ZOTERO_CSL, 5, {"type": "book"}, {"title": "x" * 501}]))
    assert [entry.problem for entry in entries] == [
        "",
        "It is not a CSL-JSON item.",
        "It has no title.",
        "",
    ]
    assert (len(entries[3].record.title), entries[3].record.unconfirmed_fields) == (500, ["title"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_any_encoding_and_line_ends_are_read(encoding, line_end):
    text = "TY  - JOUR\nTI  - Über die Haut\nAU  - Ríos, D.\nER  - \n".replace("\n", line_end)
    assert only(encodings.decode(text.encode(encoding))).title == "Über die Haut"


def test_quotes_of_windows():
    assert encodings.decode("„Haut“ – a".encode("cp1252")) == "„Haut“ – a"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "It is empty."),
        (" \n\ufeff ", "It is empty."),
        ("Just some words.", "not in a format"),
        ("[", "it is damaged"),
        ("[" * 100_000, "it is damaged"),
        ("[]", "There are no references"),
        ("me@home.example", "There are no references"),
        ("TY  - JOUR\0", "not a text file"),
        ("@article{a, title={" + "x" * 900_000 + "}}", "too long"),
        (json.dumps([{"title": "x"}] * 501), "501 references"),
        (json.dumps({"items": [1] * 501}), "501 references"),
        ("TY  - JOUR\nER  - \n" * 501, "501 references"),
        ("TY  - JOUR\nAB  - a\n" + "b\n" * 50_000 + "ER  - \n", "too long"),
    ],
)
def test_files_without_references_are_refused(text, sentence):
    with pytest.raises(Unreadable, match=sentence):
        files.read(text)


@pytest.mark.parametrize(
    "text",
    [
        "@a{k,}" * 1_001,
        "@article{k," + "=" * 150_001 + "}",
        "@article{k, title={" + r"\'e" * 30_001 + "}}",
        "@article{k, title={x}, author={" + "Zhao, Y and " * 25_001 + "Yu, C}}",
    ],
    ids=["entries", "fields", "accents", "authors"],
)
def test_files_that_would_keep_the_parser_busy_are_refused(text):
    with pytest.raises(Unreadable, match="too long"):
        files.read(text)


def test_characters_that_cannot_be_stored_are_removed():
    (entry,) = files.read('[{"title": "Gut\\u0000 and\\ud800 skin\\u0002", "author": [{"family": "Zh\\u0000ao"}]}]')
    assert (entry.record.title, entry.record.authors) == ("Gut and skin", ["Zhao"])


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"%PDF-1.7\0", b"\xff\xfe\0", b"PK\3\4\0\0"])
def test_binary_files_are_refused(content):
    with pytest.raises(Unreadable, match="not a text file"):
        encodings.decode(content)


@given(st.text(max_size=200))
def test_no_text_causes_an_error(text):
    for beginning in ("", "TY  - JOUR\nAU  - ", "@article{a, author={", "@article{a, title={", '[{"title": "'):
        try:
            entries = files.read(beginning + text)
        except Unreadable as error:
            assert str(error)
        else:
            assert all(entry.record or entry.problem for entry in entries)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["title", "author", "family", "issued", "date-parts", "page", "type"]), inner)
    ),
    max_leaves=15,
)


@given(JSON)
def test_no_json_causes_an_error(data):
    try:
        files.read(json.dumps([data]))
    except Unreadable as error:
        assert str(error)


@given(st.binary(max_size=300))
def test_no_bytes_cause_an_error(content):
    try:
        files.read(encodings.decode(content))
    except Unreadable as error:
        assert str(error)
