"""Articles in other languages: their addresses, and how a page names its translations."""

import pytest

from education.actions import withdraw
from education.models import Article
from education.models.article import article_url, list_url
from tests.education.factories import make_published_article, make_user
from tests.pages import Page

pytestmark = pytest.mark.django_db
SITE = "https://gutskin.example"


@pytest.fixture
def english():
    return make_published_article("psoriasis", title="Psoriasis and your gut")


@pytest.fixture
def spanish(english):
    return make_published_article(
        "psoriasis-e-intestino", language="es", translation_of=english, title="La psoriasis y su intestino"
    )


@pytest.fixture
def arabic(english):
    return make_published_article("psoriasis", language="ar", translation_of=english, title="الصدفية وأمعاؤك")


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return Page(response.content.decode())


def alternates(found):
    return {link["hreflang"]: link["href"] for link in found.all("link", rel="alternate") if "hreflang" in link}


@pytest.mark.parametrize(
    ("kind", "language", "expected"),
    [
        ("condition", "en", "/conditions/acne/"),
        ("condition", "es", "/es/conditions/acne/"),
        ("overview", "en", "/acne/"),
        ("overview", "ar", "/ar/acne/"),
    ],
)
def test_english_has_no_prefix_and_other_languages_have_theirs(kind, language, expected):
    assert article_url(kind, "acne", language) == expected


def test_lists_follow_the_same_rule():
    assert (list_url("therapy"), list_url("therapy", "es")) == ("/therapies/", "/es/therapies/")


def test_a_translation_is_read_at_its_prefix(client, spanish):
    assert spanish.get_absolute_url() == "/es/conditions/psoriasis-e-intestino/"
    found = page(client, spanish.get_absolute_url())
    assert "La psoriasis y su intestino" in found.text
    assert (found.one("html")["lang"], found.one("html")["dir"]) == ("es", "ltr")
    assert found.one("link", rel="canonical")["href"] == f"{SITE}/es/conditions/psoriasis-e-intestino/"
    assert found.one("meta", property="og:locale")["content"] == "es_ES"


def test_arabic_runs_from_right_to_left(client, arabic):
    html = page(client, "/ar/conditions/psoriasis/").one("html")
    assert (html["lang"], html["dir"]) == ("ar", "rtl")


def test_words_around_a_text_are_marked_as_english(client, arabic):
    found = page(client, "/ar/conditions/psoriasis/")
    header, *_ = found.all("header", lang="en")
    assert (header["class"], header["dir"]) == ("masthead", "ltr")
    assert found.one("footer")["lang"] == "en"


def test_words_around_a_text_are_translated_if_the_site_is(client, settings, spanish):
    """Django's own catalogue happens to have some of our strings: “Home” is “Inicio” there."""
    settings.LANGUAGES = [("en", "English"), ("es", "Español")]

    found = page(client, spanish.get_absolute_url())

    assert "Inicio" in found.text
    assert not [attributes for tag, attributes in found.elements if attributes.get("lang") == "en" and tag != "a"]
    assert "Inicio" not in page(client, "/conditions/psoriasis/").text


def test_an_english_page_marks_no_part_as_english(client, english):
    found = page(client, "/conditions/psoriasis/")
    assert [tag for tag, attributes in found.elements if attributes.get("lang") == "en"] == ["html"]


def test_two_languages_may_use_the_same_slug(client, english, arabic):
    assert "Psoriasis and your gut" in page(client, "/conditions/psoriasis/").text
    assert "الصدفية وأمعاؤك" in page(client, "/ar/conditions/psoriasis/").text


@pytest.mark.parametrize(
    "address",
    [
        "/es/conditions/psoriasis/",
        "/conditions/psoriasis-e-intestino/",
        "/ar/conditions/psoriasis-e-intestino/",
        "/es/therapies/psoriasis-e-intestino/",
        "/es/therapies/",
        "/ar/",
        "/ar/conditions/",
        "/ar/feed/",
        "/en/conditions/psoriasis/",
        "/en/",
        "/fr/conditions/psoriasis/",
        "/es/about/",
        "/es/conditions/psoriasis.jsonld",
    ],
)
def test_a_page_without_translation_is_not_found_in_the_language(client, english, spanish, address):
    assert client.get(address).status_code == 404


def test_lists_contain_only_pages_of_their_language(client, english, spanish):
    for address in ("/es/", "/es/conditions/"):
        found = page(client, address)
        assert found.one("html")["lang"] == "es"
        assert "La psoriasis y su intestino" in found.text
        assert "Psoriasis and your gut" not in found.text
        assert found.all("a", href="/es/conditions/psoriasis-e-intestino/")
    assert "La psoriasis" not in page(client, "/conditions/").text


def test_every_translation_lists_all_translations(client, english, spanish, arabic):
    expected = {
        "en": f"{SITE}/conditions/psoriasis/",
        "es": f"{SITE}/es/conditions/psoriasis-e-intestino/",
        "ar": f"{SITE}/ar/conditions/psoriasis/",
        "x-default": f"{SITE}/conditions/psoriasis/",
    }
    for article in (english, spanish, arabic):
        assert alternates(page(client, article.get_absolute_url())) == expected


def test_readers_can_go_to_the_other_languages(client, english, spanish, arabic):
    links = [link for link in page(client, "/conditions/psoriasis/").all("a") if "hreflang" in link]
    assert [(link["href"], link["lang"], link["hreflang"]) for link in links] == [
        ("/es/conditions/psoriasis-e-intestino/", "es", "es"),
        ("/ar/conditions/psoriasis/", "ar", "ar"),
    ]


def test_two_translations_into_one_language_each_list_themselves(client, english, spanish):
    another = make_published_article("otra", language="es", translation_of=english, title="Otra traducción")

    for article in (spanish, another):
        assert alternates(page(client, article.get_absolute_url()))["es"] == f"{SITE}{article.get_absolute_url()}"


def test_a_page_without_translation_lists_no_language(client, english):
    assert alternates(page(client, "/conditions/psoriasis/")) == {}


def test_a_withdrawn_translation_is_no_longer_listed(client, english, spanish):
    withdraw(spanish, by=make_user("anna"), reason="Being checked.")

    assert alternates(page(client, "/conditions/psoriasis/")) == {}
    assert client.get("/es/conditions/psoriasis-e-intestino/").status_code == 410


def test_an_unpublished_translation_is_not_listed(client, english):
    Article.objects.create(kind="condition", slug="x", language="es", translation_of=english, title="x", summary="x")

    assert alternates(page(client, "/conditions/psoriasis/")) == {}


def test_a_translation_without_its_original_is_listed_alone(client, english, spanish):
    withdraw(english, by=make_user("anna"), reason="Being checked.")

    assert alternates(page(client, "/es/conditions/psoriasis-e-intestino/")) == {}


def test_the_breadcrumb_stays_in_the_language(client, spanish):
    found = page(client, "/es/conditions/psoriasis-e-intestino/")
    assert found.all("a", href="/es/conditions/")
    # Only the navigation, whose words are English too, leads to the English list.
    assert len(found.all("a", href="/conditions/")) == 1


@pytest.mark.parametrize("address", ["/es/", "/es/conditions/"])
@pytest.mark.parametrize("count", [3, 12])
def test_number_of_queries_of_a_list(client, django_assert_num_queries, address, count):
    for number in range(count):
        make_published_article(f"articulo-{number}", language="es", title=f"Artículo {number}")

    with django_assert_num_queries(1):
        client.get(address)


def test_translations_cost_no_further_query(client, english, spanish, arabic, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        client.get("/es/conditions/psoriasis-e-intestino/")
