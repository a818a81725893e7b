"""A few hundred of everything: no page is heavier, or asks the database more, than with a dozen."""

import csv
import io
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from education.models import Article, EvidenceStatement, Reference
from tests.education.factories import make_published_article
from tests.education.grown_site import MANY
from tests.pages import all_pages

pytestmark = pytest.mark.django_db
HEAVIEST = 200_000


def visit(client, address):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 200, address
    return response.content, len(queries)


QUERIES = {
    "/": 2,
    "/conditions/": 1,
    "/conditions/?page=5": 1,
    "/conditions/acne/": 3,
    "/conditions/acne-0/": 3,
    "/therapies/probiotics/": 4,
    "/evidence/": 5,
    "/evidence/?page=30": 5,
    "/evidence/?condition=acne-0": 5,
    "/evidence/?therapy=probiotics": 5,
    "/evidence/?letter=B&certainty=low": 5,
    "/evidence/?condition=acne-0&intervention=low-fodmap": 5,
    "/evidence.csv": 5,
    "/evidence.json": 5,
    "/evidence.json?condition=acne-0": 5,
    "/evidence.csv?condition=acne-0&start=21": 5,
    "/references/": 1,
    "/references.ris": 1,
    "/references.bib?page=2": 1,
    "/references.json": 1,
    "/references/zhao2025/": 4,
    "/evidence/?condition=acne-0&intervention=low-fodmap&list=1": 5,
    "/evidence/?condition=your+gut": 5,
    "/glossary/": 2,
    "/glossary/?page=2": 2,
    "/feed/": 2,
    "/sitemap.xml": 2,
    "/sitemap-articles.xml?p=2": 2,
}


@pytest.mark.slow
def test_no_page_grows_with_what_is_behind_it(client, grown):
    found = {address: visit(client, address) for address in QUERIES}

    sizes = {address: len(content) for address, (content, _) in found.items()}
    assert {address: size for address, size in sizes.items() if size > HEAVIEST} == {}
    assert {address: queries for address, (_, queries) in found.items()} == QUERIES


@pytest.mark.parametrize(
    ("address", "pattern", "count"),
    [
        ("/conditions/", r"^/conditions/[\w-]+/$", MANY + 1),
        ("/references/", r"^/references/[\w-]+/$", MANY + 2),
    ],
)
def test_each_entry_is_on_one_of_the_pages(client, grown, address, pattern, count):
    pages = list(all_pages(client, address))

    shown = [found["href"] for _, page in pages for found in page.all("a") if re.match(pattern, found.get("href", ""))]
    assert len(pages) > 1
    assert len(shown) == len(set(shown)) == count
    assert len({page.title for _, page in pages}) == len(pages)
    for own, page in pages:
        assert page.one("link", rel="canonical")["href"] == f"https://gutskin.example{own}"
    first, second = pages[0][1], pages[1][1]
    assert first.one("link", rel="next")["href"] == f"https://gutskin.example{pages[1][0]}"
    assert second.one("link", rel="prev")["href"] == f"https://gutskin.example{address}"
    assert second.one("a", **{"aria-current": "page"})["aria-label"] == "Page 2"


def test_a_page_that_is_not_there_is_not_found(client, grown):
    lists = ["/conditions/?page=", "/references/?page=", "/references/zhao2025/?page=", "/glossary/?page="]
    lists += ["/evidence/?page=", "/evidence/?condition=acne-0&intervention=low-fodmap&list=", "/evidence.json?page="]
    lists += ["/references.ris?page=", "/search/?q=acne&page="]
    addresses = [f"{address}{number}" for address in lists for number in ("0", "-1", "99", "two", "", "9" * 30)]

    assert [address for address in addresses if client.get(address).status_code != 404] == []


def test_a_list_that_is_short_has_no_pages(client):
    make_published_article("acne")

    page = client.get("/conditions/").content.decode()

    assert 'rel="next"' not in page
    assert "Page 1" not in page


def test_a_condition_is_found_by_its_words_and_its_letter(client, grown):
    def conditions(query):
        return [column.condition.slug for column in client.get(f"/evidence/?{query}").context["map"].columns]

    assert conditions("condition=your gut") == ["acne"]
    assert conditions("condition=acne") == ["acne"]
    assert conditions("letter=B") == ["acne-1", "acne-105", "acne-27", "acne-53"]
    answer = client.get("/evidence/?condition=measles")
    assert "We do not have the condition that was asked for" in answer.content.decode()
    assert len(answer.context["map"].columns) == 4


def test_a_cell_with_many_statements_leads_to_all_of_them(client, grown):
    page = client.get("/evidence/?condition=acne-0").content.decode()
    assert page.count('<li id="statement-') <= 60
    (address,) = re.findall(r'href="(/evidence/\?condition=acne-0&amp;intervention=low-fodmap)"', page)

    assert client.get(address.replace("&amp;", "&")).content.decode().count('<li id="statement-') == 20


@pytest.mark.slow
@pytest.mark.parametrize("address", ["/evidence.json", "/evidence.json?condition=acne-0"])
def test_files_have_parts_that_together_are_everything(client, grown, address):
    expected = 161 if "acne-0" in address else EvidenceStatement.objects.count()
    ids, gaps = [], []
    while address:
        response = client.get(address)
        data = response.json()
        assert len(data["statements"]) == data["shown"] <= 60
        gaps += [(gap["population"]["condition"], gap["intervention"]["id"]) for gap in data["not_summarised"]]
        assert f"-part-{data['part']}-of-{data['parts']}.json" in response.headers["Content-Disposition"]
        assert ('rel="next"' in response.headers["Link"]) == bool(data["next"])
        ids += [statement["id"] for statement in data["statements"]]
        address = data["next"] and data["next"].removeprefix("https://gutskin.example")

    assert len(ids) == len(set(ids)) == expected
    assert data["total"] == EvidenceStatement.objects.count()
    assert len(gaps) == len(set(gaps))


@pytest.mark.slow
@pytest.mark.parametrize("address", ["/evidence.csv", "/evidence.csv?condition=acne-0"])
def test_each_row_of_a_table_names_the_next_part(client, grown, address):
    expected = 161 if "acne-0" in address else EvidenceStatement.objects.count()
    # Parts without a row could not name the next one.
    make_published_article("without-statements", title="Bald")
    ids = []
    while address:
        response = client.get(address)
        rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
        ids += [row["Statement"] for row in rows]
        (following,) = {row["Next part"] for row in rows}
        assert (f'<{following}>; rel="next"' in response.headers["Link"]) == bool(following)
        address = following.removeprefix("https://gutskin.example")

    assert len(ids) == len(set(ids)) == expected


@pytest.mark.parametrize("start", ["0", "-1", "162", "two", "", "9" * 30])
def test_a_part_that_is_not_there_is_not_found(client, grown, start):
    assert client.get(f"/evidence.json?condition=acne-0&start={start}").status_code == 404


def test_the_page_says_that_files_have_parts(client, grown):
    words = "Each file is a part, and names the address of the next one."

    assert words in client.get("/evidence/").content.decode()
    assert words in client.get("/evidence/?condition=acne-0").content.decode()
    assert words not in client.get("/evidence/?condition=acne-0&intervention=low-fodmap").content.decode()


def test_a_choice_without_an_answer_is_not_an_unknown_condition(client, grown):
    query = "?condition=acne-1&certainty=moderate"
    page = client.get(f"/evidence/{query}").content.decode()

    assert "No statement matches all of these choices." in page
    assert "We do not have the condition" not in page
    assert "No evidence has been published yet." not in page
    assert client.get(f"/evidence.json{query}").json()["statements"] == []
    assert client.get(f"/evidence.csv{query}").content.count(b"\r\n") == 1


@pytest.mark.parametrize(
    ("format", "keys_in"),
    [
        ("ris", lambda text: re.findall(r"^ID  - (\S+)", text, re.MULTILINE)),
        ("bib", lambda text: re.findall(r"^@\w+{(\S+),", text, re.MULTILINE)),
        ("json", lambda text: [item["id"] for item in json.loads(text)]),
    ],
)
def test_files_of_references_have_the_parts_of_the_list(client, grown, format, keys_in):
    address, keys = f"/references.{format}", []
    for number, (own, page) in enumerate(all_pages(client, "/references/"), start=1):
        assert page.all("a", href=address)
        response = client.get(address)
        part = keys_in(response.content.decode())
        assert part == [found["id"] for found in page.all("li") if "id" in found], own
        assert f'"gutskin-references-part-{number}-of-2.{format}"' in response.headers["Content-Disposition"]
        keys += part
        following = re.findall(r'<https://gutskin.example(.*?)>; rel="next"', response.headers.get("Link", ""))
        address = following[0] if following else None

    assert address is None
    assert len(keys) == len(set(keys)) == MANY + 2


def test_structured_data_describes_some_works_and_names_the_others(client):
    papers = Reference.objects.bulk_create(Reference(key=f"p{n}", authors=["Ek A"], title="A trial") for n in range(60))
    Reference.objects.filter(key="p59").update(status="retracted", status_reason="The data were made up.")
    cited = "".join(f'<cite data-ref="{paper.key}"></cite>' for paper in papers)
    make_published_article("acne", body=f"<h2>What you can do</h2><p>Wait.{cited}</p>")

    works = client.get("/conditions/acne.jsonld").json()["citation"]

    assert [work["url"] for work in works] == [f"https://gutskin.example/references/p{n}/" for n in range(60)]
    assert ["name" in work for work in works] == [True] * 30 + [False] * 30
    # Machines must learn of a retraction wherever a paper is mentioned.
    assert works[59]["creativeWorkStatus"] == "Retracted"


def test_the_evidence_of_a_page_is_found_by_the_page(client, grown):
    """Not by its state, which nearly all statements have: SQLite would then look at each of them."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL always has statistics.")
    with CaptureQueriesContext(connection) as queries:
        for address in ("/conditions/acne-0/", "/therapies/probiotics/", "/mechanisms/barrier/", "/feed/", "/consult/"):
            client.get(address)
    with connection.cursor() as cursor:
        for query in [query["sql"] for query in queries if "evidencestatement" in query["sql"]]:
            cursor.execute(f"EXPLAIN QUERY PLAN {query}")
            steps = [step for *_, step in cursor.fetchall() if "statement_published" in step]
            assert [step for step in steps if "condition_id=?" not in step] == []


def test_a_therapy_shows_its_most_certain_answers_and_leads_to_the_rest(client, grown):
    response = client.get("/therapies/probiotics/")

    assert f"statement-{MANY + 7}" in client.get("/therapies/probiotics/more/").content.decode()
    assert response.context["more_evidence_url"] == "/evidence/?therapy=probiotics"
    assert client.get(response.context["more_evidence_url"]).status_code == 200


def test_the_home_page_leads_to_the_rest_of_a_shelf(client, grown):
    page = client.get("/").content.decode()

    assert len(re.findall(r'<li><a href="/conditions/\w', page)) == 9
    assert "All conditions" in page
    assert "All treatments" in page


def test_the_sitemap_names_its_parts_by_the_address_of_the_site(client, grown):
    index = client.get("/sitemap.xml", headers={"host": "localhost"}).content.decode()

    parts = re.findall(r"<loc>https://gutskin.example(.*?)</loc>", index)
    assert len(parts) == index.count("<loc>") == 5
    pages = [found for part in parts for found in re.findall("<loc>(.*?)</loc>", client.get(part).content.decode())]
    addresses = {f"https://gutskin.example{article.get_absolute_url()}" for article in Article.objects.all()}
    assert addresses <= set(pages)
    assert len(pages) == len(set(pages))
