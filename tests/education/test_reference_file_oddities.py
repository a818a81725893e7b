"""What people really export: each of these once lost something, or was refused with an untrue reason."""

import json

import pytest
from django.urls import reverse

from education.models import Reference
from education.references import encodings, files
from tests.education.admin_cast import make_author


def record_of(text):
    (entry,) = files.read(text if isinstance(text, str) else encodings.decode(text))
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
        (ris("DO  - ", "DO  - 10.5555/a"), "doi", "10.5555/a"),
        (ris("DO  - https://doi-org.ezproxy.example.edu/10.5555/x.1"), "doi", "10.5555/x.1"),
        (ris("UR  - https://ezp.example.edu/login?url=https%3A%2F%2Fdoi.org%2F10.5555%2Fy"), "doi", "10.5555/y"),
        (ris("AU  - Li, Wei; Zhao, Yu"), "authors", ["Li W", "Zhao Y"]),
        (ris("AU  - Li, W", "AU  - et al."), "et_al", True),
        ("TY  - THES\nTI  - Itch\nER  - ", "type", "book"),
        ("TY  - CPAPER\nTI  - Itch\nER  - ", "type", "chapter"),
        (bibtex(author="Zhao, Yu; Li, Wei"), "authors", ["Zhao Y", "Li W"]),
        (bibtex(author="Li, Wei and et al."), "authors", ["Li W"]),
        ("@misc{a, title={Itch}, eprint={2001.00001}, archivePrefix={arXiv}}", "container_title", "arXiv"),
        (bibtex(journal="medRxiv", doi="10.1101/2020.03.01.20029769"), "type", "article"),
        (bibtex(journal="Genome Research", doi="10.1101/gr.12345.6"), "type", "article-journal"),
        ("@article{a,\n title = {Itch}\n author = {Li, Wei},\n year = 2020\n}", "authors", ["Li W"]),
        ("@article{a,\n title = {Itch},\n abstract = {A { brace},\n year = {2020}\n}\n", "year", 2020),
        (csl(author="Li, Wei; Zhao, Yu"), "authors", ["Li W", "Zhao Y"]),
        (csl(author=[{"family": "Li", "given": "Wei"}, {"literal": "et al."}, None, 5]), "authors", ["Li W"]),
        (csl(volume=["12"], page=9), "volume", "12"),
        (csl(type="article", publisher="bioRxiv", issued={"date-parts": [[2020, 3, 1]]}), "posted", "2020-03-01"),
        (json.dumps({"references": [{"title": "Itch"}]}), "title", "Itch"),
        (json.dumps({"li2020": {"title": "Itch"}}), "title", "Itch"),
        ("PMID- 1\nTI  - [Not Available].\nTT  - Haut und Darm.", "title", "Haut und Darm"),
        ("PMID- 1\nTI  - Itch.\nPT  - Preprint\nDEP - 20200304", "posted", "2020-03-04"),
        ("PMID- 1\nBTI - StatPearls\nTI  - Itch", "container_title", "StatPearls"),
        ("PMID- 1\nBTI - A book of itch", "type", "book"),
        ("PMID- 1\nTI  - Itch.\nAU  - Li W\nAU  - et al.", "et_al", True),
        ("TY  - JOUR\nTI  - MÃ¼ller and cafÃ©\nER  - ", "title", "Müller and café"),
        ("TY  - JOUR\nTI  - Кожа и кишечник\nER  - ".encode("cp1251"), "title", "Кожа и кишечник"),
        ("TY  - JOUR\nTI  - Кожа и кишечник\nER  - ".encode("koi8-r"), "title", "Кожа и кишечник"),
        ("TY  - JOUR\nTI  - Δέρμα και έντερο\nER  - ".encode("cp1253"), "title", "Δέρμα και έντερο"),
        ("TY  - JOUR\nTI  - Świąd skóry u dzieci\nER  - ".encode("cp1250"), "title", "Świąd skóry u dzieci"),
        ("TY  - JOUR\nTI  - Über Ekzeme, café\nER  - ".encode("mac_roman"), "title", "Über Ekzeme, café"),
        ("TY  - JOUR\nTI  - 皮肤与肠道\nER  - ".encode("gb18030"), "title", "皮肤与肠道"),
        ("TY  - JOUR\nTI  - 皮膚と腸内細菌\nER  - ".encode("shift_jis"), "title", "皮膚と腸内細菌"),
        ("TY  - JOUR\nTI  - 피부와 장내 미생물\nER  - ".encode("euc_kr"), "title", "피부와 장내 미생물"),
        ("TY  - JOUR\nTI  - O’Brien’s “naïve” itch\nER  - ".encode("cp1252"), "title", "O’Brien’s “naïve” itch"),
        ("TY  - JOUR\nTI  - Über Ekzeme, à propos\nER  - ".encode("cp1252"), "title", "Über Ekzeme, à propos"),
    ],
)
def test_it_is_read_as_the_paper_has_it(text, field, value):
    assert getattr(record_of(text), field) == value


@pytest.mark.parametrize(
    "text, remark",
    [
        (ris("VL  - 1", "VL  - 2"), "The file has “VL” more than once; “2” was left out."),
        (
            bibtex() + "\n@article{b, title={One}, title={Two}}",
            "The file has “title” more than once; “Two” was left out.",
        ),
        (ris("PY  - in press"), "“in press” is not a year, and was left out."),
        (csl(issued={"literal": "forthcoming"}), "“forthcoming” is not a year, and was left out."),
        (csl(accessed={"date-parts": [[2020, 13, 45]]}), "“2020-13-45” is not a day, so “read on” was left out."),
        (ris("UR  - file:///C:/x.pdf"), "“file:///C:/x.pdf” is not an address of the web, and was left out."),
        ("TY  - MUSIC\nTI  - Itch\nER  - ", "The file calls it “MUSIC”; it was taken for a journal article."),
        (csl(type="dataset"), "The file calls it “dataset”; it was taken for a journal article."),
        (ris("DO  - 10.48550/arXiv.2001.00001"), "It was taken for a preprint, because of its server or its DOI."),
        ("@article{a,\n title={Itch}\n year={2020}\n}", "A comma is missing between two of its fields."),
        ("TY  - JOUR\nTI  - M\ufffdller\nER  - ", "Letters are missing: the file has “\ufffd” in their place."),
    ],
)
def test_what_was_guessed_or_left_out_is_listed(text, remark):
    assert remark in [sentence for entry in files.read(text) for sentence in entry.record.remarks]


@pytest.mark.parametrize(
    "address",
    [
        "https://ezproxy.example.edu/login?url=https://example.org/1",
        "https://ezp.example.edu/1",
        "https://search.ebscohost.com/login.aspx?direct=true&AuthType=sso&db=mnh&AN=1",
        "https://www-sciencedirect-com.library.example.edu/science/article/pii/S1",
        "http://0-www.nature.com.library.example.edu/articles/1",
        "https://example.idm.oclc.org/1",
        "https://login.example.edu/paper",
        "https://example.org/signin?next=/paper",
        "https://example.org/paper;jsessionid=A1B2",
        "https://example.org/paper?access_token=abc",
        "https://ana:secret@example.org/paper",
        "http://localhost:8000/paper",
        "http://192.168.1.5/paper",
        "https://intranet/paper",
    ],
)
def test_an_address_behind_a_log_in_is_left_out_and_said_to_be(address):
    for text in (ris(f"UR  - {address}"), bibtex(url=address), csl(URL=address)):
        record = record_of(text)
        assert record.url == ""
        assert record.remarks == [
            "A link that only works in a network, through a proxy or after a log-in was left out."
        ]


@pytest.mark.parametrize(
    "address",
    [
        "https://www.nice.org.uk/guidance/ng198",
        "https://people.example.edu/~lm/login-logic_of-skin.html?page=2",
        "https://www.example.org/papers/proxy-measures?year=2020#sid",
        "https://covid-19.example.org/skin",
    ],
)
def test_an_open_address_is_kept(address):
    assert record_of(ris(f"UR  - {address}")).url == address


@pytest.mark.parametrize(
    "tag, field, value, kept",
    [
        ("PB", "publisher", "Press of many words " * 20, ("Press of many words " * 20)[:199]),
        ("TI", "title", "Skin " * 120, ("Skin " * 100)[:499]),
        ("CY", "publisher_place", "X" * 150, "X" * 100),
        ("DO", "doi", f"10.5555/{'x' * 300}", ""),
        ("UR", "url", f"https://example.org/{'x' * 300}", ""),
    ],
)
def test_a_value_that_is_too_long_costs_no_reference_and_is_listed(tag, field, value, kept):
    record = record_of(ris(f"{tag}  - {value}").replace("TI  - Itch\n", "" if tag == "TI" else "TI  - Itch\n"))

    assert getattr(record, field) == kept
    assert record.unconfirmed_fields == [field]
    assert "longer than" in record.remarks[0]


def test_a_line_without_a_tag_costs_no_record():
    text = ris("EP  - 9") + "\n\nTY  - JOUR\n\na stray line\nTI  - Second\nER  - "
    assert [entry.record.title for entry in files.read(text)] == ["Itch", "Second"]


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
FAU - Smith, John P Jr
AU  - Smith JP Jr
FAU - O'Brien, Séan P 2nd
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
    assert first.authors == ["Lindgren B", "Smith JP Jr", "O'Brien SP 2nd", "Plain Trials Group"]
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
    text = f"TY  - JOUR\nTI  - {title}\nPY  - 2020\nER  - "
    html = client.post(reverse("admin:education_reference_lookup_file"), {"text": text}).content.decode()

    assert ("Its title says that" in html) == is_retracted
    assert ("checked" in html) != is_retracted
    assert not Reference.objects.exists()
