"""A few hundred of everything: no page is heavier, or asks the database more, than with a dozen."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from education.models import Article, EvidenceStatement, GlossaryTerm, Intervention, Reference, Revision
from tests.education.factories import make_published_article, make_statement
from tests.pages import Page

pytestmark = pytest.mark.django_db
MANY = 130
HEAVIEST = 200_000


def copies_of(article, count):
    """As published as the article, with titles from A to Z. Only rows: nothing is rendered or indexed."""
    names = [f"{chr(65 + number % 26)} {article.kind} {number}" for number in range(count)]
    live = article.live
    copies = Article.objects.bulk_create(
        Article(kind=article.kind, slug=f"{article.slug}-{number}", title=name, summary="What is known.")
        for number, name in enumerate(names)
    )
    revisions = Revision.objects.bulk_create(
        Revision(
            article=copy,
            number=1,
            state="published",
            title=copy.title,
            summary=copy.summary,
            word_count=live.word_count,
            reading_grade=live.reading_grade,
            published_at=live.published_at,
            reference_keys=live.reference_keys,
        )
        for copy in copies
    )
    for copy, revision in zip(copies, revisions, strict=True):
        copy.live = revision
    Article.objects.bulk_update(copies, ["live"])
    return copies


def cite(owners, reference, through, name):
    through.objects.bulk_create(through(**{f"{name}_id": owner.pk, "reference_id": reference.pk}) for owner in owners)


@pytest.fixture
def grown():
    """One therapy that was tested in every condition, one condition about which there are many statements, one paper
    that all of them cite."""
    acne = make_published_article("acne", title="Acne and your gut")
    probiotics = make_published_article("probiotics", kind="therapy", title="Probiotics")
    make_published_article("barrier", kind="mechanism", title="Barrier")
    conditions = copies_of(acne, MANY)
    copies_of(probiotics, MANY)
    make_statement(acne, therapy=probiotics)
    about = [(condition, "probiotics") for condition in conditions]
    about += [(conditions[0], intervention) for intervention in Intervention.values for _number in range(20)]
    statements = EvidenceStatement.objects.bulk_create(
        EvidenceStatement(
            slug=f"statement-{number}",
            condition=condition,
            intervention=intervention,
            therapy=probiotics,
            outcome="Itch",
            effect="better",
            certainty="high" if number == MANY + 7 else "low",
            sentence="It may help.",
            why="The review’s own rating. " * 8,
            state="published",
        )
        for number, (condition, intervention) in enumerate(about)
    )
    paper = Reference.objects.get(key="zhao2025")
    cite(statements, paper, EvidenceStatement.references.through, "evidencestatement")
    cite(Revision.objects.filter(article__in=conditions), paper, Revision.references.through, "revision")
    Reference.objects.bulk_create(
        Reference(key=f"paper{number}", authors=[f"{chr(65 + number % 26)}uthor {number}"], title="A trial", year=2020)
        for number in range(MANY)
    )
    GlossaryTerm.objects.bulk_create(
        GlossaryTerm(slug=f"word-{number}", term=f"{chr(65 + number % 26)} word {number}", definition="A word.")
        for number in range(MANY)
    )


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
    "/evidence/": 3,
    "/evidence/?page=30": 3,
    "/evidence/?condition=acne-0": 4,
    "/evidence/?therapy=probiotics": 4,
    "/evidence/?letter=B&certainty=low": 4,
    "/evidence/?condition=acne-0&intervention=low-fodmap": 4,
    "/evidence.csv": 3,
    "/evidence.json": 3,
    "/references/": 1,
    "/references/zhao2025/": 4,
    "/glossary/": 1,
    "/feed/": 1,
    "/sitemap.xml": 2,
    "/sitemap-articles.xml?p=2": 2,
}


def test_no_page_grows_with_what_is_behind_it(client, grown):
    found = {address: visit(client, address) for address in QUERIES}

    # A file has all statements about its conditions, however many there are.
    sizes = {address: len(content) for address, (content, _) in found.items() if not address.endswith(("json", "csv"))}
    assert {address: size for address, size in sizes.items() if size > HEAVIEST} == {}
    assert {address: queries for address, (_, queries) in found.items()} == QUERIES


def all_pages(client, address):
    """The pages of a list by rel=next, with what each says of itself."""
    while address:
        page = Page(client.get(address).content.decode())
        yield address, page
        following = [found["href"] for found in page.all("a", rel="next")]
        address = following[0] if following else None


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
    lists = ["/conditions/", "/references/", "/references/zhao2025/", "/glossary/", "/evidence/"]
    addresses = [f"{address}?page={number}" for address in lists for number in ("0", "-1", "99", "two", "", "9" * 30)]

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


def test_files_have_parts_that_together_are_everything(client, grown):
    address, ids = "/evidence.json", []
    while address:
        response = client.get(address)
        data = response.json()
        assert f"-part-{data['part']}-of-{data['parts']}.json" in response.headers["Content-Disposition"]
        assert ('rel="next"' in response.headers["Link"]) == bool(data["next"])
        ids += [statement["id"] for statement in data["statements"]]
        address = data["next"] and data["next"].removeprefix("https://gutskin.example")

    assert len(ids) == len(set(ids)) == data["total"] == EvidenceStatement.objects.count()


def test_a_therapy_shows_its_most_certain_answers_and_leads_to_the_rest(client, grown):
    response = client.get("/therapies/probiotics/")

    assert f"statement-{MANY + 7}" in response.content.decode()
    assert response.context["more_evidence_url"] == "/evidence/?therapy=probiotics"
    assert client.get(response.context["more_evidence_url"]).status_code == 200


def test_the_home_page_leads_to_the_rest_of_a_shelf(client, grown):
    page = client.get("/").content.decode()

    assert page.count('<li><a href="/conditions/') == 6
    assert "All pages" in page


def test_the_sitemap_names_its_parts_by_the_address_of_the_site(client, grown):
    index = client.get("/sitemap.xml", headers={"host": "localhost"}).content.decode()

    parts = re.findall(r"<loc>https://gutskin.example(.*?)</loc>", index)
    assert len(parts) == index.count("<loc>") == 4
    pages = [found for part in parts for found in re.findall("<loc>(.*?)</loc>", client.get(part).content.decode())]
    addresses = {f"https://gutskin.example{article.get_absolute_url()}" for article in Article.objects.all()}
    assert addresses <= set(pages)
    assert len(pages) == len(set(pages))
