"""The Infobutton responder: the spellings that FHIR and CDA records send, further codes, and names without a code."""

from xml.etree import ElementTree

import pytest

from education.models import Article
from tests.education.factories import make_published_article, make_synonyms
from tests.education.health_record import ATOM, ICD, SNOMED, ask, code, feed, titles

pytestmark = pytest.mark.django_db

ICD_9, RXNORM = "2.16.840.1.113883.6.103", "2.16.840.1.113883.6.88"
FOUND = ["Psoriasis and your gut"]


@pytest.fixture(autouse=True)
def psoriasis():
    article = make_published_article("psoriasis", title="Psoriasis and your gut")
    article.codes.create(system=ICD, code="L40", display="Psoriasis", descendants=True)
    article.codes.create(system=ICD, code="L40.5", display="Arthropathic psoriasis", descendants=True, excluded=True)
    article.codes.create(system=SNOMED, code="9014002", display="Psoriasis")
    return article


@pytest.fixture
def rosacea():
    article = make_published_article("rosacea", title="Rosacea and your gut")
    article.codes.create(system=ICD, code="L71.9", display="Rosacea, unspecified")
    article.codes.create(system=ICD, code="L71.0", display="Perioral dermatitis", excluded=True)


def more(*, number="1", **values):
    return {f"mainSearchCriteria.v.{name}{number}": value for name, value in values.items()}


# Code systems


@pytest.mark.parametrize(
    "system",
    [
        "urn:oid:2.16.840.1.113883.6.90",
        "URN:OID:2.16.840.1.113883.6.90",
        "http://hl7.org/fhir/sid/icd-10-cm",
        "http://hl7.org/fhir/sid/icd-10-cm|2026",
        "https://hl7.org/fhir/sid/icd-10-cm/",
        "ICD-10-CM",
        "ICD10CM",
        "I10C",
    ],
)
def test_every_spelling_of_icd_10_cm_is_the_same_system(client, system):
    answer = feed(client, "L40.0", system)

    assert [entry["title"]["_value"] for entry in answer["entry"]] == FOUND
    assert answer["subtitle"]["_value"] == "GutSkin: results for ICD-10-CM L40.0"
    assert answer["category"][1] == {"scheme": "mainSearchCriteria.v.cs", "term": "ICD10CM"}


@pytest.mark.parametrize(
    "system",
    [
        "urn:oid:2.16.840.1.113883.6.96",
        "http://snomed.info/sct",
        "http://snomed.info/sct/731000124108/version/20260901",
        "http://snomed.info/sct|http://snomed.info/sct/731000124108",
        "SNOMED CT",
        "SNOMED-CT",
        "SNOMEDCT",
        "SCT",
    ],
)
def test_every_spelling_of_snomed_ct_is_the_same_system(client, system):
    assert titles(client, "9014002", system) == FOUND


@pytest.mark.parametrize(
    "system", ["http://hl7.org/fhir/sid/icd-10", "http://snomed.info/sctx", "urn:oid:", ICD_9, ICD + "1", "|", "/"]
)
def test_similar_names_are_other_systems(client, system):
    assert titles(client, "L40.0", system) == titles(client, "9014002", system) == []


# Media types


@pytest.mark.parametrize(
    "form",
    ["application/json;charset=UTF-8", "Application/JSON", "application/json; charset=utf-8", "APPLICATION/JSON "],
)
def test_case_and_parameters_of_a_media_type_do_not_matter(client, form):
    response = ask(client, "L40.0", form=form)

    assert response.status_code == 200
    assert response.json()["feed"]["entry"]
    assert ask(client, "L40.0", form="Text/XML; charset=UTF-8").headers["Content-Type"].startswith("text/xml")
    assert ask(client, "L40.0", form="application/pdf;a=application/json").status_code == 415


# More than one code


def test_a_second_code_is_used(client):
    answer = feed(client, "696.1", ICD_9, **more(cs=SNOMED, c="9014002"))

    assert [entry["title"]["_value"] for entry in answer["entry"]] == FOUND
    assert answer["subtitle"]["_value"] == "GutSkin: results for SNOMED CT 9014002"
    assert {"scheme": "mainSearchCriteria.v.c1", "term": "9014002"} in answer["category"]
    assert {"scheme": "mainSearchCriteria.v.cs1", "term": "SNOMEDCT"} in answer["category"]


def test_all_codes_are_used_and_a_page_is_shown_once(client, rosacea):
    both = more(cs="http://snomed.info/sct", c="9014002") | more(number="2", cs=ICD, c="L71.9")

    assert titles(client, "L40.0", **both) == [*FOUND, "Rosacea and your gut"]


def test_a_page_that_one_of_the_codes_excludes_is_not_shown(client):
    """The codes are of one problem: psoriatic arthritis does not become psoriasis by a wider second code."""
    assert titles(client, "L40.50", **more(cs=SNOMED, c="9014002")) == []
    assert titles(client, "9014002", SNOMED, **more(cs=ICD, c="L40.50")) == []


def test_half_a_second_code_is_ignored_and_a_repeated_one_refused(client):
    assert titles(client, "L40.0", **more(c="Z99.9")) == FOUND
    assert ask(client, "L40.0", **more(cs=[SNOMED, ICD], c="9014002")).status_code == 400


@pytest.mark.parametrize("number", [1, 9])
def test_many_codes_take_as_many_queries_as_one(client, number, django_assert_num_queries):
    codes = {key: value for place in range(1, number + 1) for key, value in more(number=place, cs=ICD, c="L40").items()}
    with django_assert_num_queries(4):
        ask(client, "L40.0", **codes)


# Languages


@pytest.mark.parametrize(
    ("asked", "given"),
    [("sp", "English"), ("SP", "English"), ("spa", "English"), ("es", "English"), ("fr-CA", "English")],
)
def test_an_answer_in_another_language_than_asked_says_so(client, asked, given):
    answer = feed(client, "L40.0", language=asked)
    page = ask(client, "L40.0", path="/connect/application", language=asked).content.decode()

    sentence = f"Asked for in “{asked}”, answered in {given}."
    assert answer["lang"] == "en"
    assert answer["subtitle"]["_value"] == f"GutSkin: results for ICD-10-CM L40.0. {sentence}"
    assert sentence in page


@pytest.mark.parametrize("asked", ["", "en", "en-GB", "EN_us"])
def test_an_answer_in_the_language_asked_for_says_nothing_about_it(client, asked):
    assert feed(client, "L40.0", language=asked)["subtitle"]["_value"] == "GutSkin: results for ICD-10-CM L40.0"


@pytest.mark.parametrize("asked", ["sp", "spa", "es"])
def test_sp_is_spanish(client, psoriasis, asked):
    values = {"language": "es", "title": "Psoriasis y su intestino", "translation_of": psoriasis}
    make_published_article("psoriasis", **values)

    answer = feed(client, "L40.0", language=asked)

    assert answer["lang"] == "es"
    assert [entry["title"]["_value"] for entry in answer["entry"]] == ["Psoriasis y su intestino"]
    assert ("Español" in answer["subtitle"]["_value"]) == (asked != "es")


# Names


def named(client, name, **more):
    return titles(client, "", name=name, **more)


@pytest.mark.parametrize(
    ("system", "value"),
    [
        (ICD, ""),
        ("", ""),
        ("", "L40.0"),
        (ICD_9, "696.1"),
        (RXNORM, "1"),
        ("http://hl7.org/fhir/sid/icd-9-cm", "696.1"),
    ],
)
def test_without_a_code_that_we_can_use_the_name_is_looked_up(client, system, value):
    answer = feed(client, value, system, name="Psoriasis")
    page = ask(client, value, system, path="/connect/application", name="Psoriasis").content.decode()

    assert [entry["title"]["_value"] for entry in answer["entry"]] == FOUND
    assert answer["subtitle"]["_value"] == "GutSkin: results for the name “Psoriasis”"
    assert 'href="/conditions/psoriasis/"' in page
    assert "so we looked for pages with this name" in page


@pytest.mark.parametrize(
    "name",
    ["psoriasis", " PSORIASIS ", "Psoriasis (disorder)", "Psoriasis, unspecified", "Psoriasis NOS", "scaly plaques"],
)
def test_a_name_is_that_of_the_article_or_of_a_code_or_a_synonym(client, name):
    make_synonyms("psoriasis", "Scaly plaques")

    assert named(client, name) == FOUND


def test_the_words_of_an_address_are_the_name_of_its_article(client):
    page = make_published_article("leaky-gut", title="How tight is your gut?", kind="mechanism")

    assert named(client, "Leaky gut") == ["How tight is your gut?"]

    Article.objects.filter(pk=page.pk).update(live=None)
    assert named(client, "Leaky gut") == []


@pytest.mark.parametrize(
    "name",
    [
        "Psoriatic arthritis",
        "Arthropathic psoriasis",
        "Perioral dermatitis",
        "Rosacea-like eruption",
        "Family history of psoriasis",
        "Psoriasis and rosacea",
        "No psoriasis",
        "soriasis",
        "PSO",
        "!",
        "psoriasis " * 100,
    ],
)
def test_a_similar_name_finds_nothing(client, rosacea, name):
    make_synonyms("psoriasis", "PSO")

    assert named(client, name) == []
    page = ask(client, "696.1", ICD_9, path="/connect/application", name=name).content.decode()
    assert "We have no page with this name" in page


def test_a_code_of_a_system_that_we_hold_decides_without_the_name(client):
    assert titles(client, "Z99.9", name="Psoriasis") == []
    assert titles(client, "L40.50", name="Psoriasis") == []
    assert titles(client, "Z99.9", ICD_9, name="Psoriasis", **more(cs=ICD, c="Z99.9")) == []


def test_a_name_of_an_excluded_code_wins(client, psoriasis):
    make_synonyms("psoriasis", "Arthropathic psoriasis")

    assert named(client, "Psoriasis") == []


def test_the_name_of_a_second_code_and_the_original_text_are_names_too(client):
    assert titles(client, "696.1", ICD_9, **more(cs=RXNORM, c="1", dn="Psoriasis")) == FOUND
    assert titles(client, "", "", **{"mainSearchCriteria.v.ot": "psoriasis"}) == FOUND


def test_the_xml_answer_to_a_name_has_its_own_id(client):
    root, other = (
        ElementTree.fromstring(ask(client, "", name=name).content)  # noqa: S314  our own answer
        for name in ("Psoriasis", "Scabies & more")
    )

    assert root.findall("a:entry", ATOM) and not other.findall("a:entry", ATOM)
    assert root.findtext("a:id", namespaces=ATOM) != other.findtext("a:id", namespaces=ATOM)


def test_many_pages_with_a_name_take_as_many_queries_as_one(client, django_assert_num_queries):
    with django_assert_num_queries(6):
        assert len(named(client, "Psoriasis")) == 1
    for number in range(5):
        code(make_published_article(f"skin-{number}"), "L40")
        Article.objects.get(slug=f"skin-{number}").codes.update(display="Psoriasis")
        make_synonyms(f"word {number}", f"other {number}")
    with django_assert_num_queries(6):
        assert len(named(client, "Psoriasis")) == 6
