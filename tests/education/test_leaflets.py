"""Leaflets as readers and the worker meet them. No PDF is made here: test_leaflets_pdf.py makes real ones."""

import datetime
import re

import pytest
from django.core.management import CommandError, call_command

from education import leaflets
from education.actions import approve, submit_for_review, withdraw
from education.leaflets import making, printing
from education.models import Article, Clinician, EvidenceStatement, Leaflet, Reference
from tests.education.factories import make_article, make_published_article, make_statement, make_term, make_user

pytestmark = pytest.mark.django_db
PAGE = "/conditions/atopic-dermatitis/"
URL = "/conditions/atopic-dermatitis.pdf"
FORMATS = {"a4": URL, "letter": PAGE[:-1] + ".letter.pdf", "large-print": PAGE[:-1] + ".large-print.pdf"}


@pytest.fixture(autouse=True)
def printed(monkeypatch):
    """A printer that needs no library: what it was given to print."""
    given = []

    def print_pdf(html, css, *, format, identifier):
        given.append((format, html))
        return f"%PDF-1.7 {format} {identifier}".encode(), 4

    monkeypatch.setattr(making, "print_pdf", print_pdf)
    monkeypatch.setattr(printing, "_lacking", lambda: "")
    monkeypatch.setattr(printing.importlib.metadata, "version", lambda name: "70.0")
    monkeypatch.setattr(making, "_not_before", {})
    return given


def publish_anew(article):
    approve(submit_for_review(Article.objects.get(pk=article.pk)), by=Clinician.objects.get().user)


def test_a_published_page_gets_one_leaflet_of_each_format_once():
    make_published_article()

    assert leaflets.make_missing() == 3
    assert leaflets.make_missing() == 0
    assert sorted(Leaflet.objects.values_list("format", flat=True)) == sorted(FORMATS)


def test_a_working_copy_gets_none():
    make_article()

    assert leaflets.make_missing() == 0


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


def test_an_unchanged_leaflet_is_not_sent_again_nor_read(client, django_assert_num_queries):
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


@pytest.mark.parametrize("pages", [3, 30])
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


def test_a_former_revisions_leaflet_is_not_given_out_as_todays(client):
    article = make_published_article()
    leaflets.make_missing()
    publish_anew(article)

    response = client.get(URL)

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "60"
    assert "This leaflet is being made" in response.content.decode()
    assert f'href="{PAGE}"' in response.content.decode()
    assert URL not in client.get(PAGE).content.decode()
    assert leaflets.make_missing() == 3
    assert client.get(URL).status_code == 200
    assert Leaflet.objects.count() == 3


def test_a_withdrawn_page_takes_its_leaflet_along_at_once(client):
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


def test_a_leaflet_cannot_be_written_to(client):
    assert client.post(URL).status_code == 405


def test_a_page_that_never_went_out_has_no_leaflet(client):
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


@pytest.mark.parametrize("change", ["statement", "retraction", "overdue"])
def test_what_changes_on_the_page_is_printed_anew(change, printed, time_machine):
    article = make_published_article()
    make_statement(article)
    leaflets.make_missing()
    printed.clear()

    if change == "statement":
        EvidenceStatement.objects.update(sentence="Probiotics probably do very little.")
        words = "Probiotics probably do very little."
    elif change == "retraction":
        Reference.objects.filter(key="zhao2025").update(status="retracted", status_reason="The data were made up.")
        words = "Retracted: the journal has withdrawn this paper."
    else:
        time_machine.move_to(article.live.next_review_due + datetime.timedelta(days=1))
        words = "This page is past its review date."

    assert leaflets.make_missing() == 3
    assert [words in html for format, html in printed] == [True, True, True]
    assert leaflets.make_missing() == 0


def test_time_alone_changes_nothing(time_machine):
    article = make_published_article()
    leaflets.make_missing()

    time_machine.move_to(article.live.next_review_due)

    assert leaflets.make_missing() == 0


def test_another_look_or_another_printer_is_printed_anew(monkeypatch):
    make_published_article()
    leaflets.make_missing()

    monkeypatch.setattr(making, "style_sheet", lambda: "p { color: red }")
    assert leaflets.make_missing() == 3

    monkeypatch.setattr(printing.importlib.metadata, "version", lambda name: "71.0")
    assert leaflets.make_missing() == 3


def test_one_page_that_fails_does_not_stop_the_others_and_is_left_alone_for_an_hour(monkeypatch, caplog, time_machine):
    time_machine.move_to("2026-11-22T09:00:00Z", tick=False)
    make_published_article()
    make_published_article("acne", title="Acne and your gut")
    works = making.print_pdf
    tried = []

    def fails_for_acne(html, css, *, format, identifier):
        tried.append(format)
        if "Acne and your gut" in html:
            raise RuntimeError("no more ink")
        return works(html, css, format=format, identifier=identifier)

    monkeypatch.setattr(making, "print_pdf", fails_for_acne)

    assert leaflets.make_missing() == 3
    assert "acne" in caplog.text
    assert "no more ink" in caplog.text
    tried.clear()
    assert leaflets.make_missing() == 0
    assert tried == []
    time_machine.shift(datetime.timedelta(hours=1, seconds=1))
    leaflets.make_missing()
    assert len(tried) == 3


def test_a_page_that_cannot_be_composed_does_not_stop_the_others(monkeypatch, caplog):
    make_published_article()
    make_published_article("acne", title="Acne and your gut")
    works = making.leaflet_html

    def fails_for_acne(article):
        if article.slug == "acne":
            raise ValueError("a strange page")
        return works(article)

    monkeypatch.setattr(making, "leaflet_html", fails_for_acne)

    assert leaflets.make_missing() == 3
    assert "a strange page" in caplog.text


@pytest.mark.parametrize("meanwhile", ["withdrawn", "published anew"])
def test_a_page_that_changes_while_it_is_printed_keeps_no_leaflet_of_what_it_was(monkeypatch, meanwhile):
    article = make_published_article()
    works = making.print_pdf

    def changes(html, css, **how):
        if how["format"] == "a4":
            if meanwhile == "withdrawn":
                withdraw(Article.objects.get(), by=make_user("anna"), reason="Being checked.")
            else:
                publish_anew(article)
        return works(html, css, **how)

    monkeypatch.setattr(making, "print_pdf", changes)

    assert leaflets.make_missing() == 0
    assert Leaflet.objects.count() == 0


def test_two_workers_leave_one_leaflet_of_each_format(monkeypatch):
    make_published_article()
    works = making.print_pdf
    others = iter([leaflets.make_missing])

    def while_another_works(html, css, **how):
        for other in others:
            other()
        return works(html, css, **how)

    monkeypatch.setattr(making, "print_pdf", while_another_works)

    leaflets.make_missing()

    assert sorted(Leaflet.objects.values_list("format", flat=True)) == sorted(FORMATS)


def test_a_worker_makes_a_dozen_at_a_time():
    for number in range(5):
        make_published_article(f"eczema-{number}", title=f"Eczema {number}")

    assert [leaflets.make_missing() for time in range(3)] == [12, 3, 0]


def test_publishing_does_not_wait_for_a_printer(printed):
    make_published_article()

    assert printed == []


def test_without_the_library_the_page_offers_its_print_view_and_says_why(client, monkeypatch):
    make_published_article()
    monkeypatch.setattr(printing, "_lacking", lambda: "Pango is not installed.")

    response = client.get(URL)

    assert leaflets.make_missing() == 0
    assert response.status_code == 404
    assert "the program for it is not installed" in response.content.decode()
    assert "choose “Print” in your browser" in response.content.decode()


def test_without_the_library_leaflets_stay_while_they_are_true(client, monkeypatch):
    article = make_published_article()
    make_statement(article)
    leaflets.make_missing()
    monkeypatch.setattr(printing, "_lacking", lambda: "Pango is not installed.")

    leaflets.make_missing()
    assert client.get(URL).status_code == 200

    EvidenceStatement.objects.update(sentence="Probiotics probably do very little.")
    leaflets.make_missing(dry_run=True)
    assert Leaflet.objects.count() == 3
    leaflets.make_missing()
    assert client.get(URL).status_code == 404


def test_the_command_makes_what_is_missing_and_says_how_many(capsys):
    make_published_article()

    call_command("make_leaflets", dry_run=True)
    assert Leaflet.objects.count() == 0
    call_command("make_leaflets")
    call_command("make_leaflets")
    call_command("make_leaflets", force=True)

    assert capsys.readouterr().out.splitlines() == [
        "3 leaflets would be made.",
        "3 leaflets made.",
        "0 leaflets made.",
        "3 leaflets made.",
    ]


def test_the_command_fails_where_nothing_can_be_printed(monkeypatch):
    monkeypatch.setattr(printing, "_lacking", lambda: "Pango is not installed.")

    with pytest.raises(CommandError, match="Pango is not installed"):
        call_command("make_leaflets")


def test_nothing_that_an_author_writes_becomes_markup(printed):
    make_published_article(
        title="<script>alert(1)</script>",
        questions='"><img src="file:///etc/passwd">',
        conflicts_of_interest="{% load x %}{{ secret }}",
        key_points="<iframe src=https://evil.example>\nTwo & three.\nFour.",
    )
    leaflets.make_missing()

    html = printed[0][1]
    assert not re.search(r"<(script|img|iframe)", html)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "{% load x %}{{ secret }}" in html
