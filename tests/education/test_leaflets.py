"""How leaflets are made and kept up to date. No PDF is printed here: test_leaflets_pdf.py does that."""

import datetime
import re

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from education import leaflets
from education.actions import approve, submit_for_review, withdraw
from education.citation import vancouver
from education.leaflets import generate, html, pdf, pictures
from education.models import Article, Clinician, EvidenceQuestion, EvidenceStatement, Intervention, Leaflet, Reference
from tests.education.factories import make_article, make_published_article, make_statement, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("printed")]
PAGE = "/conditions/atopic-dermatitis/"
URL = "/conditions/atopic-dermatitis.pdf"
LEAFLETS = ["a4", "large-print", "letter"]
WHOLE = ["whole-a4", "whole-letter"]
FORMATS = LEAFLETS + WHOLE
NUMBER = {"what": "Eczema became milder", "with_count": 34, "without_count": 24, "out_of": 100}


def publish_again(article):
    approve(submit_for_review(Article.objects.get(pk=article.pk)), by=Clinician.objects.get().user)


def test_a_published_page_gets_one_leaflet_of_each_format_once():
    make_published_article()

    assert leaflets.make_missing() == 5
    assert leaflets.make_missing() == 0
    assert sorted(Leaflet.objects.values_list("format", flat=True)) == FORMATS


def test_a_leaflet_may_have_two_pages_and_six_in_large_print(monkeypatch):
    make_published_article()
    allowed = {}
    works = generate.print_pdf

    def notes(variants, css, **how):
        allowed[how["format"]] = how["most_pages"]
        return works(variants, css, **how)

    monkeypatch.setattr(generate, "print_pdf", notes)
    leaflets.make_missing()

    assert allowed == {"a4": 2, "letter": 2, "large-print": 6, "whole-a4": None, "whole-letter": None}


def test_on_paper_a_reference_has_all_that_is_known_because_no_link_leads_to_the_rest(client, printed):
    make_published_article()
    Reference.objects.filter(key="zhao2025").update(volume="56", page="210")
    leaflets.make_missing()
    whole = vancouver(Reference.objects.get(key="zhao2025"))

    assert {format for format, html in printed if whole in html} == set(WHOLE)
    assert whole not in client.get(PAGE).content.decode()


def test_a_working_copy_gets_no_leaflet():
    make_article()

    assert leaflets.make_missing() == 0


def look_for_new_papers():
    condition = Article.objects.get(slug="atopic-dermatitis")
    values = {"intervention_id": "probiotics", "since": timezone.localdate(), "last_looked_at": timezone.now()}
    EvidenceQuestion.objects.create(condition=condition, **values)


def make_numbered_statement(article, **number):
    return make_statement(article, numbers=[NUMBER | {"source": Reference.objects.get(key="zhao2025")} | number])


@pytest.mark.parametrize("change", ["sentence", "number", "retraction", "overdue"])
def test_a_changed_page_is_printed_again(change, printed, time_machine):
    article = make_published_article()
    statement = make_numbered_statement(article)
    leaflets.make_missing()
    printed.clear()
    before = leaflets.sources_digest()

    if change == "sentence":
        EvidenceStatement.objects.update(sentence="Probiotics probably do very little.")
        words = "Probiotics probably do very little."
    elif change == "number":
        EvidenceStatement.objects.update(shown_numbers=[statement.shown_numbers[0] | {"with_count": 35}])
        words = "Eczema became milder: 35 in 100"
    elif change == "retraction":
        Reference.objects.filter(key="zhao2025").update(status="retracted", status_reason="The data were made up.")
        words = "A paper this page relies on has been retracted."
    else:
        time_machine.move_to(article.live.next_review_due + datetime.timedelta(days=1))
        words = "This page is past its review date."

    assert leaflets.sources_digest() != before
    assert leaflets.make_missing() == 5
    assert [words in html for format, html in printed] == [True] * 5
    assert leaflets.make_missing() == 0


def test_a_look_for_new_papers_is_printed_on_whole_pages(printed):
    make_statement(make_published_article())
    leaflets.make_missing()
    printed.clear()

    look_for_new_papers()

    assert leaflets.make_missing() == 2
    assert ["Last checked for new trials: " in html for format, html in printed if format in WHOLE] == [True, True]


def test_another_drawing_is_printed_again_except_in_large_print(monkeypatch):
    make_published_article()
    leaflets.make_missing()

    monkeypatch.setattr(html, "drawing_picture", lambda drawing: pictures.Picture("data:image/svg+xml,new", 10, 10))

    assert leaflets.make_missing(dry_run=True) == 4
    assert leaflets.make_missing() == 4


def test_a_number_of_a_retracted_paper_leaves_the_leaflet(printed):
    make_numbered_statement(make_published_article())
    Reference.objects.filter(key="zhao2025").update(status="retracted", status_reason="The data were made up.")

    leaflets.make_missing()

    assert {format for format, html in printed if "34 in 100" in html} == set(WHOLE)


@pytest.mark.parametrize(
    "change",
    [
        lambda: EvidenceStatement.objects.get().references.clear(),
        lambda: EvidenceStatement.objects.update(state=EvidenceStatement.State.DRAFT),
        lambda: Intervention.objects.filter(slug="probiotics").update(name="Live microbes"),
        lambda: look_for_new_papers(),
        lambda: Clinician.objects.update(name="Rosa Under Another Name"),
        lambda: Article.objects.filter(slug="acne").update(slug="acne-vulgaris"),
        lambda: publish_again(Article.objects.get(slug="acne")),
        lambda: withdraw(Article.objects.get(slug="acne"), by=None, reason="Old."),
        lambda: Leaflet.objects.filter(format="letter").delete(),
    ],
)
def test_the_digest_of_the_sources_changes_with_them(change):
    """So that the scheduler renders no page while nothing has changed."""
    make_statement(make_published_article())
    make_published_article("acne", title="Acne")
    leaflets.make_missing()
    before = leaflets.sources_digest()
    assert leaflets.sources_digest() == before

    change()

    assert leaflets.sources_digest() != before


@pytest.mark.parametrize("pages", [3, 12])
def test_the_digest_of_the_sources_takes_nine_queries(django_assert_num_queries, pages):
    for number in range(pages):
        make_statement(make_published_article(f"page-{number}"), slug=f"statement-{number}")

    with django_assert_num_queries(9):
        leaflets.sources_digest()


def test_time_alone_changes_nothing(time_machine):
    article = make_published_article()
    leaflets.make_missing()

    time_machine.move_to(article.live.next_review_due)

    assert leaflets.make_missing() == 0


def test_a_new_style_sheet_or_printer_version_prints_again(monkeypatch):
    make_published_article()
    leaflets.make_missing()

    monkeypatch.setattr(generate, "style_sheet", lambda format: "p { color: red }")
    assert leaflets.make_missing() == 5

    monkeypatch.setattr(pdf.importlib.metadata, "version", lambda name: "71.0")
    assert leaflets.make_missing() == 5


def test_one_page_that_fails_does_not_stop_the_others_and_is_left_alone_for_an_hour(monkeypatch, caplog, time_machine):
    time_machine.move_to("2026-11-22T09:00:00Z", tick=False)
    make_published_article()
    make_published_article("acne", title="Acne and your gut")
    works = generate.print_pdf
    tried = []

    def fails_for_acne(variants, css, **how):
        tried.append(how["format"])
        if "Acne and your gut" in variants[0]:
            raise RuntimeError("no more ink")
        return works(variants, css, **how)

    monkeypatch.setattr(generate, "print_pdf", fails_for_acne)

    assert leaflets.make_missing() == 5
    assert "acne" in caplog.text
    assert "no more ink" in caplog.text
    tried.clear()
    assert leaflets.make_missing() == 0
    assert tried == []
    time_machine.shift(datetime.timedelta(hours=1, seconds=1))
    leaflets.make_missing()
    assert len(tried) == 5


def test_a_page_that_cannot_be_rendered_does_not_stop_the_others(monkeypatch, caplog):
    make_published_article()
    make_published_article("acne", title="Acne and your gut")
    works = generate.documents

    def fails_for_acne(article):
        if article.slug == "acne":
            raise ValueError("a strange page")
        return works(article)

    monkeypatch.setattr(generate, "documents", fails_for_acne)

    assert leaflets.make_missing() == 5
    assert "a strange page" in caplog.text


@pytest.mark.parametrize("change", ["withdrawn", "published again"])
def test_a_page_that_changes_during_printing_gets_no_outdated_leaflet(monkeypatch, change):
    article = make_published_article()
    works = generate.print_pdf

    def changes(variants, css, **how):
        if how["format"] == "a4":
            if change == "withdrawn":
                withdraw(Article.objects.get(), by=make_user("anna"), reason="Being checked.")
            else:
                publish_again(article)
        return works(variants, css, **how)

    monkeypatch.setattr(generate, "print_pdf", changes)

    assert leaflets.make_missing() == 0
    assert Leaflet.objects.count() == 0


def test_two_workers_leave_one_leaflet_of_each_format(monkeypatch):
    make_published_article()
    works = generate.print_pdf
    others = iter([leaflets.make_missing])

    def while_another_works(variants, css, **how):
        for other in others:
            other()
        return works(variants, css, **how)

    monkeypatch.setattr(generate, "print_pdf", while_another_works)

    leaflets.make_missing()

    assert sorted(Leaflet.objects.values_list("format", flat=True)) == FORMATS


@pytest.mark.slow
def test_a_worker_makes_a_dozen_at_a_time():
    for number in range(5):
        make_published_article(f"eczema-{number}", title=f"Eczema {number}")

    assert [leaflets.make_missing() for time in range(4)] == [12, 12, 1, 0]


def test_publishing_does_not_wait_for_a_printer(printed):
    make_published_article()

    assert printed == []


def test_without_the_library_only_leaflets_that_are_up_to_date_stay(client, monkeypatch):
    article = make_published_article()
    make_statement(article)
    leaflets.make_missing()
    monkeypatch.setattr(pdf, "_missing_requirement", lambda: "Pango is not installed.")

    leaflets.make_missing()
    assert client.get(URL).status_code == 200

    EvidenceStatement.objects.update(sentence="Probiotics probably do very little.")
    leaflets.make_missing(dry_run=True)
    assert Leaflet.objects.count() == 5
    leaflets.make_missing()
    # Only the whole page shows a statement without numbers.
    assert sorted(Leaflet.objects.values_list("format", flat=True)) == LEAFLETS
    assert client.get(URL).status_code == 200

    Reference.objects.filter(key="zhao2025").update(status="retracted", status_reason="The data were made up.")
    leaflets.make_missing()
    assert client.get(URL).status_code == 404


def test_the_command_makes_missing_leaflets_and_reports_how_many(capsys):
    make_published_article()

    call_command("make_leaflets", dry_run=True)
    assert Leaflet.objects.count() == 0
    call_command("make_leaflets")
    call_command("make_leaflets")
    call_command("make_leaflets", force=True)

    assert capsys.readouterr().out.splitlines() == [
        "5 leaflets would be made.",
        "5 leaflets made.",
        "0 leaflets made.",
        "5 leaflets made.",
    ]


def test_the_command_fails_where_nothing_can_be_printed(monkeypatch):
    monkeypatch.setattr(pdf, "_missing_requirement", lambda: "Pango is not installed.")

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

    html = "".join(html for _format, html in printed)
    assert not re.search(r"<(script|iframe)|<img(?! src=\"data:image/svg)|onerror", html)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "{% load x %}{{ secret }}" in html
