"""Glossary terms in admin. Synonyms are in test_search_synonyms.py."""

import pytest
from django.urls import reverse

from education import search
from education.models import GlossaryTerm
from tests.admin_forms import save_form
from tests.education.admin_cast import change_url
from tests.education.factories import make_term

pytestmark = pytest.mark.django_db


def test_a_slug_and_language_stay_the_same_because_texts_refer_to_them(client, ana):
    term = make_term()
    save_form(client, change_url(term), {"term": "barrier", "slug": "other", "language": "es", "definition": "A wall."})
    term.refresh_from_db()
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

    save_form(
        admin_client, change_url(term), data | {"definition": "A cell of the outer layer.", "also": "corneocyte\r\n"}
    )
    term.refresh_from_db()
    assert term.also == ["corneocyte"]
    assert found("corneocyte") == [term.get_absolute_url()]

    admin_client.post(reverse("admin:education_glossaryterm_delete", args=[term.pk]), {"post": "yes"})
    assert found("keratinocyte") == []


def test_deleting_several_terms_removes_them_from_search(admin_client):
    for word in ("fibre", "flare"):
        search.index_term(make_term(word))
    terms = list(GlossaryTerm.objects.values_list("pk", flat=True))
    action = {"action": "delete_selected", "_selected_action": terms, "post": "yes"}
    admin_client.post(reverse("admin:education_glossaryterm_changelist"), action)
    assert not GlossaryTerm.objects.exists()
    assert found("fibre") == []


def test_a_definition_that_promises_too_much_is_not_saved(client, ana):
    term = make_term()
    page = client.post(change_url(term), {"term": "barrier", "definition": "A miracle.", "also": ""}).content.decode()
    assert "“miracle” is not a word we use" in page
