"""The sitemap, robots.txt and security.txt."""

from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest

from education.actions import approve, submit_for_review, withdraw
from education.models import Clinician
from tests.education.factories import make_article, make_published_article, make_user

SITE = "https://gutskin.example"
NAMES = {"map": "http://www.sitemaps.org/schemas/sitemap/0.9", "xhtml": "http://www.w3.org/1999/xhtml"}


@pytest.fixture
def sitemap(client, db):
    """Path -> (day of the last change, language -> address)."""

    def read():
        root = ElementTree.fromstring(client.get("/sitemap.xml").content)  # noqa: S314  our own answer
        return {
            url.findtext("map:loc", namespaces=NAMES).removeprefix(SITE): (
                url.findtext("map:lastmod", namespaces=NAMES),
                {link.get("hreflang"): link.get("href") for link in url.findall("xhtml:link", NAMES)},
            )
            for url in root.findall("map:url", NAMES)
        }

    return read


def test_an_article_has_the_date_of_its_published_revision(sitemap, time_machine):
    time_machine.move_to("2026-05-04T09:00:00Z", tick=False)
    article = make_published_article()
    time_machine.move_to("2026-06-01T09:00:00Z", tick=False)
    article.title = "Not submitted yet"
    article.save()
    assert sitemap()["/conditions/atopic-dermatitis/"] == ("2026-05-04", {})

    approve(submit_for_review(article), by=Clinician.objects.get().user)

    assert sitemap()["/conditions/atopic-dermatitis/"] == ("2026-06-01", {})


def test_a_list_has_the_date_of_its_newest_entry(sitemap, time_machine):
    time_machine.move_to("2026-05-04T09:00:00Z", tick=False)
    make_published_article("acne")
    time_machine.move_to("2026-06-01T09:00:00Z", tick=False)
    make_published_article()
    time_machine.move_to("2026-07-01T09:00:00Z", tick=False)
    make_published_article("probiotics", kind="therapy")

    found = sitemap()

    lists = {path: found[path][0] for path in ("/", "/mechanisms/", "/conditions/", "/therapies/")}
    assert lists == {"/": "2026-07-01", "/mechanisms/": None, "/conditions/": "2026-06-01", "/therapies/": "2026-07-01"}


def test_translations_are_listed_as_on_their_pages(sitemap, client):
    english = make_published_article("psoriasis")
    make_published_article("psoriasis-e-intestino", language="es", translation_of=english)

    found = sitemap()

    expected = {
        "en": f"{SITE}/conditions/psoriasis/",
        "es": f"{SITE}/es/conditions/psoriasis-e-intestino/",
        "x-default": f"{SITE}/conditions/psoriasis/",
    }
    assert found["/conditions/psoriasis/"][1] == expected
    assert found["/es/conditions/psoriasis-e-intestino/"][1] == expected


def test_every_address_exists(sitemap, client):
    english = make_published_article("psoriasis")
    make_published_article("psoriasis-e-intestino", language="es", translation_of=english)
    make_published_article("ma-huwa", kind="overview", language="ar")

    found = sitemap()

    assert {"/es/", "/es/conditions/", "/ar/", "/ar/ma-huwa/"} <= found.keys()
    assert "/ar/conditions/" not in found
    assert {path: client.get(path).status_code for path in found if client.get(path).status_code != 200} == {}


def test_what_readers_cannot_see_is_not_in_it(sitemap):
    make_article("acne")
    withdraw(make_published_article(), by=make_user("anna"), reason="Being checked.")

    assert not {"/conditions/acne/", "/conditions/atopic-dermatitis/"} & sitemap().keys()


@pytest.mark.parametrize("count", [3, 12])
def test_number_of_queries(client, db, django_assert_num_queries, count):
    for number in range(count):
        make_published_article(f"article-{number}", title=f"Article {number}")

    with django_assert_num_queries(2):
        client.get("/sitemap.xml")


def test_without_a_contact_there_is_no_security_txt(client, db):
    assert client.get("/.well-known/security.txt").status_code == 404


def test_security_txt_has_what_rfc_9116_asks_for(client, settings, time_machine):
    settings.SECURITY_CONTACT = ["security@gutskin.example", "https://gutskin.example/report", "mailto:b@c.example"]
    time_machine.move_to("2026-11-22T23:59:00Z", tick=False)

    response = client.get("/.well-known/security.txt")

    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().splitlines() == [
        "Contact: mailto:security@gutskin.example",
        "Contact: https://gutskin.example/report",
        "Contact: mailto:b@c.example",
        "Expires: 2027-05-21T00:00:00Z",
        "Canonical: https://gutskin.example/.well-known/security.txt",
        "Preferred-Languages: en",
    ]


@pytest.mark.parametrize("now", ["2026-11-22T12:00:00", "2028-02-29T00:00:00", "2030-12-31T23:59:59"])
def test_security_txt_always_expires_within_a_year(client, settings, time_machine, now):
    settings.SECURITY_CONTACT = ["security@gutskin.example"]
    now = datetime.fromisoformat(f"{now}+00:00")
    time_machine.move_to(now, tick=False)

    (line,) = [
        line for line in client.get("/.well-known/security.txt").content.decode().splitlines() if "Expires" in line
    ]

    ahead = datetime.fromisoformat(line.removeprefix("Expires: ")) - now
    assert timedelta(days=90) < ahead < timedelta(days=365)


def test_robots_txt_has_the_sitemap_and_disallowed_paths(client, db):
    lines = client.get("/robots.txt").content.decode().splitlines()

    assert f"Sitemap: {SITE}/sitemap.xml" in lines
    assert {"Disallow: /admin/", "Disallow: /search/"} <= set(lines)
    assert "Disallow: /" not in lines
