"""The food and skin diary to print."""

import re

from education.seed.files import CONTENT_DIR
from tests.pages import Page

ADDRESS = "/diary/"


def test_it_has_a_row_for_each_day_of_two_weeks(client, db):
    page = Page(client.get(ADDRESS).content.decode())

    assert len(page.all("th", scope="row")) == 14
    # As many cells as there are columns, without that of the day.
    assert len(page.all("td")) == 14 * (len(page.all("th", scope="col")) - 1)


def test_nothing_can_be_typed_or_sent(client, db):
    page = Page(client.get(ADDRESS).content.decode())

    assert {form["action"] for form in page.all("form")} == {"/search/"}
    assert page.all("textarea") == []
    assert [field["name"] for field in page.all("input")] == ["q"]
    # That of the search box, as on every page.
    assert [script["src"] for script in page.all("script", type="module")] == ["/static/js/search-suggest.js"]
    assert "nothing is sent to us or stored" in page.text


def test_it_warns_of_leaving_out_foods(client, db):
    page = Page(client.get(ADDRESS).content.decode())

    assert "A diary is no reason to leave out foods for long" in page.text
    assert "Do not take a food away from a child unless a doctor or dietitian has advised it." in page.text


def test_articles_that_advise_a_printed_diary_link_to_it():
    texts = {path.stem: path.read_text("utf-8") for path in CONTENT_DIR.glob("en/*/*.md")}
    linked = {slug for slug, text in texts.items() if f"]({ADDRESS})" in text}

    assert linked >= {"rosacea", "atopic-dermatitis", "dietary-interventions", "neuroendocrine-crosstalk"}
    assert {slug for slug, text in texts.items() if re.search(r"diary that you can print", text)} <= linked
