"""The pictures that messages and social networks show with a link (Open Graph, ogp.me)."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from PIL import Image

from tests.education.factories import make_published_article
from tests.pages import Page

pytestmark = pytest.mark.django_db
PICTURES = ["img/social.png", *(f"img/social-{kind}.png" for kind in ("overview", "mechanism", "condition", "therapy"))]


def properties(client, address):
    found = Page(client.get(address).content.decode()).all("meta")
    return {meta["property"]: meta["content"] for meta in found if "property" in meta}


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_have_the_size_that_networks_show_and_weigh_little(name):
    path = finders.find(name)
    with Image.open(path) as picture:
        assert (picture.format, picture.size) == ("PNG", (1200, 630))
    assert Path(path).stat().st_size < 40_000


@pytest.mark.parametrize(
    ("kind", "address", "words"),
    [
        ("overview", "/a-page/", "GutSkin: what is the gut–skin axis?"),
        ("mechanism", "/mechanisms/a-page/", "GutSkin: how gut and skin talk"),
        ("condition", "/conditions/a-page/", "GutSkin: your skin and your gut"),
        ("therapy", "/therapies/a-page/", "GutSkin: what may help, and how surely"),
    ],
)
def test_each_kind_of_page_has_its_picture_with_alt_text(client, kind, address, words):
    make_published_article("a-page", kind=kind)

    found = properties(client, address)

    assert found["og:image"] == f"https://gutskin.example/static/img/social-{kind}.png"
    assert found["og:image:alt"] == words
    assert (found["og:image:width"], found["og:image:height"]) == ("1200", "630")


def test_an_article_says_what_it_is(client):
    make_published_article()

    found = properties(client, "/conditions/atopic-dermatitis/")

    assert found["og:type"] == "article"
    assert found["og:title"] == "Eczema and your gut"
    assert found["og:description"] == "What is known about eczema and the microbes of the gut."
    assert found["og:url"] == "https://gutskin.example/conditions/atopic-dermatitis/"
    assert found["og:locale"] == "en_GB"


@pytest.mark.parametrize(
    ("address", "picture"), [("/", "social"), ("/about/", "social"), ("/therapies/", "social-therapy")]
)
def test_other_pages_have_a_picture_too(client, address, picture):
    assert properties(client, address)["og:image"] == f"https://gutskin.example/static/img/{picture}.png"


def test_a_missing_page_has_no_picture(client):
    assert "og:image" not in properties(client, "/conditions/nothing/")
