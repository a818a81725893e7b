import shutil
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from education.actions import approve, submit_for_review, withdraw
from education.models import (
    Article,
    ClinicalCode,
    EvidenceStatement,
    GlossaryTerm,
    Intervention,
    Reference,
    Revision,
)
from education.seed import checking, files
from tests.content import load_content
from tests.education.factories import make_reviewer, make_user

pytestmark = pytest.mark.django_db
# The rows of the map that the first four conditions were searched for.
LOOKED_AT_FIRST = [
    "gut-link", "probiotics", "prebiotics-and-synbiotics", "leaving-foods-out", "anti-inflammatory-eating",
    "low-fodmap", "careful-antibiotic-use", "stool-transplant",
]  # fmt: skip


def load(**options):
    out = StringIO()
    call_command("load_content", stdout=out, stderr=out, **options)
    return out.getvalue()


@pytest.fixture
def copied_content(tmp_path, monkeypatch):
    """A copy of education/content that a test may change."""
    folder = tmp_path / "content"
    shutil.copytree(files.CONTENT_DIR, folder)
    monkeypatch.setattr(files.read_content, "__defaults__", (folder,))
    return folder


def test_the_seed_files_have_no_problems():
    assert checking.problems(files.read_content()) == []


def test_check_counts_what_a_load_writes():
    checked = load(check=True).splitlines()
    content = files.read_content()

    loaded = load_content().splitlines()
    # References that nothing cites are checked too, but not loaded: see test_seed_references.py.
    # Eight rows of the map are there already, by a migration.
    told = [line.replace("6 added, 8 updated", "14 added") for line in loaded[1:]]
    assert told == [f"{line} added" for line in checked[1:-1]]
    assert checked[0] == f"references: {len(content.references) + len(content.rejected_references)}"
    assert checked[-1] == "No problem found."


def test_the_first_load_publishes_every_topic_awaiting_review():
    load_content()

    articles = Article.objects.published().select_related("live")
    assert {article.slug for article in articles} == {
        "what-is-the-gut-skin-axis",
        "gut-microbiota",
        "immune-modulation",
        "barrier-integrity",
        "neuroendocrine-crosstalk",
        "atopic-dermatitis",
        "psoriasis",
        "rosacea",
        "acne",
        "hidradenitis-suppurativa",
        "coeliac-disease",
        "urticaria",
        "inflammatory-bowel-disease",
        "other-skin-conditions",
        "probiotics-and-prebiotics",
        "dietary-interventions",
        "antibiotic-stewardship",
        "supplements",
        "medicines-and-the-gut",
        "stool-transplant",
    }
    assert not any(article.live.is_reviewed for article in articles)
    assert all(300 <= article.live.word_count <= 900 for article in articles)
    assert GlossaryTerm.objects.count() >= 40


def test_every_cell_of_the_evidence_table_has_a_statement():
    load_content()

    cells = set(EvidenceStatement.objects.published().values_list("condition__slug", "intervention"))
    not_covered = {("psoriasis", "careful-antibiotic-use")}
    conditions = ["atopic-dermatitis", "psoriasis", "rosacea", "acne"]
    wanted = {(slug, row) for slug in conditions for row in LOOKED_AT_FIRST}
    assert wanted - cells == not_covered
    assert {row for _condition, row in cells} == set(Intervention.objects.values_list("slug", flat=True))


def test_the_supplied_citation_is_kept_as_rejected_and_cited_nowhere():
    load_content()

    rejected = Reference.objects.get(key="maes2025")
    assert rejected.status == "rejected"
    assert "zhao2025" in rejected.status_reason
    assert not rejected.revisions.exists()
    assert not rejected.evidencestatement_set.exists()


def test_a_second_load_changes_nothing():
    load_content()
    before = [
        list(model.objects.order_by("pk").values())
        for model in (Article, Revision, Reference, GlossaryTerm, EvidenceStatement, ClinicalCode)
    ]

    told = load()

    after = [
        list(model.objects.order_by("pk").values())
        for model in (Article, Revision, Reference, GlossaryTerm, EvidenceStatement, ClinicalCode)
    ]
    assert after == before
    assert "added" not in told
    assert "updated" not in told


@pytest.mark.slow
def test_a_dry_run_says_what_would_change_and_changes_nothing():
    told = load(dry_run=True)

    assert "articles: 20 added" in told
    assert not Article.objects.exists()
    assert not Reference.objects.exists()


def test_a_changed_file_updates_what_no_one_edited(copied_content):
    load_content()
    path = copied_content / "en/conditions/acne.md"
    path.write_text(path.read_text("utf-8").replace("title: Acne and your gut", "title: Spots and your gut"), "utf-8")

    told = load()

    assert "1 updated" in told
    acne = Article.objects.select_related("live").get(slug="acne")
    assert acne.live.title == "Spots and your gut"
    assert acne.live.number == 2


def test_an_edit_by_a_clinician_is_never_overwritten(copied_content):
    load_content()
    Article.objects.filter(slug="acne").update(summary="Rewritten by a clinician.")
    GlossaryTerm.objects.filter(slug="flare").update(definition="Rewritten by a clinician.")
    EvidenceStatement.objects.filter(slug="probiotics-atopic-dermatitis-symptoms").update(why="Rewritten.")
    Reference.objects.filter(key="ko2019").update(page="1-20")
    path = copied_content / "en/conditions/acne.md"
    path.write_text(path.read_text("utf-8").replace("title: Acne and your gut", "title: Spots and your gut"), "utf-8")

    told = load()

    acne = Article.objects.select_related("live").get(slug="acne")
    assert acne.summary == "Rewritten by a clinician."
    assert acne.title == acne.live.title == "Acne and your gut"
    assert GlossaryTerm.objects.get(slug="flare").definition == "Rewritten by a clinician."
    assert EvidenceStatement.objects.get(slug="probiotics-atopic-dermatitis-symptoms").why == "Rewritten."
    assert Reference.objects.get(key="ko2019").page == "1-20"
    assert told.count("1 kept as edited") == 4


def test_a_reviewed_page_waits_for_its_reviewer_when_the_file_changes(copied_content):
    load_content()
    acne = Article.objects.get(slug="acne")
    approve(submit_for_review(acne, by=make_user("anna")), by=make_reviewer())
    path = copied_content / "en/conditions/acne.md"
    path.write_text(path.read_text("utf-8").replace("title: Acne and your gut", "title: Spots and your gut"), "utf-8")

    load()

    acne = Article.objects.select_related("live").get(slug="acne")
    assert acne.title == "Spots and your gut"
    assert acne.live.title == "Acne and your gut"


def test_a_withdrawn_page_stays_withdrawn(copied_content):
    load_content()
    withdraw(Article.objects.get(slug="acne"), by=make_user("anna"), reason="The text is being rewritten.")
    path = copied_content / "en/conditions/acne.md"
    path.write_text(path.read_text("utf-8").replace("title: Acne and your gut", "title: Spots and your gut"), "utf-8")

    load()

    assert Article.objects.get(slug="acne").live is None


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("[@deng2018]", "[@deng2019]", "cites deng2019, which does not exist"),
        ("[[acne|Acne]]", "[[spots|Acne]]", "uses the glossary word spots, which does not exist"),
        ("/therapies/antibiotic-stewardship/", "/therapies/antibiotics/", "links to /therapies/antibiotics/"),
        ("It is nobody's fault.", "This cures it.", "“cures” is not a word we use"),
        ('"See a doctor if:"', '"See a doctor."', "must end in “if:”"),
        ("related: [antibiotic-stewardship,", "related: [antibiotics,", "related to antibiotics, which does not exist"),
    ],
)
def test_check_finds_what_is_wrong_in_an_article(copied_content, old, new, complaint):
    path = copied_content / "en/conditions/acne.md"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    err = StringIO()

    with pytest.raises(CommandError):
        call_command("load_content", check=True, stderr=err)

    assert complaint in err.getvalue()


def test_check_finds_a_statement_with_the_wrong_word_for_its_certainty(copied_content):
    path = copied_content / "en/evidence/acne.yaml"
    path.write_text(
        path.read_text("utf-8").replace("Probiotics taken by mouth may", "Probiotics taken by mouth", 1), "utf-8"
    )
    err = StringIO()

    with pytest.raises(CommandError):
        call_command("load_content", check=True, stderr=err)

    assert "must say “may”" in err.getvalue()


def test_a_file_without_front_matter_is_named(copied_content):
    (copied_content / "en/conditions/acne.md").write_text("Just text.", "utf-8")

    with pytest.raises(CommandError, match=r"acne\.md"):
        call_command("load_content", check=True)


def test_check_finds_a_text_that_is_too_long_for_its_column(copied_content):
    path = copied_content / "en/evidence/acne.yaml"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace('outcome: "Acne', f'outcome: "{"very " * 40}Acne', 1).replace(
            "outcome: Acne", f"outcome: {'very ' * 40}Acne", 1
        ),
        "utf-8",
    )
    err = StringIO()

    with pytest.raises(CommandError):
        call_command("load_content", check=True, stderr=err)

    assert "characters and may have 120" in err.getvalue()
