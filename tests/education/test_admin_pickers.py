"""Fields of admin that search rows: what they call them, and what is said without a script."""

import pytest
from django.contrib import admin
from django.urls import reverse

from education.models import Article, EvidenceStatement
from tests.education.admin_cast import change_url, make_clinical_reviewer
from tests.education.factories import make_article, make_published_article, make_reference, make_statement, make_user

pytestmark = pytest.mark.django_db


def offered(client, model, field, term=""):
    query = {"app_label": "education", "model_name": model, "field_name": field, "term": term}
    return [each["text"] for each in client.get(reverse("admin:autocomplete"), query).json()["results"]]


def test_a_reference_is_offered_with_its_author_year_journal_and_title(client, ana):
    make_reference("zhao2025", title="The axis", container_title="Gut")
    bare = {"authors": [], "year": None, "container_title": "", "title": ""}
    make_reference("zz", **bare)
    assert offered(client, "evidencestatement", "references") == [
        "Zhao 2025, Gut: The axis (zhao2025)",
        "No author without a year: without a title (zz)",
    ]


def test_what_speaks_against_a_reference_comes_first(client, ana):
    kept = make_reference("a1", title="T", container_title="Gut")
    make_reference("a2", title="T", container_title="Gut", status="retracted", status_reason="Made up.")
    make_reference("a3", title="T", container_title="Gut", status="rejected", status_reason="Made up.")
    make_reference("a4", title="T", container_title="Gut", merged_into=kept)
    make_reference("a5", title="T", container_title="Gut", status="corrected")
    marks = [text.partition("Zhao")[0] for text in offered(client, "evidencestatement", "references")]
    assert marks == ["", "RETRACTED – ", "REJECTED – ", "Duplicate of a1 – ", "CORRECTED – "]


def test_what_is_chosen_is_called_the_same(client, ana):
    article = make_published_article(title="Eczema and your gut")
    bad = make_reference("bad2019", title="T", container_title="Gut", status="retracted", status_reason="Made up.")
    statement = make_statement(article, state="draft", references=[bad])
    statement.numbers.create(what="Itch", source=bad, difference="2 points")
    page = client.get(change_url(statement)).content.decode()
    assert page.count("RETRACTED – Zhao 2025, Gut: T (bad2019)</option>") == 2, "in the statement and in its number"
    assert "Eczema and your gut (Condition, English)</option>" in page


def test_articles_of_one_title_are_told_apart(client, ana):
    make_published_article("psoriasis", title="Psoriasis")
    make_article("psoriasis-es", title="Psoriasis", language="es")
    assert offered(client, "article", "related", "psor") == [
        "Psoriasis (Condition, English)",
        "Psoriasis (Condition, Español, not published)",
    ]


def test_accounts_are_offered_with_the_name_of_the_person(admin_client):
    make_user("rl", first_name="Rosa", last_name="Lind")
    make_user("old", is_active=False)
    texts = offered(admin_client, "clinician", "user")
    assert {"Rosa Lind (rl)", "old, not active"} <= set(texts)


def test_every_picker_leads_to_a_model_that_says_enough(rf, admin_user):
    """A title, a name or a key alone does not tell what is chosen."""
    registry, request = admin.site._registry, rf.get("/")
    request.user = admin_user
    for model, model_admin in registry.items():
        for each in (model_admin, *(inline(model, admin.site) for inline in model_admin.inlines)):
            for name in each.autocomplete_fields:
                field = each.formfield_for_dbfield(each.model._meta.get_field(name), request)
                assert field.label_from_instance.__name__ == "choice_label"
                assert hasattr(registry[each.model._meta.get_field(name).related_model], "choice_label")


def test_a_form_says_which_fields_need_a_script(client, ana):
    make_article()
    statement = client.get(reverse("admin:education_evidencestatement_add")).content.decode()
    notice = statement.partition("<noscript>")[2].partition("</noscript>")[0]
    assert "This form needs JavaScript" in notice
    for label in ("Condition", "References", "Source"):
        assert label in notice
    assert "<noscript>" in client.get(change_url(Article.objects.get())).content.decode()
    assert "<noscript>" not in client.get(reverse("admin:education_synonymgroup_add")).content.decode()


def test_whoever_only_reads_a_form_is_told_of_no_script(client):
    article = make_published_article()
    make_statement(article, state="published")
    client.force_login(make_clinical_reviewer())
    assert "<noscript>" not in client.get(change_url(EvidenceStatement.objects.get())).content.decode()
