"""Searching in admin, with what authors really type and paste: the list, the picker and the dialog of citations."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.urls import reverse

from education.models import GlossaryTerm, Reference
from education.references.identifiers import with_bare_numbers
from gutskin.search_words import ForgivingSearch
from tests.education.factories import make_article, make_reference, make_term

pytestmark = pytest.mark.django_db

PICKER = {"app_label": "education", "model_name": "evidencestatement", "field_name": "references"}


def found(client, words):
    """The keys that the list, the picker and the dialog find; all three must find the same."""
    rows = client.get(reverse("admin:education_reference_changelist"), {"q": words}).context["cl"].result_list
    picked = client.get(reverse("admin:autocomplete"), PICKER | {"term": words}).json()["results"]
    dialog = client.get(reverse("admin:education_article_lookup_references"), {"q": words}).json()["results"]
    listed = {row.key for row in rows}
    assert {Reference.objects.get(pk=each["id"]).key for each in picked} == listed
    assert {each["value"] for each in dialog} == listed
    return sorted(listed)


@pytest.mark.parametrize("words", ["Élan", "élan", "ÉLAN", "Åkerström", "åkerström", "山田", "e\u0301lan", "Élan 山田"])
def test_authors_are_found_by_letters_beyond_ascii(client, ana, words):
    make_reference("elan2020", authors=["Élan J", "Åkerström P", "山田 太郎"])
    make_reference("other")
    assert found(client, words) == ["elan2020"]


def test_glossary_words_are_found_by_such_letters_in_other_names(client, ana):
    make_term("skin-barrier", also=["barrière cutanée"])
    address = reverse("admin:education_article_lookup_glossary")
    assert [each["value"] for each in client.get(address, {"q": "barrière"}).json()["results"]] == ["skin-barrier"]
    rows = client.get(reverse("admin:education_glossaryterm_changelist"), {"q": "barrière"}).context["cl"].result_list
    assert [row.slug for row in rows] == ["skin-barrier"]


def test_every_json_field_that_is_searched_keeps_its_letters():
    searched = {
        (model, name)
        for model, model_admin in admin.site._registry.items()
        for name in model_admin.search_fields or ()
        if "__" not in name and model._meta.get_field(name).get_internal_type() == "JSONField"
    }
    assert {(Reference, "authors"), (GlossaryTerm, "also")} == searched
    # PostgreSQL keeps the letters by itself.
    for model, name in searched if connection.vendor == "sqlite" else ():
        assert "é" in model._meta.get_field(name).get_db_prep_value(["é"], connection)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL stores JSON with its letters by itself")
def test_the_migration_writes_what_was_stored_before_with_its_letters(client, ana):
    reference = make_reference("elan2020", authors=["Élan J"])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE education_reference SET authors = %s WHERE id = %s", [r'["\u00c9lan J"]', reference.pk])
    assert found(client, "Élan") == []
    migration = import_module("education.migrations.0011_json_with_its_letters")
    migration.write_letters(apps, SimpleNamespace(connection=connection))
    assert found(client, "Élan") == ["elan2020"]
    reference.refresh_from_db()
    assert reference.authors == ["Élan J"]


@pytest.mark.parametrize(
    "words",
    ['"gut skin', 'gut skin"', '"gut skin"', "'gut skin", "“gut skin", "“gut skin”", '"', '"gut" "skin', "„gut"],
)
def test_a_quotation_mark_without_a_partner_changes_nothing(client, ana, words):
    make_reference("found", title="The gut skin axis", authors=[])
    assert found(client, words) == ["found"]


def test_words_between_quotation_marks_stand_beside_each_other(client, ana):
    make_reference("apart", title="Skin and gut", authors=[])
    assert found(client, '"gut skin"') == []
    assert found(client, '"gut skin') == ["apart"]


def test_every_list_of_admin_is_searched_in_spite_of_an_open_quotation_mark(admin_client):
    article = make_article(title="Gut and skin")
    for model, model_admin in admin.site._registry.items():
        if model_admin.search_fields:
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
            assert admin_client.get(reverse(name), {"q": '"gut and'}).status_code == 200
            assert isinstance(model_admin, ForgivingSearch)
    rows = admin_client.get(reverse("admin:education_article_changelist"), {"q": '"gut and'}).context["cl"].result_list
    assert list(rows) == [article]


@pytest.mark.parametrize(
    "words",
    [
        "https://doi.org/10.1016/S0140-6736(17)31363-1",
        "http://dx.doi.org/10.1016/s0140-6736(17)31363-1.",
        "https://www.doi.org/10.1016/S0140-6736%2817%2931363-1",
        "doi.org/10.1016/S0140-6736(17)31363-1",
        "doi:10.1016/S0140-6736(17)31363-1",
        "DOI: 10.1016/S0140-6736(17)31363-1",
        "https://doi-org.ezproxy.example.edu/10.1016/S0140-6736(17)31363-1",
        "https://pubmed.ncbi.nlm.nih.gov/30042740/",
        "https://pubmed.ncbi.nlm.nih.gov/30042740/?dopt=Abstract",
        "https://www.ncbi.nlm.nih.gov/pubmed/30042740",
        "PMID: 30042740",
        "pmid:30042740",
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC6048199/",
        "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC6048199/pdf/main.pdf",
        "PMCID: PMC6048199",
        "Deng doi: 10.1016/S0140-6736(17)31363-1",
    ],
)
def test_a_pasted_address_of_a_paper_finds_it(client, ana, words):
    numbers = {"doi": "10.1016/S0140-6736(17)31363-1", "pmid": "30042740", "pmcid": "PMC6048199"}
    make_reference("deng2018", authors=["Deng Y"], **numbers)
    make_reference("other", pmid="1", pmcid="PMC1")
    assert found(client, words) == ["deng2018"]


def test_words_that_only_look_like_a_number_are_searched_as_they_are():
    for text in ("https://example.org/a", "doi:", "gut/skin 1/2", "PMC", "10.1234/x"):
        assert with_bare_numbers(text) == text
