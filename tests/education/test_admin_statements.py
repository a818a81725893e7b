"""Evidence statements in admin: written, revised and approved."""

import pytest
from django.urls import reverse

from education.admin.statements import EvidenceStatementForm
from education.models import EvidenceStatement
from tests.admin_forms import save_form
from tests.education.admin_cast import NO_NUMBERS, change_url, make_clinical_reviewer
from tests.education.factories import make_article, make_statement

pytestmark = pytest.mark.django_db


def statement_post(statement, **changes):
    fields = ["slug", "language", "outcome", "effect", "certainty", "sentence", "why"]
    return (
        {name: getattr(statement, name) for name in fields}
        | {"intervention": statement.intervention_id}
        | NO_NUMBERS
        | {"condition": statement.condition_id, "references": [r.pk for r in statement.references.all()]}
        | changes
    )


def test_a_statement_goes_from_draft_to_published(client, ana):
    statement = make_statement(make_article())
    page = client.get(change_url(statement)).content.decode()
    assert "Readers see this statement. To change it, start a draft." in page
    assert 'name="sentence"' not in page

    revise = reverse("admin:education_evidencestatement_revise", args=[statement.pk])
    response = client.post(revise)
    draft = EvidenceStatement.objects.get(state="draft")
    assert response.url == change_url(draft)
    assert client.post(revise).url == change_url(draft), "a second click leads to the same draft"
    assert "View on site" in page
    assert "View on site" not in client.get(change_url(draft)).content.decode()

    changes = {"certainty": "low", "sentence": "Probiotics may make little or no difference to eczema symptoms."}
    assert save_form(client, change_url(draft), statement_post(draft, **changes)).status_code == 302

    client.force_login(make_clinical_reviewer())
    client.post(reverse("admin:education_evidencestatement_approve", args=[draft.pk]))
    published = EvidenceStatement.objects.published().get()
    assert (published.pk, published.certainty, published.reviewed_by.name) == (draft.pk, "low", "Ruth Okafor")


def test_a_new_statement_records_its_author(client, ana):
    statement = make_statement(make_article())
    data = statement_post(statement, slug="fibre-eczema")
    assert client.post(reverse("admin:education_evidencestatement_add"), data).status_code == 302
    added = EvidenceStatement.objects.get(slug="fibre-eczema")
    assert (added.state, added.author) == ("draft", ana)


@pytest.mark.parametrize(
    ("effect", "certainty", "words"),
    [
        ("better", "", "Choose a certainty, or an effect that says that nothing was found."),
        ("no-trials", "low", "Nothing was rated, so there is no certainty to give. Leave it empty."),
    ],
)
def test_certainty_and_effect_are_explained_in_words(client, ana, effect, certainty, words):
    draft = make_statement(make_article(), state="draft")
    response = client.post(change_url(draft), statement_post(draft, effect=effect, certainty=certainty))
    page = response.content.decode()
    assert words in page
    assert "Constraint" not in page


def test_a_refused_approval_gives_reasons(client):
    draft = make_statement(make_article(), state="draft", sentence="Probiotics make no difference.")
    client.force_login(make_clinical_reviewer())
    response = client.post(reverse("admin:education_evidencestatement_approve", args=[draft.pk]))
    assert "probably" in response.content.decode()
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_a_reviewer_approves_only_what_the_page_showed(client, ana):
    draft = make_statement(make_article(), state="draft")
    client.force_login(make_clinical_reviewer())
    approve = reverse("admin:education_evidencestatement_approve", args=[draft.pk])
    seen = client.get(approve).context["seen"]
    EvidenceStatement.objects.filter(pk=draft.pk).update(sentence="Probiotics probably ease eczema.")

    page = client.post(approve, {"seen": seen}).content.decode()
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert "was changed after you opened" in page
    assert "Probiotics probably ease eczema." in page
    assert f'name="seen" value="{seen}"' not in page


def test_a_draft_approved_while_it_was_edited_stays_approved(client, ana, monkeypatch):
    draft = make_statement(make_article(), state="draft")
    clean = EvidenceStatementForm.clean

    def approved_first(form):
        EvidenceStatement.objects.filter(pk=draft.pk).update(state="published")
        return clean(form)

    monkeypatch.setattr(EvidenceStatementForm, "clean", approved_first)
    page = client.post(change_url(draft), statement_post(draft, why="Typed too late.")).content.decode()
    draft.refresh_from_db()
    assert draft.state == "published"
    assert "A reviewer approved this statement after you opened it." in page
    assert "Typed too late." in page
