"""The files in reference_files/: kinds that this importer or comparable ones once read wrongly, with what is right."""

from pathlib import Path

import pytest

from education.references import encodings, files
from education.references.notices import kind_of_title

FOLDER = Path(__file__).parent / "reference_files"
PERCENT = "Oral probiotics cut flares by 40% in adults: a trial at 3 sites & 2 countries"
ORGANISATION = "“World Health Organization” was taken for the name of an organisation."
DOUBLED = "The file has “funding_details” more than once; “University of Aros” was left out."
GUIDELINE_AUTHORS = [
    "European Task Force on Atopic Dermatitis",
    "Müller JP",
    "van den Berg A",
    "de la Cueva P",
    "O'Brien M",
    "Østergård K",
]


def records(name):
    entries = files.read(encodings.decode((FOLDER / name).read_bytes()))
    assert [entry.problem for entry in entries if entry.problem] == []
    return [entry.record for entry in entries]


@pytest.mark.parametrize(
    "name, number, values",
    [
        (
            "bib-percent-ampersand.bib",
            0,
            {
                "title": PERCENT,
                "container_title": "Skin & Gut Reports",
                "url": "https://people.example.edu/~lmoreau/papers/gut_skin.html",
                "authors": ["Moreau L", "Okafor C"],
                "page": "11-19",
            },
        ),
        (
            "bib-scopus-doubled-field.bib",
            0,
            {"title": "Faecal butyrate and plaque severity in adults", "page": "220145", "remarks": [DOUBLED]},
        ),
        (
            "bib-subscript.bib",
            0,
            {
                "title": "Vitamin D₃, 10⁹ CFU and TH17 cells in eczema: IFN-γ and β-defensin",
                "authors": ["Duarte I"],
                "container_title": "Allergy Notes",
            },
        ),
        (
            "bib-org.bib",
            0,
            {
                "authors": ["World Health Organization"],
                "url": "https://www.example.org/a_b?x=1&y=2%20z#frag",
                "accessed": "2024-01-05",
                "remarks": [ORGANISATION],
            },
        ),
        ("bib-org.bib", 1, {"title": "Guideline ≤ 5 years", "authors": GUIDELINE_AUTHORS, "remarks": []}),
        ("bib-latin1.bib", 0, {"title": "Über Ekzem und Darm", "authors": ["Müller J"], "container_title": "Haut"}),
        (
            "ris-cp1251.ris",
            0,
            {
                "title": "Микробиота кишечника и кожа",
                "authors": ["Петрова А"],
                "container_title": "Вестник кожи",
            },
        ),
        (
            "ris-jo-jf.ris",
            0,
            {
                "container_title": "Journal of Cutaneous Questions",
                "doi": "10.5555/jcq.2024.12",
                "page": "12-19",
                "year": 2023,
                "remarks": ["It has several years: 2023, 2024. The first was taken."],
            },
        ),
        (
            "ris-order-c7.ris",
            0,
            {"authors": ["Georgescu D", "Bellini L", "Carmel A"], "page": "220145", "volume": "9"},
        ),
        (
            "ris-ty-not-first.ris",
            0,
            {
                "title": "Itch and the microbiome",
                "authors": ["Marais AJ"],
                "page": "67-76",
                "container_title": "Koedoe",
            },
        ),
        ("ris-one-space.ris", 0, {"title": "One space before the dash", "authors": ["Ferri A"], "year": 2020}),
        ("ris-jstor-header.ris", 0, {"title": "Header lines before", "page": "EP12", "doi": "10.5555/gut.2019.12"}),
        ("ris-jstor-header.ris", 1, {"authors": [], "year": None}),
        (
            "ris-sup-retracted.ris",
            0,
            {"title": "RETRACTED: 10⁹ CFU of L. reuteri and vitamin D₃ for eczema", "page": "1-9"},
        ),
        (
            "pubmed-export.nbib",
            0,
            {
                "title": "A very plain trial of fibre in people with psoriasis who also have trouble with their bowels",
                "authors": ["Lindgren B"],
                "container_title": "Journal of plain trials",
                "doi": "10.5555/abc.2020.101",
                "pmid": "31415926",
                "page": "101-9",
                "year": 2020,
            },
        ),
        ("csl-mononym.json", 0, {"authors": ["Sukarno", "Wibowo A"]}),
        (
            "csl-odd.json",
            0,
            {
                "title": "No year, Cutibacterium acnes & CO₂",
                "authors": ["GutSkin Study Group", "Silva AM Jr", "van der Berg J"],
                "year": None,
                "doi": "10.5555/ABC.1",
            },
        ),
        (
            "csl-odd.json",
            1,
            {
                "container_title": "Journal A",
                "authors": ["Sukarno"],
                "volume": "12",
                "page": "S12-S19",
                "pmid": "30042740",
                "pmcid": "PMC6048199",
            },
        ),
        ("csl-odd.json", 2, {"title": "A title that is a list", "year": 2018}),
        ("csl-odd.json", 3, {"title": "null parts", "year": None, "authors": ["Wang 小明"], "volume": ""}),
        ("csl-odd.json", 4, {"title": "Edtf", "year": 2021, "authors": ["Ñúñez Í"]}),
    ],
)
def test_a_file_is_read_right(name, number, values):
    record = records(name)[number]

    assert {field: getattr(record, field) for field in values} == values


def test_every_file_is_read_by_a_test():
    parameters = test_a_file_is_read_right.pytestmark[0].args[1]
    assert {name for name, _number, _values in parameters} == {path.name for path in FOLDER.iterdir()}


@pytest.mark.parametrize(
    "name, guessed",
    [("bib-latin1.bib", "cp1252"), ("ris-cp1251.ris", "cp1251"), ("csl-odd.json", ""), ("bib-subscript.bib", "")],
)
def test_a_guessed_code_page_is_known_as_one(name, guessed):
    assert encodings.guessed_encoding((FOLDER / name).read_bytes()) == guessed


def test_titles_of_retracted_papers_and_of_notices_are_recognised():
    kinds = [kind_of_title(record.title) for record in records("ris-sup-retracted.ris")]
    assert kinds == ["retracted", "retraction"]
    assert [kind_of_title(record.title) for record in records("ris-jstor-header.ris")] == ["", "correction"]
    titles = ["Addendum to: Fibre and itch", "Addendum: fibre and itch", "Addendum"]
    assert [kind_of_title(title) for title in titles] == ["correction"] * 3
    assert kind_of_title("Addendum guidelines for the prevention of peanut allergy") == "", "a paper of its own"
