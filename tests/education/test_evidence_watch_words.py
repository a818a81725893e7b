"""The words of the questions to PubMed: those by which PubMed knows a treatment and a condition."""

from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import connection

from education.evidence_watch.questions import create_missing_questions, update_unedited_questions
from education.models import EvidenceQuestion, Intervention
from education.seed.files import read_interventions
from education.seed.outcomes import digest
from education.seed.statements import write_interventions
from tests.education.admin_cast import change_url, make_author
from tests.education.factories import make_published_article, make_statement, make_synonyms

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
ROWS = Path(settings.BASE_DIR) / "education/content/en/interventions.yaml"


def query_of(condition, intervention):
    return EvidenceQuestion.objects.get(condition=condition, intervention=intervention).query


def words_of_the_files():
    write_interventions(read_interventions(ROWS), {})


def test_every_row_of_the_files_has_words_or_is_no_treatment():
    rows = {row["slug"]: row for row in read_interventions(ROWS)}
    assert [slug for slug, row in rows.items() if row["is_no_treatment"]] == ["gut-link"]
    assert [slug for slug, row in rows.items() if not row["search_words"]] == ["gut-link"]
    assert {"GLP-1 receptor agonist", "semaglutide"} <= set(rows["weight-medicines"]["search_words"].splitlines())
    assert "isotretinoin" in rows["medicines-and-the-gut"]["search_words"]


def test_no_question_is_made_of_the_name_of_a_row():
    make_synonyms("GLP-1", "weight loss jab", "semaglutide")
    words_of_the_files()
    psoriasis = make_published_article("psoriasis", title="Psoriasis and your gut")
    create_missing_questions(NOW)

    assert query_of(psoriasis, "low-fodmap") == (
        "(Psoriasis) AND (low-FODMAP diet OR FODMAP OR "
        "fermentable oligosaccharides disaccharides monosaccharides polyols)"
    )
    queries = "\n".join(EvidenceQuestion.objects.filter(is_asked=True).values_list("query", flat=True))
    names = ("Other medicines", "Weight medicines", "on the skin", "Early allergenic foods", "Low-FODMAP eating")
    for words in (*names, " OR weight OR ", "what can be used instead"):
        assert words not in queries
    assert "weight loss jab" not in queries


def test_a_page_of_several_conditions_asks_for_each():
    other = make_published_article("other-skin-conditions", title="Other skin conditions and your gut")
    for code, name in (("L80", "Vitiligo"), ("L63", "Alopecia areata"), ("L71.9", "Rosacea, unspecified")):
        other.codes.create(system="2.16.840.1.113883.6.90", code=code, display=name)
    create_missing_questions(NOW)
    assert query_of(other, "probiotics") == "(Alopecia areata OR Rosacea OR Vitiligo) AND (Probiotics)"

    codes = list(other.codes.all())
    other.codes.all().delete()
    for code in sorted(codes, key=lambda code: code.code):
        code.pk = None
        code.save()
    assert update_unedited_questions(NOW) == 0, "codes that were loaded again are no new question"


@pytest.mark.parametrize(
    ("slug", "title", "words"),
    [
        ("inflammatory-bowel-disease", "Bowel disease and your skin", "inflammatory bowel disease"),
        (
            "hidradenitis-suppurativa",
            "Hidradenitis suppurativa and your gut",
            "Hidradenitis suppurativa OR acne inversa",
        ),
        ("other-rashes", "Other rashes and your gut", "Other rashes"),
    ],
)
def test_the_names_of_a_condition_are_neither_wide_nor_initials(slug, title, words):
    make_synonyms("hidradenitis suppurativa", "HS", "acne inversa")
    condition = make_published_article(slug, title=title)
    create_missing_questions(NOW)
    assert query_of(condition, "probiotics") == f"({words}) AND (Probiotics)"


def test_what_is_no_treatment_is_not_asked_and_has_no_date(client):
    eczema = make_published_article()
    make_statement(eczema, intervention="gut-link")
    create_missing_questions(NOW)
    link = EvidenceQuestion.objects.filter(intervention="gut-link")
    link.update(state="looked", last_looked_at=NOW)
    assert "Last checked" in client.get("/evidence/").content.decode()

    words_of_the_files()
    update_unedited_questions(NOW)

    assert not link.get().is_asked
    for address in ("/evidence/", "/conditions/atopic-dermatitis/more/"):
        assert "Last checked" not in client.get(address).content.decode()
    link.all().delete()
    create_missing_questions(NOW)
    assert not link.get().is_asked


def test_questions_follow_the_words_until_somebody_edits_them():
    eczema = make_published_article()
    create_missing_questions(NOW)
    questions = EvidenceQuestion.objects.all()
    questions.update(state="looked", last_looked_at=NOW)
    questions.filter(intervention__in=["probiotics", "gut-link"]).update(query="my own words")
    assert update_unedited_questions(NOW) == 0

    words_of_the_files()

    assert update_unedited_questions(NOW) == questions.count() - 2
    assert query_of(eczema, "stool-transplant").endswith(
        "AND (fecal microbiota transplantation OR faecal microbiota transplantation OR stool transplant)"
    )
    new = questions.get(intervention="stool-transplant")
    assert (new.state, new.last_looked_at, new.due_at) == ("never", None, NOW)
    for edited in questions.filter(intervention__in=["probiotics", "gut-link"]):
        assert (edited.query, edited.is_asked, edited.last_looked_at) == ("my own words", True, NOW)
    assert update_unedited_questions(NOW) == 0


def test_rows_that_were_loaded_before_get_their_words():
    record = next(row for row in read_interventions(ROWS) if row["slug"] == "weight-medicines")
    older = {name: record[name] for name in ("slug", "name", "plain_name", "position")} | {"therapy": ""}
    values = {name: value for name, value in older.items() if name != "therapy"}
    Intervention.objects.create(**values, loaded_digest=digest(older))

    write_interventions([record | {"therapy": ""}], {})

    assert "semaglutide" in Intervention.objects.get(slug="weight-medicines").search_words


def test_clinicians_keep_the_words_in_admin(client):
    client.force_login(make_author())
    row = Intervention.objects.get(slug="probiotics")
    page = client.get(change_url(row))
    assert "The names by which PubMed knows it" in page.content.decode()
    words = {"search_words": "Lactobacillus\r\nyoghurt", "version": page.context["adminform"].form["version"].value()}

    saved = client.post(change_url(row), {"name": row.name, "position": row.position} | words)

    assert saved.status_code == 302
    eczema = make_published_article()
    create_missing_questions(NOW)
    assert query_of(eczema, "probiotics").endswith(" AND (Lactobacillus OR yoghurt)")


def test_saving_a_question_that_follows_makes_it_ones_own(client):
    eczema = make_published_article()
    create_missing_questions(NOW)
    client.force_login(make_author())
    question = EvidenceQuestion.objects.get(intervention="low-fodmap")
    form = client.get(change_url(question)).context["adminform"].form
    posted = {"query": "eczema AND FODMAP", "is_asked": "on", "since": "2026-01-01", "version": form["version"].value()}
    assert client.post(change_url(question), posted).status_code == 302

    words_of_the_files()
    update_unedited_questions(NOW)

    assert query_of(eczema, "low-fodmap") == "eczema AND FODMAP"


def test_the_migration_leaves_what_somebody_saved_in_admin():
    make_published_article()
    create_missing_questions(NOW)
    EvidenceQuestion.objects.update(made_query="")
    edited = EvidenceQuestion.objects.get(intervention="low-fodmap")
    LogEntry.objects.log_actions(make_author().pk, [edited], CHANGE, "Changed", single_object=True)

    migration = import_module("education.migrations.0016_words_for_pubmed")
    migration.mark_unedited(apps, connection.schema_editor())

    assert [question.pk for question in EvidenceQuestion.objects.filter(made_query="")] == [edited.pk]
