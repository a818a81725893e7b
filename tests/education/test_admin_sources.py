"""References, glossary words, evidence statements and clinicians at the editing desk."""

import pytest
from django.urls import reverse

from education import search
from education.admin.statements import EvidenceStatementForm
from education.models import Clinician, EvidenceStatement, GlossaryTerm, Reference
from tests.education.admin_cast import change_url, make_clinical_reviewer
from tests.education.factories import make_article, make_reference, make_statement, make_term

pytestmark = pytest.mark.django_db


def reference_post(reference, **changes):
    return {
        "key": reference.key,
        "type": reference.type,
        "status": reference.status,
        "status_reason": reference.status_reason,
        "authors": "\r\n".join(reference.authors),
        "title": reference.title,
        "container_title": reference.container_title,
        "year": reference.year,
        "doi": reference.doi,
        "unconfirmed_fields": "",
    } | changes


def test_authors_of_a_paper_are_typed_one_on_each_line(client, ana):
    reference = make_reference()
    assert "Zhao Y\nYu C" in client.get(change_url(reference)).content.decode()
    client.post(change_url(reference), reference_post(reference, authors="Zhao Y\r\n\r\n Łoś-Müller B \r\n"))
    reference.refresh_from_db()
    assert reference.authors == ["Zhao Y", "Łoś-Müller B"]
    assert reference.checked_at is None, "the status was not touched"


def test_a_change_of_status_is_signed_and_needs_its_reason(client, ana):
    reference = make_reference()
    response = client.post(change_url(reference), reference_post(reference, status="retracted"))
    assert "Say why the source is retracted or rejected." in response.content.decode()
    client.post(change_url(reference), reference_post(reference, status="retracted", status_reason="Made up."))
    reference.refresh_from_db()
    assert (reference.status, reference.checked_by) == ("retracted", "ana")
    assert reference.checked_at is not None


def test_a_rejected_record_is_there_for_the_staff_with_its_reason(client, ana):
    make_reference("wrong2020", status="rejected", status_reason="No such paper.")
    page = client.get(reverse("admin:education_reference_changelist")).content.decode()
    assert "wrong2020" in page
    assert "No such paper." in page


def test_keys_and_slugs_stay_because_texts_name_them(client, ana):
    reference, term = make_reference(), make_term()
    client.post(change_url(reference), reference_post(reference, key="other", title="New title"))
    client.post(change_url(term), {"term": "barrier", "slug": "other", "language": "es", "definition": "A wall."})
    reference.refresh_from_db()
    term.refresh_from_db()
    assert (reference.key, reference.title) == ("zhao2025", "New title")
    assert (term.slug, term.language, term.term) == ("skin-barrier", "en", "barrier")


def found(query):
    """A word that is explained stands on top, and not among the results once more."""
    answer = search.find(query)
    explained = [answer.definition.get_absolute_url()] if answer.definition else []
    return explained + [result.url for result in answer.results]


def test_search_follows_the_glossary(client, admin_client):
    data = {"term": "Keratinocyte", "slug": "keratinocyte", "language": "en", "definition": "A skin cell.", "also": ""}
    admin_client.post(reverse("admin:education_glossaryterm_add"), data)
    term = GlossaryTerm.objects.get()
    assert found("keratinocyte") == [term.get_absolute_url()]

    admin_client.post(change_url(term), data | {"definition": "A cell of the outer layer.", "also": "corneocyte\r\n"})
    term.refresh_from_db()
    assert term.also == ["corneocyte"]
    assert found("corneocyte") == [term.get_absolute_url()]

    admin_client.post(reverse("admin:education_glossaryterm_delete", args=[term.pk]), {"post": "yes"})
    assert found("keratinocyte") == []


def test_search_forgets_words_deleted_together(admin_client):
    for word in ("fibre", "flare"):
        search.index_term(make_term(word))
    terms = list(GlossaryTerm.objects.values_list("pk", flat=True))
    action = {"action": "delete_selected", "_selected_action": terms, "post": "yes"}
    admin_client.post(reverse("admin:education_glossaryterm_changelist"), action)
    assert not GlossaryTerm.objects.exists()
    assert found("fibre") == []


def statement_post(statement, **changes):
    fields = ["slug", "language", "intervention", "outcome", "effect", "certainty", "sentence", "why"]
    return (
        {name: getattr(statement, name) for name in fields}
        | {"condition": statement.condition_id, "references": [r.pk for r in statement.references.all()]}
        | changes
    )


def test_a_statement_goes_from_draft_to_the_page(client, ana):
    statement = make_statement(make_article())
    page = client.get(change_url(statement)).content.decode()
    assert "Readers see this statement. To change it, start a draft." in page
    assert 'name="sentence"' not in page

    revise = reverse("admin:education_evidencestatement_revise", args=[statement.pk])
    response = client.post(revise)
    draft = EvidenceStatement.objects.get(state="draft")
    assert response.url == change_url(draft)
    assert client.post(revise).url == change_url(draft), "a second click leads to the same draft"

    changes = {"certainty": "low", "sentence": "Probiotics may make little or no difference to eczema symptoms."}
    assert client.post(change_url(draft), statement_post(draft, **changes)).status_code == 302

    client.force_login(make_clinical_reviewer())
    client.post(reverse("admin:education_evidencestatement_approve", args=[draft.pk]))
    published = EvidenceStatement.objects.published().get()
    assert (published.pk, published.certainty, published.reviewed_by.name) == (draft.pk, "low", "Ruth Okafor")


def test_a_new_statement_belongs_to_who_wrote_it(client, ana):
    statement = make_statement(make_article())
    data = statement_post(statement, slug="fibre-eczema")
    assert client.post(reverse("admin:education_evidencestatement_add"), data).status_code == 302
    added = EvidenceStatement.objects.get(slug="fibre-eczema")
    assert (added.state, added.author) == ("draft", ana)


@pytest.mark.parametrize(
    ("effect", "certainty", "words"),
    [
        ("better", "", "Choose a certainty, or an effect that says that nothing was found."),
        ("no-trials", "low", "Nothing was found, so there is no certainty to give. Leave it empty."),
    ],
)
def test_certainty_and_effect_are_explained_in_words(client, ana, effect, certainty, words):
    draft = make_statement(make_article(), state="draft")
    response = client.post(change_url(draft), statement_post(draft, effect=effect, certainty=certainty))
    page = response.content.decode()
    assert words in page
    assert "Constraint" not in page


def test_an_approval_that_is_refused_says_why(client):
    draft = make_statement(make_article(), state="draft", sentence="Probiotics make no difference.")
    client.force_login(make_clinical_reviewer())
    response = client.post(reverse("admin:education_evidencestatement_approve", args=[draft.pk]))
    assert "probably" in response.content.decode()
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_an_administrator_keeps_the_clinicians(admin_client):
    data = {"name": "Ida Berg", "credentials": "MD", "role": "Dietitian", "about": "", "user": ""}
    admin_client.post(reverse("admin:education_clinician_add"), data)
    assert Clinician.objects.get().name == "Ida Berg"


def test_authors_do_not_touch_what_is_not_theirs_to_change(client, ana):
    reference = make_reference()
    response = client.post(reverse("admin:education_reference_delete", args=[reference.pk]), {"post": "yes"})
    assert response.status_code == 403
    assert Reference.objects.exists()


def test_a_reviewer_signs_only_what_the_page_showed(client, ana):
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


def test_what_goes_out_without_a_review_promises_nothing(client, ana):
    reference, term = make_reference(), make_term()
    client.post(change_url(reference), reference_post(reference, finding="It is proven."))
    page = client.post(change_url(term), {"term": "barrier", "definition": "A miracle.", "also": ""}).content.decode()
    reference.refresh_from_db()
    assert reference.finding == ""
    assert "“miracle” is not a word we use" in page
