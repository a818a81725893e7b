"""References for readers: the page of each, its exports, and how it is marked where it is cited."""

import datetime
import json

import bibtexparser
import pytest
import rispy
from django.db import connection
from django.test.utils import CaptureQueriesContext

from education.actions import merge_references
from education.models import Reference
from tests.education.admin_cast import change_url
from tests.education.factories import make_published_article, make_reference, make_statement, make_user
from tests.pages import Page

pytestmark = pytest.mark.django_db
ARTICLE = "/conditions/atopic-dermatitis/"
REASON = "The data were made up."


def flag(key="zhao2025", status="retracted"):
    Reference.objects.filter(key=key).update(status=status, status_reason=REASON)


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(Page(response.content.decode()).text.split())


def check(key, outcome, *, day, notice="", register="crossref"):
    when = datetime.datetime(2026, 11, day, 12, tzinfo=datetime.UTC)
    Reference.objects.get(key=key).checks.create(register=register, outcome=outcome, notice=notice, checked_at=when)


# The page of one source ---------------------------------------------


def test_it_lists_every_page_and_statement_that_cites_it(client):
    article = make_published_article()
    make_published_article("acne", title="Acne and your gut")
    make_published_article("rosacea", title="Rosacea", body="<h2>A</h2><p>B.<cite data-ref='petersen2019'></cite></p>")
    make_statement(article)
    make_statement(article, slug="draft", state="draft", sentence="Probiotics probably wait for a reviewer.")

    page = read(client, "/references/zhao2025/")

    for shown in ("Eczema and your gut", "Acne and your gut", "Probiotics probably make little or no difference"):
        assert shown in page
    assert "Rosacea" not in page
    assert "wait for a reviewer" not in page


def test_what_cites_a_duplicate_is_listed_with_the_record_that_was_kept(client):
    make_published_article()
    kept = make_reference("zhao2025b", doi="10.3892/again")
    Reference.objects.filter(key="zhao2025").update(merged_into=kept)

    assert read(client, "/references/zhao2025b/").count("Eczema and your gut") == 1


@pytest.mark.parametrize("ending", ["/", ".bib", ".ris", ".json"])
def test_a_duplicate_leads_to_the_record_that_was_kept(client, ending):
    kept = make_reference("kept2020")
    make_reference("old2020", merged_into=kept, status="rejected", status_reason="A slip of the pen.")

    response = client.get(f"/references/old2020{ending}")

    assert (response.status_code, response.headers["Location"]) == (301, f"/references/kept2020{ending}")


@pytest.mark.parametrize("ending", ["/", ".bib", ".ris", ".json"])
def test_a_rejected_record_is_hidden(client, ending):
    rejected = make_reference("maes2025", status="rejected", status_reason="It does not exist.")
    make_reference("again2025", merged_into=rejected)

    assert client.get(f"/references/maes2025{ending}").status_code == 404
    assert client.get(f"/references/again2025{ending}").status_code == 404
    assert client.get(f"/references/nobody{ending}").status_code == 404


def test_neither_a_rejected_record_nor_a_duplicate_is_in_the_list(client):
    kept = make_reference("kept2020", title="The one that stays")
    make_reference("old2020", title="The duplicate", merged_into=kept)
    make_reference("maes2025", title="The invention", status="rejected", status_reason="It does not exist.")

    for address in ("/references/", "/references.bib", "/references.ris", "/references.json"):
        shown = client.get(address).content.decode()
        assert "The one that stays" in shown
        assert "The duplicate" not in shown
        assert "The invention" not in shown


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("unchecked", "Not yet checked against a register of papers."),
        ("confirmed", "Confirmed: the paper exists"),
        ("corrected", "Corrected: the journal has published a correction."),
        ("retracted", "Retracted: the journal has withdrawn this paper."),
    ],
)
def test_its_status_is_shown_in_words(client, status, words):
    make_reference(status=status, status_reason=REASON)

    assert words in read(client, "/references/zhao2025/")


def test_the_last_check_is_the_latest_with_an_answer(client):
    make_reference()
    check("zhao2025", "differs", day=1)
    check("zhao2025", "agrees", day=6, register="pubmed")
    check("zhao2025", "unreachable", day=9)

    response = client.get("/references/zhao2025/")

    page = Page(response.content.decode())
    assert "6 November 2026, PubMed: Agrees with the record" in " ".join(page.text.split())
    assert page.all("time", datetime="2026-11-06")
    assert "9 November" not in page.text


def test_a_colleague_s_check_counts_where_no_register_was_asked(client):
    make_reference(checked_at=datetime.datetime(2026, 11, 5, 12, tzinfo=datetime.UTC), checked_by="ana")

    page = read(client, "/references/zhao2025/")

    assert "5 November 2026, by our staff" in page
    assert "ana" not in page.split("Last checked")[1][:60]


@pytest.mark.parametrize(
    "notice", ["10.3389/fmicb.2026.1", "doi:10.3389/fmicb.2026.1", "https://doi.org/10.3389/fmicb.2026.1"]
)
def test_a_retracted_source_gives_its_reason_and_the_notice(client, notice):
    make_reference()
    flag()
    check("zhao2025", "retracted", day=6, notice=notice)

    response = client.get("/references/zhao2025/")

    page = Page(response.content.decode())
    assert REASON in page.text
    assert page.all("a", href="https://doi.org/10.3389/fmicb.2026.1")


def test_a_notice_in_words_is_shown_as_text(client):
    make_reference()
    flag(status="corrected")
    check("zhao2025", "corrected", day=6, notice="javascript:alert(1) See <b>page</b> 3.")

    html = client.get("/references/zhao2025/").content.decode()

    assert "javascript:alert(1) See &lt;b&gt;page&lt;/b&gt; 3." in html
    assert 'href="javascript' not in html


def test_an_expression_of_concern_is_shown(client):
    make_reference()
    check("zhao2025", "concern", day=6, notice="10.1000/concern")

    assert "something may be wrong with this paper" in read(client, "/references/zhao2025/")

    check("zhao2025", "agrees", day=7)
    assert "something may be wrong" not in read(client, "/references/zhao2025/")


@pytest.mark.parametrize("rows", [3, 30])
def test_number_of_queries_of_a_source(client, rows):
    article = make_published_article()
    for number in range(rows):
        make_statement(article, slug=f"statement-{number}")
        check("zhao2025", "agrees", day=1 + number % 28)
        make_reference(f"same{number}", merged_into=Reference.objects.get(key="zhao2025"))
    for number in range(min(rows, 10)):
        make_published_article(f"page-{number}", title=f"Page {number}")

    with CaptureQueriesContext(connection) as queries:
        assert client.get("/references/zhao2025/").status_code == 200

    assert len(queries) == 4


# Exports -------------------------------------------------------------


@pytest.mark.parametrize(
    ("ending", "media_type"),
    [
        ("bib", "application/x-bibtex; charset=utf-8"),
        ("ris", "application/x-research-info-systems; charset=utf-8"),
        ("json", "application/vnd.citationstyles.csl+json"),
    ],
)
@pytest.mark.parametrize("address", ["/references/zhao2025", "/references"])
def test_exports_have_a_media_type_and_a_file_name(client, address, ending, media_type):
    make_reference()

    response = client.get(f"{address}.{ending}")

    name = "zhao2025" if address.endswith("zhao2025") else "gutskin-references"
    assert response.headers["Content-Type"] == media_type
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}.{ending}"'
    assert response.headers["Cache-Control"] == "public, no-cache"
    assert not response.cookies


def test_every_export_contains_all_references(client):
    for number in range(30):
        make_reference(f"source{number}", title=f"Number {number} & {{others}}", authors=["O'Neill CA", "NICE"])

    with CaptureQueriesContext(connection) as queries:
        bib, ris = (client.get(f"/references.{ending}").content.decode() for ending in ("bib", "ris"))
        items = json.loads(client.get("/references.json").content)

    assert len(queries) == 3
    keys = sorted(f"source{number}" for number in range(30))
    library = bibtexparser.parse_string(bib)
    assert not library.failed_blocks
    assert sorted(entry.key for entry in library.entries) == keys
    assert sorted(entry["id"] for entry in rispy.loads(ris)) == keys
    assert sorted(item["id"] for item in items) == keys


@pytest.mark.parametrize("address", ["/references.exe", "/references/zhao2025.pdf.bib", "/references/zhao2025.bib/"])
def test_other_file_extensions_are_not_found(client, address):
    make_reference()

    assert client.get(address).status_code == 404


def test_the_page_links_to_its_exports(client):
    make_reference()

    page = Page(client.get("/references/zhao2025/").content.decode())

    for ending in ("bib", "ris", "json"):
        assert page.all("a", href=f"/references/zhao2025.{ending}")


# Where it is cited ----------------------------------------------------


def test_a_retracted_source_is_marked_all_over_the_page(client):
    article = make_published_article()
    make_statement(article)
    assert "retracted" not in read(client, ARTICLE)

    flag()

    html = client.get(ARTICLE).content.decode()
    page = Page(html)
    text = " ".join(page.text.split())
    assert "A paper this page relies on has been retracted. We are checking what this changes." in text
    assert "Retracted: the journal has withdrawn this paper." in text
    assert "One of the papers behind this was retracted." in read(client, f"{ARTICLE}more/")
    assert text.count("[1] retracted") == 2
    assert "[2] retracted" not in text
    assert len(page.all("a", **{"aria-label": "Reference [1], retracted"})) == 2


def test_a_correction_is_marked_in_the_list_alone(client):
    make_published_article()
    flag(status="corrected")

    text = read(client, ARTICLE)

    assert "Corrected: the journal has published a correction." in text
    assert "We are checking what this changes" not in text


def test_a_rejected_source_is_no_longer_shown_and_its_number_stays(client):
    article = make_published_article()
    make_statement(article)
    flag(status="rejected")

    page = Page(client.get(ARTICLE).content.decode())

    text = " ".join(page.text.split())
    assert "A source this page relied on did not hold up. We are checking what this changes." in text
    assert "This source did not hold up when we checked it" in text
    assert "One of the sources behind this did not hold up." in read(client, f"{ARTICLE}more/")
    assert "as told in zhao2025" not in text
    assert not page.all("a", href="/references/zhao2025/")
    assert "ref-1" in page.ids
    assert "cite-1-1" in page.ids


def test_the_number_of_a_duplicate_shows_the_reference_that_was_kept(client):
    make_published_article()
    kept = make_reference("kept2020", title="The one that stays")
    Reference.objects.filter(key="petersen2019").update(merged_into=kept)

    page = Page(client.get(ARTICLE).content.decode())

    assert "The one that stays" in page.text
    assert page.all("a", href="/references/kept2020/")
    assert not page.all("a", href="/references/petersen2019/")


def test_after_a_merge_page_evidence_and_old_address_lead_to_the_one_that_stays(client):
    article = make_published_article()
    make_statement(article)
    kept = make_reference("kept2020", title="The one that stays")

    merge_references(Reference.objects.get(key="zhao2025"), into=kept, by=make_user("ana"))

    context = client.get(ARTICLE).context
    assert [(c["number"], c["reference"].key) for c in context["citations"]] == [(1, "kept2020"), (2, "petersen2019")]
    assert context["statement_groups"][0]["entries"][0]["numbers"] == [1]
    assert client.get("/references/zhao2025/").headers["Location"] == "/references/kept2020/"
    page = read(client, "/references/kept2020/")
    assert "Eczema and your gut" in page
    assert page.count("Probiotics probably make little or no difference") == 1


def test_two_numbers_of_the_same_paper_say_so(client):
    article = make_published_article()
    kept = Reference.objects.get(key="zhao2025")
    Reference.objects.filter(key="petersen2019").update(merged_into=kept)
    make_statement(article)

    context = client.get(ARTICLE).context

    assert [(c["number"], c["reference"].key, c["same_as"]) for c in context["citations"]] == [
        (1, "zhao2025", None),
        (2, "zhao2025", 1),
    ]
    assert context["statement_groups"][0]["entries"][0]["numbers"] == [1]
    assert "The same source as reference 1." in read(client, ARTICLE)


def test_evidence_shares_the_number_of_a_duplicate_cited_in_the_text(client):
    article = make_published_article()
    kept = make_reference("kept2020")
    Reference.objects.filter(key="petersen2019").update(merged_into=kept)
    make_statement(article, references=[kept])

    context = client.get(ARTICLE).context

    assert len(context["citations"]) == 2
    assert context["statement_groups"][0]["entries"][0]["numbers"] == [2]


@pytest.mark.parametrize("merged", [0, 3, 30])
def test_an_article_takes_at_most_four_queries(client, django_assert_max_num_queries, merged):
    article = make_published_article()
    kept = Reference.objects.get(key="zhao2025")
    for number in range(merged):
        bad = make_reference(f"bad{number}", status="retracted", status_reason=REASON)
        make_statement(article, slug=f"s{number}", references=[bad, kept])
    Reference.objects.filter(key="petersen2019").update(merged_into=kept)

    with django_assert_max_num_queries(4):
        assert client.get(ARTICLE).status_code == 200


def test_a_web_page_has_its_address_and_the_date_it_was_read(client):
    make_reference(type="webpage", doi="", url="https://www.nice.org.uk/ng198", accessed=datetime.date(2026, 11, 22))

    text = read(client, "/references/zhao2025/")

    assert "[Internet]. International Journal of Molecular Medicine; 2025 [cited 2026 Nov 22]. Available from:" in text


def test_an_unconfirmed_doi_is_not_the_name_of_another_link(client):
    make_reference(pmid="123", unconfirmed_fields=["doi"])

    page = Page(client.get("/references/zhao2025/").content.decode())

    assert page.all("a", href="https://pubmed.ncbi.nlm.nih.gov/123/")
    assert "doi:10.3892" not in page.text


def test_what_is_unconfirmed_is_shown_to_staff_only(client, ana):
    reference = make_reference(
        pmid="123",
        pmcid="PMC9",
        finding="It helped.",
        unconfirmed_fields=["pmid", "pmcid", "finding: how much"],
    )

    html = client.get("/references/zhao2025/").content.decode()

    for hidden in ("PMC9", "/123/", "It helped.", "onfirmed"):
        assert hidden not in html
    assert "finding: how much" in client.get(change_url(reference)).content.decode()
