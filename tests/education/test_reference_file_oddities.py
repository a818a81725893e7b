"""What people really export: each of these once lost something, or was refused with an untrue reason."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from education.models import Reference
from education.references import files
from tests.education.admin_cast import make_author


def record_of(text):
    (entry,) = files.read(text if isinstance(text, str) else files.decode(text))
    assert not entry.problem
    return entry.record


def ris(*lines):
    return "\n".join(["TY  - JOUR", "TI  - Itch", *lines, "ER  - "])


def bibtex(**fields):
    fields = {"title": "Itch", "author": "Moreau, Lise"} | fields
    return "@article{itch,\n" + ",\n".join(f"{name} = {{{value}}}" for name, value in fields.items()) + "\n}"


def csl(**fields):
    return json.dumps([{"type": "article-journal", "title": "Itch"} | fields])


@pytest.mark.parametrize(
    "text, field, value",
    [
        # LaTeX begins a comment with %, and a column with &.
        (bibtex(title="Flares cut by 40% at 3 sites & 2 more"), "title", "Flares cut by 40% at 3 sites & 2 more"),
        (bibtex(title=r"Flares cut by 40\% \& more"), "title", "Flares cut by 40% & more"),
        (bibtex(url="https://example.edu/~lm/a_b?x=1&y=2%20z"), "url", "https://example.edu/~lm/a_b?x=1&y=2%20z"),
        (bibtex(url=r"https://example.edu/\~{}lm/a\_b"), "url", "https://example.edu/~lm/a_b"),
        (bibtex(doi=r"10.5555/a\_b"), "doi", "10.5555/a_b"),
        (bibtex(title=r"D$_{\textrm{3}}$, 10$^{\textrm{9}}$, T$_{\textrm{H}}$17"), "title", "D₃, 10⁹, TH17"),
        (bibtex(title=r"10\textsuperscript{9} and CO\textsubscript{2}"), "title", "10⁹ and CO₂"),
        (bibtex(author="World Health Organization"), "authors", ["World Health Organization"]),
        ("@article{a, title={Itch}, funding={A}, funding={B}, art_number={220145}}", "page", "220145"),
        ("@article{a, title={Itch}, title={Another}}", "title", "Itch"),
        (ris("T2  - Journal of Questions", "JO  - J Quest"), "container_title", "Journal of Questions"),
        (ris("JF  - Journal of Questions", "T2  - A series"), "container_title", "Journal of Questions"),
        (ris("JO  - J Quest"), "container_title", "J Quest"),
        (ris("A1  - Georgescu, Dana", "AU  - Bellini, Leo"), "authors", ["Georgescu D", "Bellini L"]),
        (ris("C7  - 220145"), "page", "220145"),
        (ris("EP  - 423"), "page", "423"),
        (ris("M3  - doi: 10.5555/jcq.2024.12"), "doi", "10.5555/jcq.2024.12"),
        (ris("UR  - https://ezproxy.example.edu/login?url=https://example.org/1"), "url", ""),
        (ris("UR  - https://ezp.example.edu/1", "UR  - https://example.org/1"), "url", "https://example.org/1"),
        ("TY - JOUR\nTI - One space\nAB - A\nER -", "title", "One space"),
        (ris("AB  - A text", "AU - has a dash", "JO  - Skin Notes"), "authors", []),
        ("DB  - McK\nTI  - Sorted\nTY  - JOUR\nVL  - 49\nER  - ", "title", "Sorted"),
        ("TY  - JOUR\nTI  - 10<sup>9</sup> and D<sub>3</sub>\nER  - ", "title", "10⁹ and D₃"),
        (csl(author=[{"given": "Sukarno"}, {"family": "Wang", "given": "小明"}]), "authors", ["Sukarno", "Wang 小明"]),
        (csl(title=["A list", "Its short form"]), "title", "A list"),
        (csl(issued="2021-05-03"), "year", 2021),
        (csl(note="PMID: 30042740\nPMCID: PMC6048199"), "pmid", "30042740"),
        ("TY  - JOUR\nTI  - Кожа и кишечник\nER  - ".encode("cp1251"), "title", "Кожа и кишечник"),
        ("TY  - JOUR\nTI  - Über Ekzeme, à propos\nER  - ".encode("cp1252"), "title", "Über Ekzeme, à propos"),
    ],
)
def test_it_is_read_as_the_paper_has_it(text, field, value):
    assert getattr(record_of(text), field) == value


@pytest.mark.parametrize(
    "tag, field, value, kept",
    [
        ("PB", "publisher", "Press of many words " * 20, ("Press of many words " * 20)[:199]),
        ("CY", "publisher_place", "X" * 150, "X" * 100),
        ("DO", "doi", f"10.5555/{'x' * 300}", ""),
        ("UR", "url", f"https://example.org/{'x' * 300}", ""),
    ],
)
def test_a_value_that_is_too_long_costs_no_reference_and_is_listed(tag, field, value, kept):
    record = record_of(ris(f"{tag}  - {value}"))

    assert getattr(record, field) == kept
    assert record.unconfirmed_fields == [field]


def test_two_sorted_entries_stay_two():
    text = "TI  - First\nTY  - JOUR\nER  - \n\nTI  - Second\nTY  - JOUR\nER  - "
    assert [entry.record.title for entry in files.read(text)] == ["First", "Second"]


MEDLINE = """
PMID- 31415926
OWN - NLM
VI  - 12
IP  - 3
DP  - 2020 Mar 4
TI  - A very plain trial of fibre in people with psoriasis who also have
      trouble with their bowels.
PG  - 101-9
LID - 10.5555/abc.2020.101 [doi]
FAU - Lindgren, Britta
AU  - Lindgren B
CN  - Plain Trials Group
PMC - PMC7654321
RIN - J Plain Trials. 2021;1:1
TA  - J Plain Trials
JT  - Journal of plain trials

PMID- 2
TI  - Another.
"""


def test_what_pubmed_saves_is_read():
    first, second = (entry.record for entry in files.read(MEDLINE))

    assert first.title.endswith("who also have trouble with their bowels")
    assert first.authors == ["Lindgren B", "Plain Trials Group"]
    assert (first.pmid, first.pmcid, first.doi) == ("31415926", "PMC7654321", "10.5555/abc.2020.101")
    assert (first.container_title, first.year, first.volume) == ("Journal of plain trials", 2020, "12")
    assert (first.issue, first.page) == ("3", "101-9")
    assert [notice.kind for notice in first.notices] == ["retraction"]
    assert (second.title, second.pmid) == ("Another", "2")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "title, is_retracted",
    [
        ("RETRACTED: A trial of fibre", True),
        ('Retraction notice to "A trial of fibre"', True),
        ("[Retracted] A trial of fibre", True),
        ("A trial of fibre", False),
        ("Retraction of the foreskin", False),
        ("Retracted eyelids and the skin", False),
    ],
)
def test_what_says_that_it_is_retracted_is_named_and_not_ticked(client, title, is_retracted):
    client.force_login(make_author())
    text = f"TY  - JOUR\nTI  - {title}\nER  - "
    html = client.post(reverse("admin:education_reference_lookup_file"), {"text": text}).content.decode()

    assert ("It says that it is retracted" in html) == is_retracted
    assert ("checked" in html) != is_retracted
    assert not Reference.objects.exists()


@pytest.mark.django_db
def test_letters_whose_encoding_is_guessed_are_named(client):
    client.force_login(make_author())
    address = reverse("admin:education_reference_lookup_file")
    for encoding, is_guessed in (("cp1251", True), ("utf-8", False)):
        content = "TY  - JOUR\nTI  - Кожа и кишечник\nER  - ".encode(encoding)
        html = client.post(address, {"file": SimpleUploadedFile("itch.ris", content)}).content.decode()
        assert "Кожа и кишечник" in html
        assert ("does not say how its letters are encoded" in html) == is_guessed
