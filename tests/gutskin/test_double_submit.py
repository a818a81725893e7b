"""A form for something new that staff send twice is stored once, and the second time leads to what was stored."""

import re
import uuid
from datetime import timedelta
from html import unescape

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from consultations.models import CannedReply
from education.models import Article, EvidenceStatement, GlossaryTerm, Reference
from gutskin.drafts.models import Draft, SentForm
from tests.at_once import together
from tests.consultations.factories import a_clinician, a_superuser
from tests.education.admin_cast import NO_NUMBERS, make_author
from tests.education.factories import make_published_article

pytestmark = pytest.mark.django_db
SENT_BEFORE = "You sent this form before, so it was not stored again. This is what was stored."
TERM = {"term": "Flare", "slug": "flare", "language": "en", "definition": "A time when a condition gets worse."}
FORMS = {
    Article: {"title": "Rosacea", "care_cards-TOTAL_FORMS": 0, "care_cards-INITIAL_FORMS": 0},
    Reference: {
        "key": "smith2020",
        "status": "confirmed",
        "type": "article-journal",
        "authors": "Smith J",
        "title": "A trial",
        "container_title": "Gut",
        "year": "2020",
    },
    GlossaryTerm: TERM,
    CannedReply: {"title": "Thanks", "language": "en", "text": "Thank you.", "is_active": "on"},
}


def add_page(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")


def key_on(html):
    return re.search(r'<input type="hidden" name="form-key" value="([^"]+)"', html)[1]


def form_key(client, model=GlossaryTerm):
    return key_on(client.get(add_page(model)).content.decode())


def text_of(response):
    return unescape(response.content.decode())


def statement_form():
    acne = make_published_article(slug="acne")
    return {
        "slug": "zinc-acne", "language": "en", "condition": acne.pk, "intervention": "probiotics", "effect": "better",
        "certainty": "low", "sentence": "Probiotics may help with acne.", "outcome": "Severity",
        "why": "One small trial.", **NO_NUMBERS,
    }  # fmt: skip


@pytest.mark.parametrize("has_key", [True, False], ids=["the same page", "a page that was loaded again"])
@pytest.mark.parametrize("model", [*FORMS, EvidenceStatement])
def test_what_is_sent_twice_is_stored_once_and_the_second_time_leads_to_it(client, model, has_key):
    client.force_login(a_superuser())
    posted = FORMS[model] if model in FORMS else statement_form()
    before = set(model.objects.values_list("pk", flat=True))
    keys = [form_key(client, model)] * 2 if has_key else [form_key(client, model) for _time in range(2)]
    first, second = (client.post(add_page(model), posted | {"form-key": key}) for key in keys)

    assert first.status_code == 302, first.context["errors"]
    stored = model.objects.exclude(pk__in=before).get()
    assert second.url == reverse(f"admin:{stored._meta.app_label}_{stored._meta.model_name}_change", args=[stored.pk])
    assert SENT_BEFORE in text_of(client.get(second.url))


def test_every_form_for_something_new_has_a_key_of_its_own(client, rf):
    client.force_login(a_superuser())
    request, seen = rf.get("/"), set()
    request.user = a_superuser("toor")
    for model, model_admin in admin.site._registry.items():
        names = {url.name for url in model_admin.urls}
        name = f"{model._meta.app_label}_{model._meta.model_name}_add"
        if name in names and model_admin.has_add_permission(request):
            keys = {form_key(client, model), form_key(client, model)}
            assert len(keys) == 2, name
            seen.add(model._meta.model_name)
    assert {"article", "evidencestatement", "reference", "team", "user", "group", "factorreset"} <= seen


def test_the_form_of_something_stored_has_no_key(client):
    client.force_login(make_author())
    term = GlossaryTerm.objects.create(**TERM)
    assert "form-key" not in text_of(client.get(reverse("admin:education_glossaryterm_change", args=[term.pk])))


def test_other_words_under_the_same_key_are_asked_about_and_then_stored_as_another(client):
    """Somebody goes back to a page that the browser has kept."""
    client.force_login(make_author())
    key = form_key(client)
    client.post(add_page(GlossaryTerm), TERM | {"form-key": key})
    stored = GlossaryTerm.objects.get()
    other = {"term": "Remission", "slug": "remission", "definition": "A time without signs."}
    response = client.post(add_page(GlossaryTerm), TERM | other | {"form-key": key})

    html = text_of(response)
    address = reverse("admin:education_glossaryterm_change", args=[stored.pk])
    assert f'This form was stored before, as <a href="{address}">{stored}</a>.' in html
    assert "A time without signs.</textarea>" in html
    assert GlossaryTerm.objects.count() == 1
    again = client.post(add_page(GlossaryTerm), TERM | other | {"form-key": key_on(html)})
    assert again.status_code == 302
    assert GlossaryTerm.objects.count() == 2


def test_a_form_that_comes_back_with_errors_keeps_its_key(client):
    client.force_login(make_author())
    key = form_key(client)
    html = text_of(client.post(add_page(GlossaryTerm), TERM | {"form-key": key, "term": ""}))

    assert key_on(html) == key
    assert not SentForm.objects.exists()


def test_what_was_deleted_can_be_stored_again(client):
    client.force_login(make_author())
    posted = TERM | {"form-key": form_key(client)}
    client.post(add_page(GlossaryTerm), posted)
    GlossaryTerm.objects.all().delete()
    client.post(add_page(GlossaryTerm), posted)

    assert GlossaryTerm.objects.count() == 1


def test_the_same_words_much_later_are_asked_about_like_any(client, monkeypatch):
    monkeypatch.setattr("gutskin.limits.SAME_WORDS_WITHIN", timedelta(0))
    client.force_login(make_author())
    client.post(add_page(GlossaryTerm), TERM)

    assert "already exists" in text_of(client.post(add_page(GlossaryTerm), TERM))


def test_the_same_words_of_a_colleague_are_not_taken_for_a_second_click(client):
    posted = FORMS[Article] | {"form-key": str(uuid.uuid4())}
    for name in ("ana", "ben"):
        client.force_login(make_author(name))
        assert SENT_BEFORE not in text_of(client.post(add_page(Article), posted, follow=True))
    assert Article.objects.count() == 2


def test_who_may_not_add_learns_nothing(client):
    client.force_login(make_author())
    assert client.post(add_page(CannedReply), FORMS[CannedReply]).status_code == 403
    assert not SentForm.objects.exists()


def test_a_second_click_in_a_window_for_choosing_gives_what_was_stored(client):
    client.force_login(make_author())
    posted = TERM | {"form-key": form_key(client), "_popup": "1"}
    first, second = (client.post(add_page(GlossaryTerm), posted) for _time in range(2))

    assert first.context["popup_response_data"] == second.context["popup_response_data"]
    assert GlossaryTerm.objects.count() == 1


def test_the_second_time_leaves_no_draft(client):
    client.force_login(make_author())
    client.post(add_page(GlossaryTerm), TERM)
    page = {"draft-page": str(uuid.uuid4())}
    client.post(add_page(GlossaryTerm), TERM | page | {"save_draft": "1"})
    assert Draft.objects.exists()
    client.post(add_page(GlossaryTerm), TERM | page)

    assert not Draft.objects.exists()


def test_the_words_themselves_are_not_kept(client):
    client.force_login(a_superuser())
    client.post(add_page(GlossaryTerm), TERM)
    assert "worse" not in str(SentForm.objects.values())


def test_after_seven_days_it_is_forgotten(client):
    client.force_login(make_author())
    client.post(add_page(GlossaryTerm), TERM)
    sent = SentForm.objects.get()
    for days, left in ((6, 1), (2, 0)):
        sent.sent_at -= timedelta(days=days)
        sent.save()
        call_command("purge_inquiries")
        assert SentForm.objects.count() == left


def test_a_double_click_stores_one(file_database):
    clinician = a_clinician()
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(User.objects.get(pk=clinician.pk))
    posted = FORMS[CannedReply] | {"form-key": form_key(clients[0], CannedReply)}
    answers = together(2, lambda number: clients[number].post(add_page(CannedReply), posted).status_code)

    assert answers == [302, 302]
    assert CannedReply.objects.count() == 1
