"""JSON-LD on every page, checked against the vocabulary of schema.org and against what the page shows."""

import json
import re
from datetime import date

import pytest
from django.db import transaction
from django.test import Client

from education.actions import approve, publish_awaiting_review, submit_for_review, withdraw
from education.models import Clinician, Reference
from education.structured_data import as_script
from tests.addresses import ARTICLES, READING_PAGES, RECORD_PAGES
from tests.content import load_content
from tests.education.factories import make_article, make_published_article, make_reference, make_statement, make_user
from tests.pages import Page
from tests.schemaorg.vocabulary import problems

SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.S)
URL = "/conditions/atopic-dermatitis/"
SITE = "https://gutskin.example"
PAGES = READING_PAGES + RECORD_PAGES


@pytest.fixture(scope="module")
def answers(django_db_setup, django_db_blocker):
    """The seed content, loaded once for all tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_content()
        reading = {address: Client().get(address) for address in PAGES}
        reading |= {data_address(address): Client().get(data_address(address)) for address in ARTICLES}
        yield {address: response.content.decode() for address, response in reading.items()}
        transaction.set_rollback(True)


def data_address(address):
    return f"{address.rstrip('/')}.jsonld"


def data_of(html, read):
    """The JSON-LD in a page or, for an article, in the file that it names; `read` returns what is at an address."""
    if files := Page(html).all("link", type="application/ld+json"):
        (file,) = files
        assert (file["rel"], SCRIPT.findall(html)) == ("alternate", [])
        return json.loads(read(file["href"]))
    (script,) = SCRIPT.findall(html)
    return json.loads(script)


@pytest.fixture
def data(client, db):
    """The current JSON-LD of a page."""

    def read(address):
        return client.get(address).content.decode()

    return lambda address=URL: data_of(read(address), read)


@pytest.mark.slow
def test_every_page_of_the_real_content_follows_the_vocabulary(answers):
    found = {address: problems(data_of(answers[address], answers.get)) for address in PAGES}
    assert {address: wrong for address, wrong in found.items() if wrong} == {}


def test_every_page_has_the_name_description_and_address_that_it_shows(answers):
    wrong = {}
    for address in PAGES:
        page, json_ld = Page(answers[address]), data_of(answers[address], answers.get)
        shown = {
            "name": page.title.removesuffix(" – GutSkin"),
            "description": page.one("meta", name="description")["content"],
            "url": page.one("link", rel="canonical")["href"],
        }
        if address == "/" or address.startswith("/search/?") or address in RECORD_PAGES:
            # The name of the site, and what a visitor or a health record searched for.
            del shown["name"]
        wrong[address] = {name: (json_ld[name], value) for name, value in shown.items() if json_ld[name] != value}
    assert {address: names for address, names in wrong.items() if names} == {}


def test_addresses_are_absolute_and_lead_to_this_site_or_to_a_paper(answers):
    def addresses(value, key=""):
        if isinstance(value, dict):
            for name, inner in value.items():
                yield from addresses(inner, name)
        elif isinstance(value, list):
            for inner in value:
                yield from addresses(inner, key)
        elif key in {"@id", "url", "contentUrl", "urlTemplate"}:
            yield value

    found = {url for address in PAGES for url in addresses(data_of(answers[address], answers.get))}
    assert len(found) > 100
    assert [url for url in found if not url.startswith(f"{SITE}/")] == []


def test_the_breadcrumb_is_the_one_that_readers_see(answers):
    html = answers["/conditions/psoriasis/"]
    *above, last = data_of(html, answers.get)["breadcrumb"]["itemListElement"]
    assert [(step["position"], step["name"], step["item"]["@id"]) for step in above] == [
        (1, "Home", f"{SITE}/"),
        (2, "Skin conditions", f"{SITE}/conditions/"),
    ]
    assert last["item"]["@id"] == f"{SITE}/conditions/psoriasis/"
    trail = html.partition('class="breadcrumb"')[2].partition("</nav>")[0]
    assert re.findall(r'<a href="([^"]+)">([^<]+)</a>', trail) == [("/", "Home"), ("/conditions/", "Skin conditions")]


def test_articles_carry_no_data_that_only_machines_read(answers):
    """It is a tenth of the page, and would travel to every reader. Search engines follow the link in the head."""
    files = {address: Page(answers[address]).one("link", type="application/ld+json")["href"] for address in ARTICLES}
    assert files == {address: data_address(address) for address in ARTICLES}
    assert [address for address in ARTICLES if "schema.org" in answers[address]] == []


def test_dates_are_those_shown_on_the_page(answers):
    for address in ARTICLES:
        json_ld = data_of(answers[address], answers.get)
        printed = {found["datetime"] for found in Page(answers[address]).all("time")}
        names = ("datePublished", "dateModified", "lastReviewed", "expires")
        dates = {json_ld[name] for name in names if name in json_ld}
        assert dates and dates <= printed, address


def test_conditions_carry_their_confirmed_codes_only(answers):
    about = data_of(answers["/conditions/rosacea/"], answers.get)["about"]
    assert (about["@type"], about["name"]) == ("MedicalCondition", "Rosacea")
    systems = {code["codingSystem"] for code in about["code"]}
    values = [code["codeValue"] for code in about["code"]]
    assert systems == {"ICD-10-CM"}
    assert values[0] == "L71"
    assert not {"L71.0", "L71.1", "398909004"} & set(values)


def test_a_page_on_several_conditions_is_about_each_of_them(answers):
    about = data_of(answers["/conditions/inflammatory-bowel-disease/"], answers.get)["about"]
    assert [condition["name"] for condition in about] == ["Crohn's disease", "Ulcerative colitis"]
    assert [[code["codeValue"] for code in condition["code"]] for condition in about] == [["K50"], ["K51"]]


def test_a_reviewed_page_names_reviewer_dates_and_sources(data, time_machine):
    time_machine.move_to("2026-05-04T12:00:00Z", tick=False)
    make_published_article()
    time_machine.move_to("2026-06-01T12:00:00Z", tick=False)

    json_ld = data()

    assert problems(json_ld) == []
    assert json_ld["@type"] == "MedicalWebPage"
    assert json_ld["reviewedBy"] == {
        "@type": "Person",
        "name": "Rosa Lind",
        "honorificSuffix": "MD",
        "jobTitle": "Consultant dermatologist",
    }
    assert (json_ld["datePublished"], json_ld["dateModified"], json_ld["lastReviewed"]) == ("2026-05-04",) * 3
    assert json_ld["expires"] == date(2029, 5, 4).isoformat()
    assert json_ld["creativeWorkStatus"] == "Reviewed by a clinician."
    assert json_ld["citation"][0] == {
        "@type": "ScholarlyArticle",
        "name": "The gut-skin axis, as told in zhao2025",
        "author": [{"@type": "Person", "name": "Zhao Y"}, {"@type": "Person", "name": "Yu C"}],
        "datePublished": "2025",
        "isPartOf": {"@type": "Periodical", "name": "International Journal of Molecular Medicine"},
        "sameAs": "https://doi.org/10.3892/zhao2025",
        "url": f"{SITE}/references/zhao2025/",
    }


def test_a_new_version_changes_the_second_date_only(data, client, time_machine):
    time_machine.move_to("2026-05-04T12:00:00Z", tick=False)
    article = make_published_article()
    # Half past midnight in London, but the day before in UTC. The date is the one that readers see.
    time_machine.move_to("2026-07-01T23:30:00Z", tick=False)
    approve(submit_for_review(article), by=Clinician.objects.get().user)

    json_ld = data()

    assert (json_ld["datePublished"], json_ld["dateModified"]) == ("2026-05-04", "2026-07-02")
    printed = {found["datetime"] for found in Page(client.get(URL).content.decode()).all("time")}
    assert {"2026-05-04", "2026-07-02"} <= printed


def test_an_unreviewed_page_names_no_reviewer(answers):
    json_ld = data_of(answers["/conditions/acne/"], answers.get)
    assert not {"reviewedBy", "lastReviewed", "expires"} & json_ld.keys()
    assert json_ld["creativeWorkStatus"] == "Awaiting clinical review."


def test_an_overdue_page_says_so_to_machines(data, time_machine):
    time_machine.move_to("2026-05-04T12:00:00Z", tick=False)
    make_published_article()
    time_machine.move_to("2029-05-05T12:00:00Z", tick=False)

    assert data()["creativeWorkStatus"] == "This page is past its review date."


def test_only_what_helps_with_certainty_and_harms_no_one_is_a_treatment(data):
    article = make_published_article()
    for number, (intervention, effect, certainty) in enumerate(
        [
            ("probiotics", "better", "moderate"),
            ("prebiotics-and-synbiotics", "better", "low"),
            ("low-fodmap", "no-trials", ""),
            ("anti-inflammatory-eating", "little-or-no-difference", "high"),
            ("leaving-foods-out", "better", "high"),
            ("leaving-foods-out", "worse", "low"),
        ]
    ):
        make_statement(article, slug=f"s-{number}", intervention=intervention, effect=effect, certainty=certainty)

    # In our own words, with the word of its certainty: the name says neither for whom nor for what.
    assert data()["about"]["possibleTreatment"] == [
        {
            "@type": "MedicalTherapy",
            "name": "Probiotics",
            "description": "Probiotics probably make little or no difference to eczema symptoms.",
        }
    ]


@pytest.mark.parametrize("status", ["retracted", "rejected"])
def test_a_retracted_or_rejected_source_supports_no_treatment(data, status):
    make_statement(make_published_article(), effect="better")
    assert data()["about"]["possibleTreatment"]

    Reference.objects.filter(key="zhao2025").update(status=status, status_reason="The data were made up.")

    assert "possibleTreatment" not in data()["about"]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("retracted", "A paper this page relies on has been retracted."),
        ("rejected", "A source this page relied on did not hold up."),
    ],
)
def test_a_retracted_or_rejected_source_is_stated_to_machines(data, status, words):
    make_published_article()
    Reference.objects.filter(key="zhao2025").update(status=status, status_reason="The data were made up.")

    json_ld = data()

    assert json_ld["creativeWorkStatus"] == ["Reviewed by a clinician.", words]
    assert problems(json_ld) == []


def test_an_unreviewed_page_names_no_treatment(data):
    article = make_article()
    publish_awaiting_review(submit_for_review(article))
    make_statement(article, effect="better")
    assert "possibleTreatment" not in data()["about"]


def test_a_treatment_is_linked_where_it_has_a_page(data):
    condition = make_published_article()
    therapy = make_published_article("probiotics-and-prebiotics", kind="therapy", title="Probiotics")
    make_statement(condition, therapy=therapy, effect="better")

    (treatment,) = data()["about"]["possibleTreatment"]

    assert treatment["url"] == f"{SITE}/therapies/probiotics-and-prebiotics/"
    assert data("/therapies/probiotics-and-prebiotics/")["about"] == {"@type": "MedicalTherapy", "name": "Probiotics"}


def test_unconfirmed_fields_of_a_source_are_left_out(data):
    make_published_article()
    Reference.objects.filter(key="zhao2025").update(unconfirmed_fields=["year", "doi", "authors after the first"])

    cited = data()["citation"][0]

    assert problems(data()) == []
    assert cited["author"] == [{"@type": "Person", "name": "Zhao Y"}]
    assert "datePublished" not in cited
    assert "10.3892" not in cited.get("sameAs", "")


def test_a_retracted_source_is_marked_and_a_rejected_one_is_gone(data):
    make_published_article()
    Reference.objects.filter(key="zhao2025").update(status="retracted", status_reason="The data were made up.")
    Reference.objects.filter(key="petersen2019").update(status="rejected", status_reason="It does not exist.")

    (cited,) = data()["citation"]

    assert (cited["url"], cited["creativeWorkStatus"]) == (f"{SITE}/references/zhao2025/", "Retracted")


@pytest.mark.parametrize(
    ("type", "expected"),
    [("book", "Book"), ("chapter", "Chapter"), ("report", "Report"), ("webpage", "WebPage")],
)
def test_other_kinds_of_source_are_called_what_they_are(data, type, expected):
    make_reference("who2023", type=type, authors=["World Health Organization"], doi="")

    json_ld = data("/references/who2023/")

    assert problems(json_ld) == []
    assert json_ld["mainEntity"]["@type"] == expected
    assert json_ld["mainEntity"]["author"] == [{"@type": "Organization", "name": "World Health Organization"}]


HOSTILE = '</script><script>alert(1)</script><!-- & \u2028 ]]> " \\'


def test_nothing_in_a_text_ends_the_script_element(client, db):
    make_published_article(title=HOSTILE, summary=HOSTILE)

    html = client.get("/conditions/").content.decode()

    assert "alert(1)</script>" not in html
    (article,) = data_of(html, None)["mainEntity"]["itemListElement"]
    assert article["name"] == HOSTILE


def test_characters_that_are_special_in_html_are_escaped_and_restored():
    script = as_script({"name": HOSTILE})
    assert not set("<>&\u2028\u2029") & set(script)
    assert json.loads(script) == {"name": HOSTILE}


def test_a_search_does_not_repeat_the_query(data):
    assert "xqzwv" not in json.dumps(data("/search/?q=xqzwv"))


def test_the_file_has_its_media_type_and_is_named_in_the_head(client, db):
    make_published_article()

    response = client.get("/conditions/atopic-dermatitis.jsonld")

    assert response.headers["Content-Type"] == "application/ld+json"
    assert response.headers["Cache-Control"] == "public, no-cache"
    head = Page(client.get(URL).content.decode())
    assert (
        head.one("link", rel="alternate", type="application/ld+json")["href"] == "/conditions/atopic-dermatitis.jsonld"
    )


@pytest.mark.parametrize(
    "address", ["/conditions/acne.jsonld", "/therapies/atopic-dermatitis.jsonld", "/nothing.jsonld"]
)
def test_there_is_no_file_without_a_page(client, address, db):
    make_published_article()
    make_article("acne")

    assert client.get(address).status_code == 404


def test_the_file_of_a_withdrawn_page_is_gone(client, db):
    withdraw(make_published_article(), by=make_user("anna"), reason="Being checked.")

    assert client.get("/conditions/atopic-dermatitis.jsonld").status_code == 410


def test_the_publisher_is_the_one_in_the_settings(data, settings):
    settings.PUBLISHER_NAME = "Clinic at the River"

    assert data("/about/")["publisher"]["name"] == data("/")["publisher"]["name"] == "Clinic at the River"


def test_listed_clinicians_are_included(data):
    make_published_article()
    Clinician.objects.update(is_listed=True)

    assert [found["name"] for found in data("/experts/")["mentions"]] == ["Rosa Lind"]
    assert problems(data("/experts/")) == []


@pytest.mark.parametrize("statements", [3, 30])
def test_number_of_queries_of_the_file(client, db, django_assert_max_num_queries, statements):
    article = make_published_article()
    for number in range(statements):
        make_statement(article, slug=f"statement-{number}")

    with django_assert_max_num_queries(4):
        assert client.get("/conditions/atopic-dermatitis.jsonld").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"@type": "MedicalPage"}, "page: no type 'MedicalPage'"),
        ({"@type": "WebPage", "codeValue": "L40"}, "page.codeValue: WebPage has no such property"),
        ({"@type": "WebPage", "lastReviewed": "4 May 2026"}, "page.lastReviewed: '4 May 2026' is none of ['Date']"),
        ({"@type": "WebPage", "reviewedBy": "Rosa Lind"}, "'Rosa Lind' is none of ['Organization', 'Person']"),
        (
            {"@type": "MedicalCondition", "possibleTreatment": {"@type": "Person"}},
            "Person is none of ['MedicalTherapy']",
        ),
    ],
)
def test_the_vocabulary_check_finds_mistakes(wrong, expected):
    (found,) = problems({"@context": "https://schema.org"} | wrong)
    assert found.endswith(expected)
