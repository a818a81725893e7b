"""The Atom feed of new and newly reviewed pages (RFC 4287)."""

from datetime import datetime
from xml.etree import ElementTree

import pytest

from education.actions import approve, submit_for_review, withdraw
from education.models import Clinician, Revision
from tests.education.factories import (
    make_article,
    make_published_article,
    make_reference,
    make_statement,
    make_user,
)
from tests.pages import Page

pytestmark = pytest.mark.django_db
ATOM = {"atom": "http://www.w3.org/2005/Atom"}
SITE = "https://gutskin.example"


@pytest.fixture
def feed(client):
    def read(address="/feed/"):
        return ElementTree.fromstring(client.get(address).content)  # noqa: S314  our own answer

    return read


def entries(root):
    return [
        {child.tag.partition("}")[2]: child.text or child.get("href") for child in entry}
        for entry in root.findall("atom:entry", ATOM)
    ]


def test_the_newest_entry_comes_first_with_its_dates(feed, time_machine):
    time_machine.move_to("2026-05-04T09:00:00Z", tick=False)
    eczema = make_published_article(title="Eczema and your gut")
    time_machine.move_to("2026-05-05T09:00:00Z", tick=False)
    make_published_article("acne", title="Acne and your gut")
    time_machine.move_to("2026-05-06T09:00:00Z", tick=False)
    make_published_article("psoriasis", title="Psoriasis and your gut")
    time_machine.move_to("2026-06-01T09:00:00Z", tick=False)
    approve(submit_for_review(eczema), by=Clinician.objects.get().user)

    root = feed()

    found = entries(root)
    assert [entry["title"] for entry in found] == ["Eczema and your gut", "Psoriasis and your gut", "Acne and your gut"]
    moments = [
        (datetime.fromisoformat(entry["published"]), datetime.fromisoformat(entry["updated"])) for entry in found
    ]
    assert moments == [
        (datetime.fromisoformat("2026-05-04T09:00:00Z"), datetime.fromisoformat("2026-06-01T09:00:00Z")),
        (datetime.fromisoformat("2026-05-06T09:00:00Z"), datetime.fromisoformat("2026-05-06T09:00:00Z")),
        (datetime.fromisoformat("2026-05-05T09:00:00Z"), datetime.fromisoformat("2026-05-05T09:00:00Z")),
    ]
    updated = datetime.fromisoformat(root.findtext("atom:updated", namespaces=ATOM))
    assert updated == datetime.fromisoformat("2026-06-01T09:00:00Z")


def test_an_entry_says_what_the_page_says_and_who_reviewed_it(client, feed, time_machine):
    time_machine.move_to("2026-05-04T09:00:00Z", tick=False)
    make_published_article()

    (entry,) = feed().findall("atom:entry", ATOM)

    assert entry.findtext("atom:summary", namespaces=ATOM) == (
        "What is known about eczema and the microbes of the gut. Reviewed by Rosa Lind, MD, Consultant dermatologist. "
        "Page last reviewed: 4 May 2026. Next review due: 4 May 2029."
    )
    # The reviewer checked the page but did not write it.
    assert entry.findtext("atom:author/atom:name", default="", namespaces=ATOM) != "Rosa Lind, MD"
    assert entry.find("atom:link", ATOM).get("href") == f"{SITE}/conditions/atopic-dermatitis/"
    assert entry.find("atom:category", ATOM).get("term") == "Condition"
    response = client.get("/feed/")
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert not response.cookies


def test_an_unreviewed_page_says_so_and_names_no_reviewer(feed):
    make_published_article()
    Revision.objects.update(reviewer=None, last_reviewed=None, next_review_due=None)

    root = feed()

    summary = root.findtext("atom:entry/atom:summary", namespaces=ATOM)
    assert summary.endswith(" Awaiting clinical review.") and "eviewed by" not in summary
    assert root.findtext("atom:author/atom:name", namespaces=ATOM) == "GutSkin"


def test_an_overdue_page_says_so(feed, time_machine):
    time_machine.move_to("2026-05-04T09:00:00Z", tick=False)
    make_published_article()
    time_machine.move_to("2029-05-05T09:00:00Z", tick=False)

    assert "This page is past its review date. Reviewed by" in entries(feed())[0]["summary"]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("retracted", "A paper this page relies on has been retracted."),
        ("rejected", "A source this page relied on did not hold up."),
        ("corrected", ""),
    ],
)
def test_a_page_with_a_retracted_or_rejected_source_says_so(feed, status, words):
    make_statement(
        make_published_article(), references=[make_reference("kragsnaes2021", status=status, status_reason="Told.")]
    )

    (entry,) = entries(feed())

    warnings = [sentence for sentence in ("has been retracted", "did not hold up") if sentence in entry["summary"]]
    assert words in entry["summary"] and bool(warnings) == bool(words)


def test_an_entry_keeps_its_id_whatever_changes(feed, time_machine):
    time_machine.move_to("2026-05-04T09:00:00Z", tick=False)
    article = make_published_article()
    (before,) = entries(feed())
    time_machine.move_to("2027-01-01T09:00:00Z", tick=False)
    article.slug, article.title, article.kind = "eczema", "Eczema", "therapy"
    article.save()
    approve(submit_for_review(article), by=Clinician.objects.get().user)

    (after,) = entries(feed())

    assert after["title"] == "Eczema"
    assert before["id"] == after["id"] == f"tag:gutskin.example,2026-05-04:article/{article.pk}"


def test_the_feed_names_itself_and_the_site(feed):
    make_published_article()

    root = feed()

    links = {link.get("rel"): link.get("href") for link in root.findall("atom:link", ATOM)}
    assert links == {"alternate": f"{SITE}/", "self": f"{SITE}/feed/"}
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"


def test_what_readers_cannot_see_is_not_in_the_feed(feed):
    make_article("acne", title="Working copy")
    withdraw(make_published_article(), by=make_user("anna"), reason="Being checked.")

    assert entries(feed()) == []


def test_another_language_has_its_own_feed(feed):
    make_published_article()
    make_published_article("eccema", language="es", title="El eccema y su intestino")

    root = feed("/es/feed/")

    assert [entry["title"] for entry in entries(root)] == ["El eccema y su intestino"]
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "es"
    assert {link.get("href") for link in root.findall("atom:link", ATOM)} == {f"{SITE}/es/", f"{SITE}/es/feed/"}


def test_characters_that_are_special_in_xml_and_html_survive(feed):
    make_published_article(title="Spots & <b>you</b> ]]>", summary="Less than < & more")

    (entry,) = entries(feed())

    assert entry["title"] == "Spots & <b>you</b> ]]>"
    # The summary is HTML, so a feed reader unescapes it once more.
    assert entry["summary"].startswith("Less than &lt; &amp; more ")


def test_every_page_links_to_the_feed(client):
    head = Page(client.get("/about/").content.decode())

    assert head.one("link", type="application/atom+xml")["href"] == "/feed/"


def test_a_page_in_another_language_links_to_the_feed_of_its_language(client):
    make_published_article("eccema", language="es", title="El eccema y su intestino")

    for address in ("/es/", "/es/conditions/eccema/"):
        head = Page(client.get(address).content.decode())
        assert head.one("link", type="application/atom+xml")["href"] == "/es/feed/"


@pytest.mark.parametrize("count", [3, 20, 30])
def test_number_of_queries(feed, django_assert_num_queries, count):
    for number in range(count):
        make_published_article(f"article-{number}", title=f"Article {number}")

    # The pages, and the statements that new papers changed.
    with django_assert_num_queries(2):
        assert len(entries(feed())) == min(count, 20)


@pytest.mark.parametrize("address", ["/feed/", "/search/feed/?q=eczema"])
def test_an_invisible_character_pasted_from_a_pdf_breaks_no_feed(feed, address):
    make_published_article(title="Eczema\x02 and your\x0b gut", summary="What is\x1f known about eczema.")

    (entry,) = entries(feed(address))

    assert entry["title"] == "Eczema and your gut"
    assert entry["summary"].startswith("What is known about eczema.")
