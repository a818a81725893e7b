"""10⁹ must never become 109: one reading of raised and lowered digits for files, registers and the editor."""

import json

import pytest

from education.references import crossref, files, pubmed
from education.sanitiser import sanitise
from education.xml_text import with_raised_digits
from tests.education.register_server import DOI, crossref_work, pubmed_article, pubmed_set

# What the script of the editor reads in the same way, see tests/browser/test_pasted_digits.py.
IN_HTML = [
    ("10<sup>9</sup> CFU and CO<sub>2</sub>", "10⁹ CFU and CO₂"),
    ("T<sub>H</sub>17 and CD4<SUP>+</SUP>", "TH17 and CD4⁺"),
    ("10<sup><i>9</i></sup> and 10<sup>&minus;3</sup> and 10<sup>–3</sup>", "10⁹ and 10⁻³ and 10⁻³"),
    ("10<sup> 8.5 </sup>", "10^8.5"),
    ("10<sup>-1.5</sup>", "10^-1.5"),
    ("trials<sup>1,2</sup>", "trials^1,2"),
    ("the 1<sup>st</sup>", "the 1st"),
]


@pytest.mark.parametrize(
    "written, read",
    [
        *IN_HTML,
        ("10<sup>9 CFU", "10⁹ CFU"),
        ("10<jats:sup>9</jats:sup>", "10⁹"),
        ("$10^{9}$ and 10$^9$", "10⁹ and 10⁹"),
        (r"D$_{\textrm{3}}$ and $\mathrm{CO}_2$", "D₃ and CO₂"),
        (r"T$_{\textrm{H}}$17 and $T_H17$", "TH17 and TH17"),
        (r"10\textsuperscript{\textbf{9}} and \(10^{-3}\)", "10⁹ and 10⁻³"),
        ("$5 for 10^9 and $6 for 10_9", "$5 for 10^9 and $6 for 10_9"),
        ("p <0.05", "p <0.05"),
    ],
)
def test_raised_and_lowered_digits(written, read):
    assert with_raised_digits(written) == read


MATHML = (
    "<mml:math><mml:msup><mml:mrow><mml:mn>10</mml:mn></mml:mrow>\n <mml:mn>9</mml:mn></mml:msup></mml:math> CFU, "
    "<mml:math><mml:msub><mml:mi>CO</mml:mi><mml:mn>2</mml:mn></mml:msub></mml:math>"
)


@pytest.mark.parametrize("title", ["10<sup>9</sup> CFU, CO<sub>2</sub>", MATHML, "$10^9$ CFU, CO$_2$"])
def test_each_way_in_reads_them(title):
    latex = title.replace("<", r"{\textless}").replace(">", r"{\textgreater}")
    for text in (
        f"TY  - JOUR\nTI  - {title}\nER  - ".replace("\n <mml", "<mml"),
        f"@article{{a, title={{{latex}}}}}",
        json.dumps([{"title": title}]),
        f"PMID- 1\nTI  - {title}".replace("\n <mml", "<mml"),
    ):
        (entry,) = files.read(text)
        assert entry.record.title == "10⁹ CFU, CO₂"
    assert crossref.read(crossref_work(DOI, title=[title]), DOI).title == "10⁹ CFU, CO₂"
    in_xml = title.replace("<mml:math>", '<mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML">')
    assert pubmed.read(pubmed_set(pubmed_article("41000001", title=in_xml)), "41000001").title == "10⁹ CFU, CO₂"


def test_the_editor_keeps_them():
    assert sanitise("<p>10<sup><span>9</span></sup> CFU, CO<sub>2</sub></p>") == "<p>10⁹ CFU, CO₂</p>"
