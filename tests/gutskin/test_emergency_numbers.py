"""Emergency numbers and crisis lines: which are shown, where, and what is said about each."""

import tomllib

import pytest
from django.core.checks import run_checks

from gutskin.emergency_numbers import ALWAYS, COUNTRIES, FILE, NOTES, home_country, read_numbers
from tests.pages import Page

pytestmark = pytest.mark.django_db
ROWS = tomllib.loads(FILE.read_text("utf-8"))["number"]
PAGE = "/emergency-numbers/"
ROW = {"country": "GB", "kind": "crisis", "call": "116 123", "source": "a page", "checked": "", "confirmed": True}


def text_of(response):
    return " ".join(Page(response.content.decode()).text.split())


def shown(rows):
    return {number.call for country in read_numbers(rows) for number in country.numbers}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['country']} {row.get('call') or row['text']}")
def test_every_row_names_its_source_and_the_day_it_was_checked(row):
    assert row["source"]
    assert row["checked"].isoformat() >= "2026-11-29"
    assert row.get("call") or row.get("text")
    assert row.get("hours", ALWAYS) == ALWAYS or len(row["hours"].split("-")) == 2


def test_a_number_that_is_not_confirmed_is_shown_nowhere(client):
    unconfirmed = {row.get("call") or row["text"] for row in ROWS if not row["confirmed"]}
    # Numbers that are confirmed for one country and not for another are no proof.
    unconfirmed -= {row.get("call") for row in ROWS if row["confirmed"]}
    page = client.get(PAGE).content.decode()

    assert len(unconfirmed) > 5
    assert [number for number in unconfirmed if number in page] == []


@pytest.mark.parametrize(("country", "number"), [("CA", "911"), ("IN", "112"), ("SA", "920033360")])
def test_known_gaps_stay_gaps_until_someone_confirms_them(country, number):
    confirmed = {row.get("call") for row in ROWS if row["country"] == country and row["confirmed"]}
    assert number not in confirmed


def test_every_confirmed_number_is_on_the_page_as_text_and_as_a_link(client):
    page = Page(client.get(PAGE).content.decode())
    # In a text from right to left, "116 123" would otherwise be read as "123 116".
    links = {link["href"] for link in page.all("a", dir="ltr") if link.get("href", "").startswith("tel:")}

    for row in ROWS:
        if row["confirmed"] and "call" in row:
            assert row["call"] in page.text
            assert "tel:" + "".join(sign for sign in row["call"] if sign in "0123456789*") in links


def test_a_line_with_limited_or_unknown_hours_says_so(client):
    text = text_of(client.get(PAGE))

    assert "800-4673, only from 08:00 to 20:00 (Arabic, English). These hours are from 2021" in text
    assert "Samaritans: 116 123, free to call, day and night." in text
    assert "Childline (for children and young people): 0800 1111, we do not know at which hours." in text
    assert "1564. It may not answer at every hour" in text


def test_no_page_promises_day_and_night_for_all_lines(client):
    limited = [row for row in ROWS if row["confirmed"] and row["kind"] != "emergency" and row.get("hours") != ALWAYS]

    assert len(limited) > 5
    always = sum(row.get("hours") == ALWAYS for row in ROWS if row["confirmed"])
    assert text_of(client.get(PAGE)).count("day and night") == always + 1  # and in the footer


def test_the_sites_own_country_is_first_and_the_others_are_folded(client, settings):
    settings.COUNTRY = "AU"
    page = client.get("/consult/").content.decode()

    assert '<a dir="ltr" href="tel:000">000</a>' in page
    folded = page.index("<summary>Numbers in other countries")
    assert page.index("tel:000") < folded < page.index("tel:999") < page.index("</details>", folded)


@pytest.mark.parametrize("country", ["", "CH", "ZZ", "gb", "Ω"])
def test_an_unknown_country_gets_the_local_number_and_a_warning(client, settings, country):
    settings.COUNTRY = country

    assert home_country() is None
    assert "Emergency: your local emergency number." in text_of(client.get(PAGE))
    assert "Call your local emergency number now if:" in text_of(client.get("/consult/"))
    assert [found.id for found in run_checks() if found.id == "gutskin.W002"] == ["gutskin.W002"]


def test_a_country_without_a_confirmed_emergency_number_says_local(client, settings):
    settings.COUNTRY = "IN"

    text = text_of(client.get("/consult/"))
    assert "Emergency: your local emergency number. Someone to talk to: 14416 (Tele MANAS, free to call," in text


def test_the_countries_whose_emergency_number_we_know_are_named_first(client):
    known = text_of(client.get(PAGE)).partition("Emergency numbers that we know")[2].partition("In every other")[0]
    confirmed = [row for row in ROWS if row["kind"] == "emergency" and row["confirmed"]]

    expected = (
        "United Kingdom: 999 Ireland: 112 or 999 United States: 911 Australia: 000 New Zealand: 111 "
        "Germany: 112 France: 112 Spain: 112 Latvia: 112"
    )
    assert " ".join(known.split()) == expected
    assert all(row["call"] in known and str(COUNTRIES[row["country"]]) in known for row in confirmed)


def test_a_listed_country_without_a_confirmed_emergency_number_says_what_to_do(client):
    text = text_of(client.get(PAGE))
    assert "In every other country: call the emergency number that you know." in text
    assert "go to the nearest hospital." in text
    assert "not confirmed" not in text
    india = text[text.index("India") :].partition("Germany")[0]

    assert "Emergency: your local emergency number." in india
    assert "112" not in india


@pytest.mark.parametrize(
    "address", ["/about/", "/search/", "/consult/", "/consult/status/", "/emergency-numbers/", "/x/y/"]
)
def test_every_footer_has_the_number_and_the_way_to_all_others(client, address):
    footer = client.get(address).content.decode().partition("<footer")[2]

    assert '<a dir="ltr" href="tel:999">999</a>' in footer
    assert f'href="{PAGE}"' in footer


def test_a_row_that_is_not_confirmed_is_dropped():
    assert shown([ROW]) == {"116 123"}
    assert shown([ROW | {"confirmed": False}]) == set()


@pytest.mark.parametrize("wrong", [{"country": "XX"}, {"kind": "other"}, {"note": "unknown"}, {"cost": "cheap"}])
def test_a_value_that_has_no_words_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong.values()))):
        read_numbers([ROW | wrong])


def test_a_misspelt_field_is_refused():
    with pytest.raises(TypeError):
        read_numbers([ROW | {"hour": ALWAYS}])


def test_every_note_and_country_is_used():
    assert {row.get("note", "") for row in ROWS} == NOTES.keys()
    assert {row["country"] for row in ROWS} == COUNTRIES.keys()
