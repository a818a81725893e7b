"""The drawings of the articles: what an <img> in a page, a PDF renderer and a translator each need of them."""

import re
from xml.etree import ElementTree

import pytest
import yaml
from django.conf import settings

SVG = "{http://www.w3.org/2000/svg}"
DRAWINGS = sorted((settings.BASE_DIR / "static/drawings/en").glob("*.svg"))
DESCRIPTIONS = yaml.safe_load((settings.BASE_DIR / "education/content/en/drawings.yaml").read_text())
DARK = "@media (prefers-color-scheme:dark)"
SMALLEST = 13.2  # units; 12 px where a phone shows the 360 units of a drawing 328 px wide
# Whether anything was found is for the dated findings to say.
UNDATED = re.compile(r"\bno (?:good )?(?:trials?|evidence)\b", re.IGNORECASE)
SIZE = re.compile(r"font(?:-size)?:[^;}]*?([\d.]+)px")

each_drawing = pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: path.stem)


def drawing(path):
    return ElementTree.fromstring(path.read_bytes())  # noqa: S314 - files of this repository


def style(root):
    """The text of the style sheet, without the spaces that change nothing."""
    sheet = "".join(element.text or "" for element in root.iter(f"{SVG}style"))
    return re.sub(r"\s*([:{};,])\s*", r"\1", sheet).replace("@media(", "@media (")


def ancestry(root, wanted):
    """The elements from the root down to `wanted`, both included."""
    parents = {child: parent for parent in root.iter() for child in parent}
    line = [wanted]
    while line[-1] in parents:
        line.append(parents[line[-1]])
    return line[::-1]


def test_each_drawing_is_described_and_each_description_has_its_drawing():
    assert {path.stem for path in DRAWINGS} == set(DESCRIPTIONS)


@pytest.mark.parametrize("slug", DESCRIPTIONS)
def test_a_description_says_enough_and_not_too_much(slug):
    description = DESCRIPTIONS[slug]

    assert set(description) <= {"alt", "caption"}
    assert 40 <= len(description["alt"]) <= 600
    assert len(description.get("caption", "")) <= 120


@each_drawing
def test_that_nothing_was_found_is_left_to_the_findings_which_have_a_date(path):
    words = " ".join("".join(text.itertext()) for text in drawing(path).iter(f"{SVG}text"))

    assert UNDATED.findall(words) == []
    assert UNDATED.findall(DESCRIPTIONS[path.stem]["alt"]) == []


@each_drawing
def test_it_is_as_wide_as_the_others_and_fits_a_screen(path):
    root = drawing(path)
    left, top, width, height = map(float, root.get("viewBox").split())

    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert (left, top, width) == (0, 0, 360)
    assert 200 <= height <= 460


@each_drawing
def test_it_needs_nothing_from_elsewhere(path):
    """A browser fetches nothing for a picture in <img>, and runs nothing in it."""
    root = drawing(path)
    names = {element.tag.removeprefix(SVG) for element in root.iter()}
    links = [
        value
        for element in root.iter()
        for name, value in element.items()
        if name.rpartition("}")[2] == "href" or "url(" in value
    ]

    assert not names & {"script", "foreignObject", "image", "filter", "metadata", "animate", "a"}
    assert not [name for element in root.iter() for name, _ in element.items() if name.startswith("on")]
    assert all(re.fullmatch(r"#[\w-]+|url\(#[\w-]+\)", link) for link in links)
    assert re.findall(r"url\((?!#)", style(root)) == []
    assert "@import" not in style(root)


@each_drawing
def test_what_it_refers_to_is_there_under_a_name_of_its_own(path):
    """Names carry the slug, so that two drawings can stand in one page."""
    text = path.read_text()
    names = re.findall(r'\bid="([^"]+)"', text)

    assert len(names) == len(set(names))
    assert all(name.startswith(f"{path.stem}-") for name in names)
    assert set(re.findall(r'(?:href="|url\()#([\w-]+)', text)) <= set(names)


@each_drawing
def test_it_has_a_dark_scheme_and_no_variables_that_a_pdf_renderer_misses(path):
    sheet = style(drawing(path))

    assert DARK in sheet
    assert "var(" not in path.read_text()
    assert "--" not in sheet


@each_drawing
def test_words_are_large_enough_to_read_on_a_phone(path):
    root = drawing(path)
    words = list(root.iter(f"{SVG}text"))

    assert words
    assert all(float(size) >= SMALLEST for size in SIZE.findall(style(root)))
    for word in words:
        line = ancestry(root, word)
        sizes = [element.get("font-size") for element in line if element.get("font-size")]
        assert all(float(size.removesuffix("px")) >= SMALLEST for size in sizes)
        assert sizes or "font" in style(root), "The size is left to the browser."
        assert not [element for element in line if "scale(" in element.get("transform", "")]


@each_drawing
def test_words_are_inside_the_picture(path):
    root = drawing(path)
    height = float(root.get("viewBox").split()[3])

    for word in root.iter(f"{SVG}text"):
        assert "".join(word.itertext()).strip()
        moved = [element for element in ancestry(root, word) if element.get("transform")]
        if word.get("x") and word.get("y") and not moved:
            assert 0 <= float(word.get("x")) <= 360
            assert 10 <= float(word.get("y")) <= height


@each_drawing
def test_it_weighs_little(path):
    assert path.stat().st_size <= 9_000


@each_drawing
def test_skin_is_shown_in_three_tones_or_not_at_all(path):
    labels = ["".join(word.itertext()) for word in drawing(path).iter(f"{SVG}text")]
    skins = [label for label in labels if label.endswith(" skin") and label.split()[0] in {"light", "brown", "black"}]

    assert skins in ([], ["light skin", "brown skin", "black skin"])
    if skins:
        assert DESCRIPTIONS[path.stem]["caption"].startswith("Drawing: ")
