"""What a retracted, rejected or merged reference stops, and where it is shown."""

import datetime
import json
import shutil

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from education.actions import (
    ActionRefused,
    approve,
    approve_statement,
    publish_awaiting_review,
    submit_for_review,
)
from education.models import Article, EvidenceStatement, Reference, Revision
from education.seed import files
from tests.content import load_content
from tests.education.factories import (
    make_article,
    make_published_article,
    make_reference,
    make_reviewer,
    make_statement,
)

pytestmark = pytest.mark.django_db
REASON = "The journal withdrew it: the data were made up."


def flag(key="zhao2025", status="retracted"):
    Reference.objects.filter(key=key).update(status=status, status_reason=REASON)


def merge(key, into):
    kept = Reference.objects.get(key=into)
    Reference.objects.filter(key=key).update(merged_into=kept)
    return kept


def reasons(refused):
    return " ".join(str(reason) for reason in refused.value.reasons)


# What is refused ---------------------------------------------------


def differs(field, ours, theirs, *, contradicts=True, day=1):
    """A recorded check: Crossref has a different value."""
    entry = {"field": field, "ours": ours, "theirs": theirs, "contradicts": contradicts}
    Reference.objects.get(key="zhao2025").checks.create(
        register="crossref",
        outcome="differs",
        differences=[entry],
        checked_at=datetime.datetime(2026, 11, day, tzinfo=datetime.UTC),
    )


def test_a_text_citing_a_duplicate_number_is_refused_and_the_other_is_named():
    article = make_article()
    make_reference("zhao2025b", doi="10.3892/ZHAO2025")

    with pytest.raises(ActionRefused) as refused:
        submit_for_review(article)

    assert "“zhao2025” cannot be right: The DOI is also that of zhao2025b." in reasons(refused)
    merge("zhao2025b", into="zhao2025")
    submit_for_review(article)


def test_the_supplied_wrong_citation_is_refused_when_typed_in_again():
    article = make_article()
    Reference.objects.filter(key="zhao2025").update(
        authors=["Maes M", "Luitjens A", "Galli M"],
        container_title="Frontiers in Microbiology",
        doi="10.3389/fmicb.2025.112034",
        page="112034",
    )

    with pytest.raises(ActionRefused) as refused:
        submit_for_review(article)

    assert "Article numbers of Frontiers from 2025 have 7 digits; this one, 112034, has 6." in reasons(refused)


def test_a_reference_with_other_authors_at_the_register_is_refused():
    article = make_article()
    waiting = submit_for_review(article)
    differs("authors", ["Zhao Y", "Yu C"], ["Maes M"])

    with pytest.raises(ActionRefused) as refused:
        approve(waiting, by=make_reviewer())
    assert "“zhao2025” differs from Crossref: authors." in reasons(refused)

    statement = make_statement(article, state="draft")
    with pytest.raises(ActionRefused) as refused:
        approve_statement(statement, by=make_reviewer("ben", "Ben Okoye"))
    assert "differs from Crossref: authors." in reasons(refused)


@pytest.mark.parametrize(
    "settle",
    [
        lambda zhao: zhao.update(authors=["Maes M"]),
        lambda zhao: zhao.update(status="confirmed"),
        lambda zhao: zhao.get().checks.create(register="crossref", outcome="agrees"),
    ],
    ids=["corrected", "confirmed by a person", "agreed since"],
)
def test_a_difference_that_was_settled_stops_nothing(settle):
    article = make_article()
    differs("authors", ["Zhao Y", "Yu C"], ["Maes M"])

    settle(Reference.objects.filter(key="zhao2025"))

    submit_for_review(article)


def test_a_different_page_number_or_missing_year_stops_nothing():
    article = make_article()
    differs("page", "", "1-18")
    differs("year", 2025, 2026, contradicts=False, day=2)

    submit_for_review(article)


@pytest.mark.parametrize("status", ["retracted", "rejected"])
def test_a_text_citing_a_flagged_reference_cannot_be_submitted(status):
    article = make_article()
    flag(status=status)

    with pytest.raises(ActionRefused) as refused:
        submit_for_review(article)

    assert f"“zhao2025” is {status}: {REASON}" in reasons(refused)
    assert not article.revisions.exists()


@pytest.mark.parametrize("status", ["retracted", "rejected"])
def test_a_revision_whose_source_was_flagged_while_waiting_cannot_be_approved(status):
    revision = submit_for_review(make_article())
    flag(status=status)

    with pytest.raises(ActionRefused) as refused:
        approve(revision, by=make_reviewer())

    assert REASON in reasons(refused)
    assert not Article.objects.published().exists()


def test_an_unreviewed_page_with_a_flagged_source_cannot_be_published():
    revision = submit_for_review(make_article())
    flag()

    with pytest.raises(ActionRefused) as refused:
        publish_awaiting_review(revision)

    assert REASON in reasons(refused)
    assert not Article.objects.published().exists()


def test_a_statement_with_a_flagged_source_cannot_be_approved():
    statement = make_statement(make_article(), state="draft")
    flag()

    with pytest.raises(ActionRefused) as refused:
        approve_statement(statement, by=make_reviewer())

    assert REASON in reasons(refused)
    assert not EvidenceStatement.objects.published().exists()


def test_a_duplicate_counts_as_the_record_that_was_kept():
    """A retraction concerns the paper, by whichever key a text cites it; being a duplicate stops nothing."""
    article = make_article()
    make_reference("zhao2025b", doi="10.3892/again")
    merge("zhao2025", into="zhao2025b")
    submit_for_review(article).delete()
    flag("zhao2025b")

    with pytest.raises(ActionRefused) as refused:
        submit_for_review(article)

    assert f"“zhao2025” is retracted: {REASON}" in reasons(refused)


@pytest.fixture
def content(tmp_path, monkeypatch):
    folder = tmp_path / "content"
    shutil.copytree(files.CONTENT_DIR, folder)
    monkeypatch.setattr(files.read_content, "__defaults__", (folder,))
    return folder


def test_the_content_check_names_every_page_and_statement(content, capsys):
    path = content / "references.json"
    records = json.loads(path.read_text("utf-8"))
    for record in records:
        if record["key"] == "petersen2019":
            record |= {"status": "retracted", "status_reason": REASON}
    path.write_text(json.dumps(records), "utf-8")

    with pytest.raises(CommandError):
        call_command("load_content", check=True)

    told = capsys.readouterr().err
    assert f"atopic-dermatitis: cites petersen2019, which is retracted: {REASON}" in told


def test_the_content_check_says_why_a_rejected_source_cannot_be_cited(content, capsys):
    path = content / "en/conditions/acne.md"
    path.write_text(path.read_text("utf-8") + "\nSomebody said so [@maes2025].\n", "utf-8")

    with pytest.raises(CommandError):
        call_command("load_content", check=True)

    assert "acne: cites maes2025, which is rejected: This was the only reference supplied" in capsys.readouterr().err


def test_loading_skips_a_page_whose_source_was_flagged_on_this_site(content, capsys):
    """Staff flagged it, but the seed files do not: a deployment must neither fail nor publish it."""
    load_content()
    flag("petersen2019")
    path = content / "en/conditions/atopic-dermatitis.md"
    before = Article.objects.get(slug="atopic-dermatitis").live_id
    path.write_text(path.read_text("utf-8").replace("title: Eczema", "title: Your eczema"), "utf-8")
    capsys.readouterr()

    call_command("load_content")

    assert "articles: 1 not published, 19 unchanged" in capsys.readouterr().out
    article = Article.objects.get(slug="atopic-dermatitis")
    assert article.title.startswith("Your eczema")
    assert article.live_id == before
    assert not article.revisions.awaiting_review().exists()


def test_loading_adds_no_statement_with_a_flagged_source(content, capsys):
    load_content()
    slug = EvidenceStatement.objects.filter(references__isnull=False).first().slug
    statement = EvidenceStatement.objects.get(slug=slug)
    flag(statement.references.first().key)
    statement.delete()
    capsys.readouterr()

    call_command("load_content")

    assert "1 not published" in capsys.readouterr().out
    assert not EvidenceStatement.objects.filter(slug=slug).exists()


# Where it is listed -------------------------------------------------


def test_pages_and_statements_with_a_flagged_source_are_found():
    article = make_published_article()
    sound = make_published_article(
        "acne", title="Acne and your gut", body="<h2>Hello</h2><p>Words.<cite data-ref='petersen2019'></cite></p>"
    )
    statement = make_statement(article)
    make_statement(article, slug="sound", references=Reference.objects.filter(key="petersen2019"))
    assert not Article.objects.resting_on_flagged().exists()
    assert not EvidenceStatement.objects.resting_on_flagged().exists()

    flag()

    assert list(Article.objects.resting_on_flagged()) == [article]
    assert list(Revision.objects.resting_on_flagged()) == [article.live]
    assert list(EvidenceStatement.objects.resting_on_flagged()) == [statement]
    assert sound not in Article.objects.resting_on_flagged()


@pytest.mark.parametrize("place", ["condition", "therapy"])
def test_a_page_rests_on_the_sources_of_the_evidence_it_shows(place):
    page = make_published_article(place, kind=place, title=f"A {place}")
    other = make_article("somewhere-else", kind="therapy" if place == "condition" else "condition")
    bad = make_reference("hoax2020", status="retracted", status_reason=REASON)
    condition, therapy = (page, other) if place == "condition" else (other, page)
    statement = make_statement(condition, therapy=therapy, references=[bad])

    assert list(Article.objects.resting_on_flagged()) == [page]

    EvidenceStatement.objects.filter(pk=statement.pk).update(state="draft")
    assert not Article.objects.resting_on_flagged().exists()


def test_a_draft_statement_does_not_flag_another_page():
    page = make_published_article()
    other = make_published_article("acne", title="Acne and your gut")
    bad = make_reference("hoax2020", status="retracted", status_reason=REASON)
    make_statement(page, state="draft", references=[bad])
    make_statement(other, slug="another", references=[bad])

    assert list(Article.objects.resting_on_flagged()) == [other]


def test_citations_by_the_key_of_a_duplicate_are_found():
    article = make_published_article()
    make_reference("zhao2025b", doi="10.3892/again")
    merge("zhao2025", into="zhao2025b")

    flag("zhao2025b")

    assert list(Article.objects.resting_on_flagged()) == [article]


def test_a_flagged_record_merged_into_a_good_one_stops_nothing():
    article = make_published_article()
    make_reference("zhao2025b", doi="10.3892/again")
    flag("zhao2025", "rejected")
    merge("zhao2025", into="zhao2025b")

    assert not Article.objects.resting_on_flagged().exists()
    assert submit_for_review(article).number == 2


@pytest.mark.parametrize(
    ("values", "is_weak"),
    [
        ({"unconfirmed_fields": ["doi"]}, True),
        ({"unconfirmed_fields": ["page", "finding"]}, True),
        ({"unconfirmed_fields": ["issue", "page", "volume"]}, False),
        ({"unconfirmed_fields": ["authors after the first"]}, False),
        ({"unconfirmed_fields": []}, False),
        ({"unconfirmed_fields": ["doi"], "status": "confirmed"}, False),
        ({"unconfirmed_fields": [], "status": "retracted", "status_reason": REASON}, True),
    ],
)
def test_a_weak_source_is_flagged_or_not_identifiable(values, is_weak):
    source = make_reference("shaky2020", **values)
    statement = make_statement(make_article(), references=[source])

    assert (statement in EvidenceStatement.objects.on_weak_references()) is is_weak


def test_a_statement_is_listed_once_however_many_of_its_sources_are_bad():
    bad = [make_reference(f"bad{n}", status="retracted", status_reason=REASON) for n in range(3)]
    statement = make_statement(make_article(), references=bad)

    assert list(EvidenceStatement.objects.on_weak_references()) == [statement]
    assert list(EvidenceStatement.objects.resting_on_flagged()) == [statement]
    assert EvidenceStatement.objects.published().with_live_pages().get().flag == "retracted"


@pytest.mark.parametrize(
    ("model", "value"), [("article", "flagged"), ("evidencestatement", "flagged"), ("evidencestatement", "weak")]
)
def test_staff_lists_can_be_filtered_by_flagged_sources(admin_client, model, value):
    article = make_published_article()
    make_published_article("acne", title="Acne", body="<h2>Hi</h2><p>Words.<cite data-ref='petersen2019'></cite></p>")
    make_statement(article)
    make_statement(article, slug="sound", references=Reference.objects.filter(key="petersen2019"))
    flag()

    response = admin_client.get(reverse(f"admin:education_{model}_changelist"), {"sources": value})

    assert [getattr(row, "slug", "") for row in response.context["cl"].result_list] == [
        "atopic-dermatitis" if model == "article" else "probiotics-eczema"
    ]
