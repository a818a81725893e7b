"""The filters of the evidence page."""

import re

import pytest

from education.evidence_map import Choice
from tests.education import evidence_readers as read
from tests.education.factories import make_published_article, make_reviewer, make_statement
from tests.pages import Page

pytestmark = pytest.mark.django_db
URL = "/evidence/"


@pytest.fixture
def statements():
    """Four statements on two conditions."""
    acne = make_published_article("acne", title="Acne and your gut")
    eczema = make_published_article()
    return [
        make_statement(acne, slug="acne-low", certainty="low", sentence="It may help."),
        make_statement(acne, slug="acne-none", effect="no-trials", certainty="", intervention="low-fodmap"),
        make_statement(eczema, slug="eczema-low", certainty="low", sentence="It may help."),
        make_statement(eczema, slug="eczema-moderate"),
    ]


def shown(client, query):
    """The slugs of the statements that each form shows; they must all be the same."""
    page = Page(client.get(URL + query).content.decode())
    on_page = [name.removeprefix("statement-") for name in page.ids if name.startswith("statement-")]
    data = client.get(f"/evidence.json{query}").json()
    in_table = client.get(f"/evidence.csv{query}").content.decode("utf-8-sig").splitlines()[1:]
    assert [exported["id"] for exported in data["statements"]] == on_page
    assert [line.split('"')[1] for line in in_table] == on_page
    assert (data["shown"], data["total"]) == (len(on_page), 4)
    assert f"Showing {len(on_page)} of 4 statements." in " ".join(page.text.split())
    return on_page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["acne-low", "acne-none", "eczema-low", "eczema-moderate"]),
        ("?condition=acne", ["acne-low", "acne-none"]),
        ("?intervention=probiotics", ["acne-low", "eczema-low", "eczema-moderate"]),
        ("?certainty=low", ["acne-low", "eczema-low"]),
        ("?certainty=no-trials", ["acne-none"]),
        ("?certainty=no-good-evidence", []),
        ("?condition=atopic-dermatitis&intervention=probiotics&certainty=moderate", ["eczema-moderate"]),
        ("?condition=&intervention=&certainty=", ["acne-low", "acne-none", "eczema-low", "eczema-moderate"]),
        ("?condition=acne&condition=atopic-dermatitis", ["eczema-low", "eczema-moderate"]),
    ],
)
def test_page_and_files_apply_the_filters(client, statements, query, expected):
    assert shown(client, query) == expected


def test_map_and_table_agree_with_filters(client, statements):
    root = read.page(client.get(f"{URL}?intervention=probiotics&certainty=low").content.decode())

    drawn = {cell: reading for cell, (reading, _, _) in read.drawing(root).items()}

    low = read.Reading({("Little or no difference", "Low"): 1}, 1)
    assert drawn == {"cell-acne-probiotics": low, "cell-atopic-dermatitis-probiotics": low}
    assert read.lists(root) == drawn
    assert {cell: reading for cell, (reading, _, _) in read.table(root).items()} == drawn


def test_a_filtered_cell_is_not_shown_as_a_gap(client, statements):
    """Its link leads to the same cell of the whole map. A real gap is still shown as one."""
    page = client.get(f"{URL}?condition=acne&certainty=low").content.decode()

    cells = {cell: reading.absence for cell, (reading, _, _) in read.drawing(read.page(page)).items()}

    assert cells["cell-acne-low-fodmap"] == "Hidden by your choice"
    assert cells["cell-acne-gut-link"] == "Not summarised yet"
    assert f'href="{URL}?condition=acne#cell-acne-low-fodmap"' in page
    assert 'id="cell-acne-low-fodmap"' not in page


def test_a_rated_statement_has_the_sign_that_the_map_draws_for_its_effect(client, statements):
    make_statement(statements[0].condition, slug="acne-worse", certainty="low", effect="worse")

    page = client.get(f"{URL}?condition=acne&certainty=low").content.decode()

    drawn = re.findall(r'<svg class="effect__sign"[^>]*><path class="sign sign--([a-z-]+)"', page)
    assert sorted(drawn) == sorted(["worse", statements[0].effect])


def test_filters_without_matches_say_so_and_draw_no_empty_map(client, statements):
    page = client.get(f"{URL}?condition=acne&certainty=high").content.decode()

    assert "No statement matches all of these choices." in page
    assert "Hidden by your choice" not in page
    assert '<svg class="map"' not in page
    assert "The same as a table" not in page
    assert f'<a href="{URL}">Show everything</a>' in page


@pytest.mark.parametrize(
    "query",
    [
        "?condition=measles",
        "?intervention=crystals",
        "?certainty=absolute",
        "?condition=%3Cscript%3E",
        "?certainty=" + "x" * 5000,
        "?condition=%F0%9F%A6%A0&intervention='%20OR%201=1--",
        "?condition=%ff%fe",
        "?certainty=not-looked",
    ],
)
def test_an_unknown_filter_value_is_ignored_with_a_sentence(client, statements, query):
    response = client.get(URL + query)

    assert response.status_code == 200
    page = response.content.decode()
    assert "was asked for, so every" in page
    assert "<script>" not in page
    assert len(shown(client, query)) == 4


def test_an_unknown_filter_value_does_not_affect_the_others(client, statements):
    assert shown(client, "?condition=measles&certainty=moderate") == ["eczema-moderate"]


def test_the_form_keeps_its_values_and_can_be_cleared(client, statements):
    page = Page(client.get(f"{URL}?condition=acne&certainty=low").content.decode())

    assert [option["value"] for option in page.all("option") if "selected" in option] == ["acne", "low"]
    assert "Show everything" in page.text
    assert page.all("a", href="/evidence.csv?condition=acne&certainty=low")
    assert "Show everything" not in Page(client.get(URL).content.decode()).text


def test_a_filtered_page_has_the_whole_map_as_canonical_address(client, statements):
    page = Page(client.get(f"{URL}?condition=acne").content.decode())

    assert page.one("link", rel="canonical")["href"] == "https://gutskin.example/evidence/"


def test_ids_are_unique(client, statements):
    page = Page(client.get(URL).content.decode())

    assert len(page.ids) == len(set(page.ids))


def test_a_statement_says_who_reviewed_it_or_that_no_one_has(client, statements):
    reviewer = make_reviewer("ruth", name="Ruth Okafor").clinician
    statement = statements[0]
    statement.reviewed_by, statement.reviewed_on = reviewer, "2026-08-06"
    statement.save()

    page = " ".join(Page(client.get(URL).content.decode()).text.split())

    assert "Reviewed by Ruth Okafor, MD on 6 August 2026" in page
    assert page.count("Awaiting clinical review") == 3
    assert '<time datetime="2026-08-06">' in client.get(URL).content.decode()


def test_a_choice_is_true_when_a_filter_is_set():
    assert not Choice()
    assert Choice(certainty="low").query == "?certainty=low"
