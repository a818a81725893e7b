"""Every form of admin with a text area keeps drafts, whoever wrote its ModelAdmin."""

import re
import uuid
from html import unescape

import pytest
from django.contrib import admin
from django.urls import reverse

from gutskin.drafts.models import Draft
from tests.consultations.factories import a_superuser
from tests.education.admin_cast import change_url, form_values, make_author
from tests.education.factories import make_term

pytestmark = pytest.mark.django_db
WITH_DRAFTS = {
    "article", "cannedreply", "clinician", "evidencestatement", "glossaryterm", "intervention",
    "reference", "synonymgroup",
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


def typed_in(client, address, posted):
    """What a page of its own saves while somebody types."""
    return client.post(address, posted | {"save_draft": "1", "draft-page": str(uuid.uuid4())})


def term_form(**changes):
    return {"term": "Barrier", "slug": "barrier", "language": "en", "definition": "The outer layer.", **changes}


def test_only_the_newest_draft_is_offered_and_says_what_and_when(client):
    client.force_login(make_author())
    address = reverse("admin:education_glossaryterm_add")
    for number in range(3):
        typed_in(client, address, term_form(term=f"Term {number}"))
    html = unescape(client.get(address).content.decode())

    offer, older = html.split("<summary>2 older drafts</summary>")
    assert offer.count("Restore draft") == 1
    assert '<p>Word: <q dir="auto">Term 2</q></p>' in offer
    assert re.search(r"You typed it until \d+ \w+ \d{4}, \d\d:\d\d\.", offer)
    assert re.findall(r">Term \d<", older) == [">Term 1<", ">Term 0<"]


def test_the_offer_names_the_text_that_was_changed(client):
    client.force_login(make_author())
    term = make_term(definition="The outer layer.")
    values = form_values(client.get(change_url(term)))
    typed_in(client, change_url(term), values | {"definition": "It keeps\nwater <b>in</b>."})

    html = client.get(change_url(term)).content.decode()
    assert '<p>What it means: <q dir="auto">It keeps\nwater in.</q></p>' in html


def test_what_was_typed_and_taken_out_again_is_not_offered(client):
    client.force_login(make_author())
    term, add = make_term(definition="The outer layer."), reverse("admin:education_glossaryterm_add")
    values = form_values(client.get(change_url(term)))
    for address, before, after in ((change_url(term), values | {"term": "X"}, values), (add, term_form(), {})):
        page = {"draft-page": str(uuid.uuid4()), "save_draft": "1"}
        assert client.post(address, before | page).json() == {"drafts": {"form": 0}}
        assert client.post(address, after | page).json() == {"drafts": {}}
    assert not Draft.objects.exists()


def test_saving_drops_a_draft_that_holds_the_beginning_of_the_same_text_and_no_other(client):
    """A page that was closed has saved the beginning; in the next one it was typed again, or restored and finished."""
    client.force_login(make_author())
    term = make_term(definition="The outer layer.")
    values = form_values(client.get(change_url(term)))
    for definition in ("It keeps", "It keeps water", "It lets water through."):
        typed_in(client, change_url(term), values | {"definition": definition})
    page = {"draft-page": str(uuid.uuid4())}
    assert client.post(change_url(term), values | page | {"definition": "It keeps water in."}).status_code == 302

    assert Draft.objects.get().fields["definition"] == ["It lets water through."]


def test_a_draft_that_cannot_be_read_just_now_is_not_taken_for_an_empty_one(client, settings):
    ana = make_author()
    client.force_login(ana)
    term = make_term()
    values = form_values(client.get(change_url(term)))
    typed_in(client, change_url(term), values | {"definition": "It keeps water in."})
    settings.FIELD_ENCRYPTION_KEYS = {"other": b"o" * 32}
    client.post(change_url(term), values | {"draft-page": str(uuid.uuid4()), "definition": "Something else."})

    assert Draft.objects.count() == 1
