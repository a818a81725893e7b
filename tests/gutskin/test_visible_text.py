"""Answers that consist of characters that no one can see."""

import pytest
from django import forms
from django.forms.forms import BaseForm
from django.urls import get_resolver

from consultations.models import Inquiry, Message
from education.models import GlossaryTerm, Reference
from gutskin.visible_text import VisibleTextMixin, is_visible
from tests.admin_forms import save_form
from tests.consultations.factories import a_superuser, an_inquiry, posted
from tests.consultations.staff_pages import page_of
from tests.consultations.visits import STATUS, in_a_visit
from tests.education.admin_cast import article_post, change_url
from tests.education.factories import make_article, make_term

pytestmark = pytest.mark.django_db
UNSEEN = {
    "zero-width space": "\u200b",
    "word joiner": "\u2060",
    "soft hyphen": "\u00ad",
    "Hangul filler": "\u3164",
    "half-width filler": "\uffa0",
    "braille blank": "\u2800",
    "bidirectional marks": "\u202e\u2066\u200f",
    "byte-order mark": "\ufeff",
    "variation selector": "\ufe0f",
    "tags": "\U000e0020\U000e007f",
    "controls": "\x07\x1f",
    "all between spaces": " \u00a0\u200b\n\u2003\u034f\u180e ",
}
unseen = pytest.mark.parametrize("answer", UNSEEN.values(), ids=UNSEEN)


@unseen
def test_what_cannot_be_seen_is_not_visible(answer):
    assert not is_visible(answer)
    assert is_visible(f"{answer}x{answer}")


@pytest.mark.parametrize("text", ["٣", "لا", "👩‍⚕️", "-", "é", "ก", "한"])
def test_any_script_is_visible(text):
    assert is_visible(text)


@unseen
@pytest.mark.parametrize("name", ["name", "email", "skin_problem", "question"])
def test_no_answer_of_a_patient_is_invisible(client, name, answer):
    response = client.post("/consult/", posted(**{name: answer}))

    assert response.status_code == 200
    assert f'href="#id_{name}"' in response.content.decode()
    assert not Inquiry.objects.exists()


def test_a_phone_number_that_cannot_be_seen_is_no_number(client):
    client.post("/consult/", posted(preferred_contact="phone", phone="\u200b"))
    client.post("/consult/", posted(for_whom="somebody-else", relationship="\u2060"))
    assert not Inquiry.objects.exists()

    client.post("/consult/", posted(gut_details="\u3164"))
    assert Inquiry.objects.get().gut_details == ""


@unseen
def test_no_message_and_no_code_is_invisible(client, answer):
    assert "Enter the code" in client.post(STATUS, {"code": answer}).content.decode()
    patient = in_a_visit(client, an_inquiry())

    assert "Write your message first" in patient.post(f"{STATUS}message/", {"text": answer}).content.decode()
    assert not Message.objects.exists()


def test_no_text_of_the_staff_is_invisible(client):
    inquiry = an_inquiry()
    client.force_login(a_superuser())
    client.post(page_of(inquiry, "open"), {"reason": "fault"})
    steps = {
        "note": {"text": "\u200b"},
        "hold": {"text": "\u200b", "step": "hold"},
        "open": {"reason": "other", "explanation": "\u200b"},
    }
    for step, form in steps.items():
        response = client.post(page_of(inquiry, step), form)
        assert response.status_code == 200, step
        assert "invalid-feedback" in response.content.decode() or "errornote" in response.content.decode(), step


def test_no_field_of_admin_is_invisible(client):
    client.force_login(a_superuser())
    term, article = make_term(), make_article()
    reference = Reference.objects.first()
    data = {"term": "\u3164", "definition": "\u00ad", "also": "skin wall\r\n\u200b"}
    response = save_form(client, change_url(term), data)
    assert set(response.context["adminform"].form.errors) == {"term", "definition"}
    save_form(client, change_url(term), data | {"term": "barrier", "definition": "A wall."})
    assert GlossaryTerm.objects.get(pk=term.pk).also == ["skin wall"]

    for body in ("\u200b", "<p>\u200b</p>", "<p></p>"):
        response = client.post(change_url(article), article_post(article, title="\u2060", body=body))
        assert "title" in response.context["adminform"].form.errors, body
        # Nothing but a title is needed to save a working copy; the rest is asked for at submission.
        assert response.context["adminform"].form.cleaned_data["body"] == "", body
    response = save_form(client, change_url(reference), {"key": "x", "status": "rejected", "status_reason": "\u200b"})
    assert "Say why the source is retracted or rejected." in response.content.decode()
    response = client.post(f"/admin/education/article/{article.pk}/withdraw/", {"text": "\u200b"})
    assert response.context["form"].errors


def test_every_form_with_a_required_text_reads_it_this_way():
    assert get_resolver().url_patterns  # all forms are imported
    # Passwords, codes and the answers of passkeys are compared, not read.
    compared = ("gutskin.accounts.forms",)
    wrong = []
    for form in _all_below(BaseForm):
        fields = getattr(form, "base_fields", {}).values()
        has_text = any(isinstance(field, forms.CharField) and field.required for field in fields)
        is_ours = form.__module__.startswith(("consultations.", "education.", "gutskin."))
        if has_text and is_ours and form.__module__ not in compared and not issubclass(form, VisibleTextMixin):
            wrong.append(form)
    assert wrong == []


def _all_below(kind):
    for each in kind.__subclasses__():
        yield each
        yield from _all_below(each)
