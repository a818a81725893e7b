"""The Infobutton responder: parameters, matching and answers, as docs/clinicians/health-records.md promises."""

import json
import re
from xml.etree import ElementTree

import pytest

from education.models import Article, Reference
from tests.content import load_content
from tests.education.factories import make_published_article, make_statement
from tests.education.health_record import ATOM, ICD, SNOMED, XML_LANG, ask, code, coded_eczema, feed, titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def eczema():
    return coded_eczema()


# Matching


@pytest.mark.parametrize("asked", ["L20", "L20.9", "L209", "l20.89", "L20.84", " L20.9 "])
def test_a_code_finds_its_page_with_or_without_the_dot_and_below_its_category(client, eczema, asked):
    assert titles(client, asked) == ["Eczema and your gut"]


@pytest.mark.parametrize("asked", ["L2", "L21", "20", "L", "B20", "L20" + "9" * 300])
def test_other_codes_find_nothing(client, eczema, asked):
    assert titles(client, asked) == []


def test_snomed_is_matched_exactly(client, eczema):
    assert titles(client, "24079001", SNOMED) == ["Eczema and your gut"]
    assert titles(client, "240790012", SNOMED) == []
    assert titles(client, "24079001", ICD) == []


def test_the_exclusion_list_of_the_sites_own_codes(client, loaded):
    found = ["L71", "L71.8", "L71.9", "L40", "L40.0", "L40.8", "L70.0", "L20.9"]
    excluded = ["L71.1", "L71.10", "L40.5", "L40.50", "L4059"]

    assert [asked for asked in found + excluded if titles(client, asked)] == found


def test_perioral_dermatitis_is_not_rosacea_though_its_code_is_below_it(client, loaded):
    for asked in ("L71.0", "L710"):
        (entry,) = feed(client, asked)["entry"]
        assert entry["link"][0]["href"] == "https://gutskin.example/conditions/other-skin-conditions/"


@pytest.fixture
def loaded():
    load_content()


def test_each_condition_of_the_site_is_found_by_its_codes(client, loaded):
    for value, system, address in (
        ("L20.9", ICD, "/conditions/atopic-dermatitis/"),
        ("24079001", SNOMED, "/conditions/atopic-dermatitis/"),
        ("L40.0", ICD, "/conditions/psoriasis/"),
        ("9014002", SNOMED, "/conditions/psoriasis/"),
        ("L71.9", ICD, "/conditions/rosacea/"),
        ("398909004", SNOMED, "/conditions/rosacea/"),
        ("L70.0", ICD, "/conditions/acne/"),
        ("88616000", SNOMED, "/conditions/acne/"),
        ("11381005", SNOMED, "/conditions/acne/"),
        ("L73.2", ICD, "/conditions/hidradenitis-suppurativa/"),
        ("59393003", SNOMED, "/conditions/hidradenitis-suppurativa/"),
        ("K90.0", ICD, "/conditions/coeliac-disease/"),
        ("396331005", SNOMED, "/conditions/coeliac-disease/"),
        ("L13.0", ICD, "/conditions/coeliac-disease/"),
        ("111196000", SNOMED, "/conditions/coeliac-disease/"),
        ("L50.1", ICD, "/conditions/urticaria/"),
        ("126485001", SNOMED, "/conditions/urticaria/"),
        ("K50.011", ICD, "/conditions/inflammatory-bowel-disease/"),
        ("34000006", SNOMED, "/conditions/inflammatory-bowel-disease/"),
        ("K51.90", ICD, "/conditions/inflammatory-bowel-disease/"),
        ("64766004", SNOMED, "/conditions/inflammatory-bowel-disease/"),
        ("24526004", SNOMED, "/conditions/inflammatory-bowel-disease/"),
        ("L80", ICD, "/conditions/other-skin-conditions/"),
        ("L63.0", ICD, "/conditions/other-skin-conditions/"),
        ("L21.9", ICD, "/conditions/other-skin-conditions/"),
    ):
        entries = feed(client, value, system)["entry"]
        assert [entry["link"][0]["href"] for entry in entries] == [f"https://gutskin.example{address}"]


def test_each_condition_of_the_site_is_found_by_its_names(client, loaded):
    found = {
        "/conditions/atopic-dermatitis/": ["Atopic dermatitis", "Eczema", "Atopic eczema (disorder)"],
        "/conditions/psoriasis/": ["Psoriasis", "Psoriasis, unspecified"],
        "/conditions/rosacea/": ["Rosacea", "Other rosacea"],
        "/conditions/acne/": ["Acne", "Acne vulgaris", "Acne, unspecified"],
        "/conditions/hidradenitis-suppurativa/": ["Hidradenitis suppurativa", "Hidradenitis", "Acne inversa"],
        "/conditions/coeliac-disease/": ["Celiac disease", "Coeliac disease (disorder)", "Dermatitis herpetiformis"],
        "/conditions/urticaria/": ["Urticaria", "Hives", "Urticaria, unspecified"],
        "/conditions/inflammatory-bowel-disease/": [
            "Crohn's disease",
            "Ulcerative colitis",
            "Inflammatory bowel disease",
        ],
        "/conditions/other-skin-conditions/": ["Vitiligo", "Alopecia areata, unspecified", "Perioral dermatitis"],
    }
    for address, names in found.items():
        for name in names:
            entries = feed(client, "", "2.16.840.1.113883.6.103", name=name)["entry"]
            assert [entry["link"][0]["href"] for entry in entries] == [f"https://gutskin.example{address}"], name
    for name in (
        "Psoriatic arthropathy",
        "Contact dermatitis and other eczema",
        "Acne keloid",
        "Bowel disease",
        "Boil",
    ):
        assert titles(client, "", "", name=name) == [], name


def test_a_code_without_those_below_it_is_matched_exactly(client):
    code(make_published_article(), "L20", descendants=False)

    assert titles(client, "L20") and not titles(client, "L20.9")


def test_a_withdrawn_page_is_not_an_answer(client, eczema):
    Article.objects.update(live=None)

    assert titles(client, "L20") == []


# The answer


def test_json_has_the_structure_that_clients_expect(client, eczema):
    answer = feed(client, "L20.9", name="Atopic dermatitis, unspecified")

    assert answer["base"] == "https://gutskin.example/"
    assert answer["lang"] == "en"
    assert answer["xsi"] == "http://www.w3.org/2001/XMLSchema-instance"
    assert answer["title"] == {"type": "text", "_value": "GutSkin"}
    assert answer["updated"] == {"_value": "2026-03-02T09:00:00Z"}
    assert answer["id"]["_value"].startswith("tag:gutskin.example,2026:")
    assert answer["author"] == {"name": {"_value": "GutSkin"}, "uri": {"_value": "https://gutskin.example"}}
    assert answer["subtitle"] == {"type": "text", "_value": "GutSkin: results for ICD-10-CM L20.9"}
    assert answer["category"] == [
        {"scheme": "mainSearchCriteria.v.c", "term": "L20.9"},
        {"scheme": "mainSearchCriteria.v.cs", "term": "ICD10CM"},
        {"scheme": "mainSearchCriteria.v.dn", "term": "Atopic dermatitis, unspecified"},
        {"scheme": "informationRecipient", "term": "PAT"},
    ]
    (entry,) = answer["entry"]
    url = "https://gutskin.example/conditions/atopic-dermatitis/"
    assert entry["title"] == {"_value": "Eczema and your gut", "type": "text"}
    assert entry["link"] == [{"href": url, "rel": "alternate", "title": "Eczema and your gut", "type": "html"}]
    assert entry["id"] == {"_value": "tag:gutskin.example,2026:/conditions/atopic-dermatitis/"}
    assert entry["updated"] == {"_value": "2026-03-02T09:00:00Z"}
    assert entry["summary"]["type"] == "html"


def test_the_summary_says_how_sure_and_how_fresh_it_is(client, eczema):
    eczema.live.care_cards = [
        {"level": "urgent", "heading": "Ask for help today if:", "items": ["sores & fever"], "advice": "Call."}
    ]
    eczema.live.save()

    summary = feed(client)["entry"][0]["summary"]["_value"]

    assert "<li>Eczema is common.</li>" in summary
    assert "Urgent advice: Ask for help today if:" in summary and "<li>sores &amp; fever</li>" in summary
    assert "make little or no difference to eczema symptoms. (Certainty: moderate)" in summary
    assert "Reviewed by Rosa Lind, MD, Consultant dermatologist." in summary
    assert "Page last reviewed: 2 March 2026. Next review due:" in summary
    assert "past its review date" not in summary
    assert "does not replace advice" in summary


def test_the_summary_says_when_the_review_is_overdue_or_missing(client, eczema):
    revision = eczema.live
    revision.next_review_due = "2026-03-03"
    revision.save()
    assert "This page is past its review date." in feed(client)["entry"][0]["summary"]["_value"]

    revision.reviewer = revision.last_reviewed = revision.next_review_due = None
    revision.save()
    assert "Awaiting clinical review." in feed(client)["entry"][0]["summary"]["_value"]


@pytest.mark.parametrize("path", ["/connect/service", "/connect/application"])
def test_a_warning_of_harm_is_never_left_out(client, eczema, path):
    """The most certain statement for each intervention would be that it helps, and there is room for only five."""
    for place, intervention in enumerate(
        ["gut-link", "prebiotics-and-synbiotics", "anti-inflammatory-eating", "low-fodmap", "leaving-foods-out"]
    ):
        make_statement(eczema, slug=f"helps-{place}", intervention=intervention, effect="better", sentence="It helps.")
    sentence = "Leaving foods out to treat eczema may raise the risk of food allergy."
    harm = {"intervention": "leaving-foods-out", "effect": "worse", "certainty": "low", "sentence": sentence}
    make_statement(eczema, slug="food-allergy", **harm)

    assert sentence in ask(client, path=path).content.decode()


@pytest.mark.parametrize("path", ["/connect/service", "/connect/application"])
@pytest.mark.parametrize(
    ("status", "of_page", "of_statement"),
    [
        (
            "retracted",
            "A paper this page relies on has been retracted.",
            "One of the papers behind this was retracted.",
        ),
        (
            "rejected",
            "A source this page relied on did not hold up.",
            "One of the sources behind this did not hold up.",
        ),
    ],
)
def test_a_retracted_or_rejected_source_is_mentioned(client, eczema, path, status, of_page, of_statement):
    before = ask(client, path=path).content.decode()
    assert of_page not in before and of_statement not in before

    Reference.objects.filter(key="zhao2025").update(status=status, status_reason="The data were made up.")

    after = ask(client, path=path).content.decode()
    assert of_page in after and of_statement in after


def test_xml_is_the_default_and_says_the_same(client, eczema):
    response = ask(client, "L20.9")
    assert response.headers["Content-Type"] == "text/xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)  # noqa: S314  our own answer
    as_json = feed(client, "L20.9")

    assert root.tag == "{http://www.w3.org/2005/Atom}feed"
    assert root.get("{http://www.w3.org/XML/1998/namespace}base") == as_json["base"]
    assert root.get(XML_LANG) == "en"
    for name in ("title", "subtitle", "updated", "id"):
        assert root.findtext(f"a:{name}", namespaces=ATOM) == as_json[name]["_value"]
    assert root.findtext("a:author/a:name", namespaces=ATOM) == "GutSkin"
    assert root.findtext("a:author/a:uri", namespaces=ATOM) == "https://gutskin.example"
    assert [element.attrib for element in root.findall("a:category", ATOM)] == as_json["category"]
    (entry,) = root.findall("a:entry", ATOM)
    assert entry.find("a:link", ATOM).attrib == as_json["entry"][0]["link"][0]
    for name in ("title", "id", "updated", "summary"):
        assert entry.findtext(f"a:{name}", namespaces=ATOM) == as_json["entry"][0][name]["_value"]
    assert entry.find("a:summary", ATOM).get("type") == "html"


def test_jsonp_calls_the_named_function(client, eczema):
    response = ask(client, form="application/javascript", callback="EHR.show_1$")

    assert response.headers["Content-Type"] == "application/javascript; charset=utf-8"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    called = re.fullmatch(r"/\*\*/EHR\.show_1\$\((.*)\);", response.content.decode(), re.DOTALL)
    assert json.loads(called[1])["feed"]["entry"]


@pytest.mark.parametrize(
    "callback", ["", "alert(1)", "a;b", "1st", "a b", "é", "a" * 65, "<script>", "x\n", "x%0d%0aSet-Cookie:a=b"]
)
def test_a_callback_that_is_not_a_name_is_refused(client, eczema, callback):
    response = ask(client, form="application/javascript", callback=callback)

    assert response.status_code == 400
    assert "callback" in response.content.decode()


def test_no_match_gives_a_feed_without_entries(client, eczema):
    found, nothing = feed(client), feed(client, "Z99.9")

    assert nothing["entry"] == []
    assert nothing.keys() == found.keys()
    assert ElementTree.fromstring(ask(client, "Z99.9").content).findall("a:entry", ATOM) == []  # noqa: S314  ours


def test_an_unknown_code_system_gives_no_match(client, eczema):
    answer = feed(client, "250.33", "2.16.840.1.113883.6.103")

    assert answer["entry"] == []
    assert answer["category"][1]["term"] == "2.16.840.1.113883.6.103"


# Languages


@pytest.fixture
def spanish(eczema):
    body = '<h2>Qué puede hacer</h2><p>Siga con su tratamiento.<cite data-ref="zhao2025"></cite></p>'
    values = {"language": "es", "title": "Eccema", "translation_of": eczema, "body": body}
    return make_published_article("dermatitis-atopica", **values)


@pytest.mark.parametrize("asked", ["es", "ES", "es-MX", "es_ES"])
def test_a_translation_is_the_answer_if_there_is_one(client, spanish, asked):
    answer = feed(client, language=asked)

    assert answer["lang"] == "es"
    assert [entry["title"]["_value"] for entry in answer["entry"]] == ["Eccema"]
    assert client.get(answer["entry"][0]["link"][0]["href"].removeprefix("https://gutskin.example")).status_code == 200


@pytest.mark.parametrize("asked", ["", "en", "ar", "fr", "klingon", "e" * 500])
def test_other_languages_are_answered_in_english_and_marked(client, spanish, asked):
    answer = feed(client, language=asked)

    assert answer["lang"] == "en"
    assert [entry["title"]["_value"] for entry in answer["entry"]] == ["Eczema and your gut"]


def test_an_english_entry_is_marked_in_a_feed_of_another_language(client, spanish):
    other = make_published_article("dyshidrosis", title="Blisters of the hand")
    code(other, "L20")

    answer = feed(client, language="es")

    assert [(entry["title"]["_value"], entry.get("lang")) for entry in answer["entry"]] == [
        ("Eccema", None),
        ("Blisters of the hand", "en"),
    ]
    root = ElementTree.fromstring(ask(client, language="es").content)  # noqa: S314  our own answer
    assert [entry.get(XML_LANG) for entry in root.findall("a:entry", ATOM)] == [None, "en"]
