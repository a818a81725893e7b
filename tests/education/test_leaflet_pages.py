"""Leaflets for readers: served as files beside their pages, with a page that says why one is missing."""

import re

import pytest

from education import leaflets
from education.actions import approve, submit_for_review, withdraw
from education.leaflets import pdf
from education.models import Article, Clinician, Leaflet
from tests.education.factories import make_article, make_published_article, make_statement, make_term, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("printed")]
PAGE = "/conditions/atopic-dermatitis/"
URL = "/conditions/atopic-dermatitis.pdf"
FORMATS = {
    "a4": URL,
    "letter": PAGE[:-1] + ".letter.pdf",
    "large-print": PAGE[:-1] + ".large-print.pdf",
    "whole-a4": PAGE[:-1] + ".whole.pdf",
    "whole-letter": PAGE[:-1] + ".whole.letter.pdf",
}


def publish_anew(article):
    approve(submit_for_review(Article.objects.get(pk=article.pk)), by=Clinician.objects.get().user)


@pytest.mark.parametrize("format", FORMATS)
def test_a_leaflet_is_served_as_a_file(client, format):
    make_published_article()
    leaflets.make_missing()

    response = client.get(FORMATS[format])

    kept = Leaflet.objects.get(format=format)
    assert response.status_code == 200
    assert response.content == bytes(kept.pdf)
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Length"] == str(len(kept.pdf))
    assert response.headers["ETag"] == f'"{kept.source_digest}"'
    assert {word.strip() for word in response.headers["Cache-Control"].split(",")} == {"public", "no-cache"}
    assert response.headers["Content-Disposition"] == f'inline; filename="gutskin-{FORMATS[format].split("/")[-1]}"'
    assert not response.cookies


def test_an_unchanged_leaflet_is_neither_read_nor_sent_again(client, django_assert_num_queries):
    make_published_article()
    leaflets.make_missing()
    etag = client.get(URL).headers["ETag"]

    with django_assert_num_queries(1):
        response = client.get(URL, headers={"if-none-match": etag})

    assert (response.status_code, response.content, response.headers["ETag"]) == (304, b"", etag)


def test_head_tells_the_length_without_reading_the_file(client, django_assert_num_queries):
    make_published_article()
    leaflets.make_missing()

    with django_assert_num_queries(1):
        response = client.head(URL)

    assert response.content == b""
    assert response.headers["Content-Length"] == str(len(Leaflet.objects.get(format="a4").pdf))


@pytest.mark.slow
@pytest.mark.parametrize("pages", [3, 12])
def test_a_leaflet_takes_two_queries_however_many_there_are(client, django_assert_num_queries, pages):
    make_published_article()
    for number in range(pages - 1):
        make_published_article(f"eczema-{number}", title=f"Eczema {number}")
    leaflets.make_missing(at_most=None)

    with django_assert_num_queries(2):
        assert client.get(URL).status_code == 200


def test_an_article_offers_the_leaflets_that_are_ready_and_stays_at_four_queries(client, django_assert_max_num_queries):
    article = make_published_article()
    make_statement(article)
    assert "choose “Print” in your browser" in client.get(PAGE).content.decode()

    leaflets.make_missing(at_most=2)
    with django_assert_max_num_queries(4):
        html = client.get(PAGE).content.decode()

    assert "Leaflet (PDF, 4 pages)" in " ".join(re.sub("<[^>]+>", " ", html).split())
    ready = Leaflet.objects.values_list("format", flat=True)
    assert {format: f'href="{url}"' in html for format, url in FORMATS.items()} == {f: f in ready for f in FORMATS}
    assert "choose “Print” in your browser" not in html


def test_a_leaflet_of_a_previous_revision_is_not_served(client):
    article = make_published_article()
    leaflets.make_missing()
    publish_anew(article)

    response = client.get(URL)

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "60"
    assert "This leaflet is being made" in response.content.decode()
    assert f'href="{PAGE}"' in response.content.decode()
    assert URL not in client.get(PAGE).content.decode()
    assert leaflets.make_missing() == 5
    assert client.get(URL).status_code == 200
    assert Leaflet.objects.count() == 5


def test_the_leaflet_of_a_withdrawn_page_is_gone_at_once(client):
    article = make_published_article()
    leaflets.make_missing()
    withdraw(article, by=make_user("anna"), reason="A source was retracted.")

    response = client.get(URL)

    assert response.status_code == 410
    assert "This page has been taken down" in response.content.decode()
    leaflets.make_missing()
    assert Leaflet.objects.count() == 0


@pytest.mark.parametrize(
    "url",
    [
        "/conditions/no-such-page.pdf",
        "/therapies/atopic-dermatitis.pdf",
        "/atopic-dermatitis.pdf",
        "/conditions/atopic-dermatitis.a3.pdf",
        "/conditions/atopic-dermatitis.whole-a4.pdf",
        "/conditions/atopic-dermatitis.whole.large-print.pdf",
        "/conditions/atopic-dermatitis.pdf.pdf",
        "/conditions/atopic-dermatitis.pdf/",
        "/conditions/.pdf",
        "/conditions/../atopic-dermatitis.pdf",
        "/conditions/atopic-dermatitis.PDF",
        "/es/conditions/atopic-dermatitis.pdf",
    ],
)
def test_other_addresses_have_no_leaflet(client, url):
    make_published_article()
    leaflets.make_missing()

    assert client.get(url).status_code == 404


def test_a_leaflet_allows_only_get_and_head(client):
    assert client.post(URL).status_code == 405


def test_an_unpublished_page_has_no_leaflet(client):
    make_article()

    assert client.get(URL).status_code == 404


def test_an_overview_and_a_translation_have_leaflets_beside_them(client):
    make_published_article("what-is-it", kind="overview")
    make_term(language="es")
    make_published_article("eccema", language="es", title="El eccema y su intestino")
    leaflets.make_missing()

    assert client.get("/what-is-it.pdf").status_code == 200
    assert client.get("/es/conditions/eccema.pdf").status_code == 200
    assert client.get("/conditions/eccema.pdf").status_code == 404


def test_without_the_library_the_page_offers_its_print_view_and_says_why(client, monkeypatch):
    make_published_article()
    monkeypatch.setattr(pdf, "_missing_requirement", lambda: "Pango is not installed.")

    response = client.get(URL)

    assert leaflets.make_missing() == 0
    assert response.status_code == 404
    assert "the program for it is not installed" in response.content.decode()
    assert "choose “Print” in your browser" in response.content.decode()
