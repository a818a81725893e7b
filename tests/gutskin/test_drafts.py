"""Every form of admin with a text area keeps drafts, whoever wrote its ModelAdmin."""

import re
from html import unescape

import pytest
from django.contrib import admin
from django.urls import reverse

from gutskin.drafts.models import Draft
from tests.consultations.factories import a_superuser
from tests.education.admin_cast import change_url, make_author
from tests.education.factories import make_term

pytestmark = pytest.mark.django_db
WITH_DRAFTS = {
    "article", "cannedreply", "clinician", "evidencestatement", "glossaryterm", "reference", "synonymgroup",
}  # fmt: skip


def test_every_form_with_a_text_area_keeps_drafts(client, rf):
    client.force_login(a_superuser())
    request = rf.get("/")
    request.user = a_superuser("toor")
    kept = set()
    for model, model_admin in admin.site._registry.items():
        names = {url.name for url in model_admin.urls}
        name = f"{model._meta.app_label}_{model._meta.model_name}_add"
        if name in names and model_admin.has_add_permission(request):
            html = client.get(reverse(f"admin:{name}")).content.decode()
            assert ("<textarea" in html) == ("data-draft=" in html), name
            kept |= {model._meta.model_name} if "data-draft=" in html else set()

    assert kept == WITH_DRAFTS


def test_a_draft_of_a_glossary_term_is_restored(client):
    client.force_login(make_author())
    term = make_term(definition="The outer layer.")
    address = change_url(term)
    client.post(address, {"definition": "It keeps water in.", "save_draft": "1"})
    html = unescape(client.get(address).content.decode())
    assert "You have a draft that is not saved" in html
    chosen = re.search(r'name="restore_draft" value="([^"]+)"', html)[1]

    assert "It keeps water in.</textarea>" in client.post(address, {"restore_draft": chosen}).content.decode()
    term.refresh_from_db()
    assert term.definition == "The outer layer."


def test_a_form_without_a_text_area_keeps_nothing(client):
    client.force_login(a_superuser())
    address = reverse("admin:auth_user_add")

    assert client.post(address, {"password1": "a long enough password", "save_draft": "1"}).status_code == 403
    assert not Draft.objects.exists()


def test_what_is_typed_about_something_that_was_deleted_is_not_found(client):
    client.force_login(make_author())
    term = make_term()
    address = change_url(term)
    term.delete()

    assert client.post(address, {"definition": "It keeps water in.", "save_draft": "1"}).status_code == 404
    assert not Draft.objects.exists()
