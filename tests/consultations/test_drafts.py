"""What staff typed on the page of a request and did not send stays, for them alone."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from consultations import actions
from consultations.models import Inquiry, Message, Note, StoryAccess, Team
from consultations.retention import erase_inquiry
from gutskin.drafts.models import Draft
from gutskin.encryption.key_rotation import encrypted_models
from tests.consultations.factories import a_clinician, a_coordinator, a_superuser, an_inquiry
from tests.consultations.staff_pages import html_of, page_of, with_a_reason

pytestmark = pytest.mark.django_db
REPLY = "Milk is rarely the cause. I would"
# By kind: the field that holds the text.
TEXTS = {
    "reply": "reply-text",
    "note": "note-text",
    "assign": "assign-note",
    "hold": "hold-text",
    "merge": "merge-how_known",
}
# Every button beside “Send the reply”, as a browser without scripts posts it.
BUTTONS = {
    "note": {"note-text": "Ring her on Monday."},
    "urgency": {"urgency-to": "urgent"},
    "status": {"to": "in_triage"},
    "assign": {"step": "me"},
    "merge": {"merge-into": "GS-AAAA-AAAA"},
    "presence": {},
    "discard": {"discard_draft": "note"},
}


@pytest.fixture
def inquiry():
    return an_inquiry()


def hidden(html):
    """The hidden fields of the page, which every button posts."""
    found = re.findall(r'<input type="hidden" name="(draft-page|draft-seen|seen|reply-key)" value="([^"]*)"', html)
    posted = {}
    for name, value in found:
        posted.setdefault(name, []).append(value)
    return posted


def text_on(html, kind="reply"):
    return re.search(rf'<textarea name="{TEXTS[kind]}"[^>]*>\n?(.*?)</textarea>', html, re.DOTALL)[1]


def autosave(client, inquiry, html, **texts):
    typed = {TEXTS[kind]: text for kind, text in texts.items()}
    return client.post(page_of(inquiry, "draft"), hidden(html) | typed)


@pytest.mark.parametrize("button", BUTTONS)
def test_a_half_written_reply_survives_every_other_button(client, david, inquiry, button):
    posted = hidden(html_of(client, inquiry)) | {"reply-text": REPLY, "reply-asks": "on"} | BUTTONS[button]

    client.post(page_of(inquiry, button), posted)

    html = html_of(client, inquiry)
    assert text_on(html) == REPLY
    assert re.search(r'name="reply-asks"[^>]*checked', html)
    assert not Message.objects.exists()


@pytest.mark.parametrize("button", ["note", "urgency", "preview"])
def test_another_button_tells_who_wrote_meanwhile(client, david, inquiry, button):
    """The step reloads the page with the new message on it, so the next reply is no longer refused because of it."""
    posted = hidden(html_of(client, inquiry)) | {"reply-text": REPLY} | BUTTONS.get(button, {"step": button})
    actions.receive_message(inquiry, text="I am allergic to it.", key=uuid.uuid4())

    answer = client.post(page_of(inquiry, "reply" if button == "preview" else button), posted, follow=True)

    told = "Your reply is not sent yet. The patient wrote a moment ago, after you opened this page."
    assert told in answer.content.decode()
    assert told not in html_of(client, inquiry)


def test_every_text_of_the_page_survives(client, inquiry):
    client.force_login(with_a_reason(inquiry, a_coordinator()))
    # All but the reply: a coordinator does not write to patients.
    typed = {kind: f"The text of {kind}." for kind in TEXTS if kind != "reply"}
    answer = autosave(client, inquiry, html_of(client, inquiry), **typed)

    assert answer.json() == {"drafts": dict.fromkeys(typed, 0)}
    html = html_of(client, inquiry)
    assert {kind: text_on(html, kind) for kind in typed} == typed
    # Each says that it is a draft, and can be discarded.
    shown = re.findall(r'<p class="draft" data-draft-of="(\w+)">', html)
    assert set(shown) == set(typed)


def test_an_explanation_survives_and_is_dropped_when_it_is_given(client, inquiry):
    client.force_login(a_coordinator())
    explained = {"open-explanation": "She rang twice.", "open-reason": "other"}
    client.post(page_of(inquiry, "draft"), hidden(html_of(client, inquiry)) | explained)

    html = html_of(client, inquiry)
    assert "She rang twice." in html
    assert re.search(r'value="other" selected', html)
    client.post(page_of(inquiry, "open"), hidden(html) | explained)
    assert StoryAccess.objects.get().explanation == "She rang twice."
    assert not Draft.objects.exists()


def test_a_draft_is_deleted_when_its_text_is_sent_and_the_others_stay(client, david, inquiry):
    autosave(client, inquiry, html_of(client, inquiry), reply=REPLY, note="Ask about the whey.")
    html = html_of(client, inquiry)
    client.post(page_of(inquiry, "reply"), hidden(html) | {"reply-text": REPLY, "step": "send"})

    assert Message.objects.get().text == REPLY
    assert Draft.objects.get().kind == "note"
    assert text_on(html_of(client, inquiry)) == ""


def test_a_draft_of_the_same_words_is_deleted_whichever_page_saved_it(client, david, inquiry):
    older = html_of(client, inquiry)
    autosave(client, inquiry, html_of(client, inquiry), reply=REPLY)
    autosave(client, inquiry, older, reply=REPLY)
    assert Draft.objects.count() == 2
    client.post(page_of(inquiry, "reply"), hidden(older) | {"reply-text": REPLY, "step": "send"})

    assert Message.objects.get().text == REPLY
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ({"to": "closed", "outcome": "advice_given"}, "kept for 7 days, and comes back if the request is reopened."),
        ({"to": "spam"}, "kept for 7 days, and comes back if the request is reopened."),
        ({"to": "withdrawn", "withdraw-note": "She rang."}, "kept for 7 days, and comes back if the request is"),
        ({"to": "waiting_for_patient"}, ""),
    ],
)
def test_a_step_that_hides_an_unsent_reply_says_what_becomes_of_it(client, david, inquiry, step, said):
    other = an_inquiry()
    for each in (other, inquiry):
        actions.change_status(each, to="in_triage", by=david)
    without = client.post(page_of(other, "status"), step | {"seen": "0"}, follow=True).content.decode()
    typed = {"reply-text": REPLY, "seen": "0"}
    html = client.post(page_of(inquiry, "status"), step | typed, follow=True).content.decode()

    assert "unsent reply" not in without
    assert said in html
    assert ("unsent reply" in html) == bool(said)


def test_assigning_to_oneself_sends_no_note_that_was_begun_for_another(client, david, inquiry):
    posted = hidden(html_of(client, inquiry)) | {"assign-note": "Back from Monday.", "assign-to": "", "step": "me"}
    client.post(page_of(inquiry, "assign"), posted)

    assert Inquiry.objects.get().assignee == david
    assert not Note.objects.exists()
    assert text_on(html_of(client, inquiry), "assign") == "Back from Monday."


def test_it_is_encrypted_and_no_colleague_sees_it(client, david, inquiry):
    autosave(client, inquiry, html_of(client, inquiry), reply=REPLY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM drafts_draft")
        assert REPLY not in str(cursor.fetchall())
    assert Draft in dict(encrypted_models())

    for colleague in (a_clinician("nora"), with_a_reason(inquiry, a_superuser())):
        client.force_login(colleague)
        assert REPLY not in html_of(client, inquiry)


def test_who_may_no_longer_read_the_story_does_not_read_their_draft(client, inquiry):
    carla = with_a_reason(inquiry, a_coordinator())
    client.force_login(carla)
    own = {"note": "Ask about the whey.", "hold": "She says the whey made her ill."}
    autosave(client, inquiry, html_of(client, inquiry), reply=REPLY, **own)
    StoryAccess.objects.update(
        given_at=timezone.now() - timedelta(hours=2), ends_at=timezone.now() - timedelta(hours=1)
    )

    html = html_of(client, inquiry)
    assert REPLY not in html
    assert "the whey" not in html
    # Nor by pressing a button.
    assert REPLY not in client.post(page_of(inquiry, "reply"), {"step": "preview"}).content.decode()
    # What is typed now comes back, also while the story is closed.
    autosave(client, inquiry, html, assign="Please take it.")
    assert text_on(html_of(client, inquiry), "assign") == "Please take it."
    with_a_reason(inquiry, carla, "complaint")
    html = html_of(client, inquiry)
    assert {kind: text_on(html, kind) for kind in own} == own


def test_who_no_longer_sees_the_request_can_neither_save_nor_discard(client, inquiry):
    client.force_login(a_clinician())
    autosave(client, inquiry, html_of(client, inquiry), reply=REPLY)
    Team.objects.all().delete()

    assert client.post(page_of(inquiry, "draft"), {"reply-text": "More."}).status_code == 404
    assert client.post(page_of(inquiry, "discard"), {"discard_draft": "reply"}).status_code == 404
    assert Draft.objects.get().fields["text"] == [REPLY]


def test_discarding_can_be_undone(client, david, inquiry):
    autosave(client, inquiry, html_of(client, inquiry), reply=REPLY)
    posted = hidden(html_of(client, inquiry)) | {"reply-text": REPLY, "discard_draft": "reply"}
    response = client.post(page_of(inquiry, "discard"), posted)

    assert response.url == f"{page_of(inquiry)}#reply"
    html = html_of(client, inquiry)
    assert text_on(html) == ""
    chosen = re.search(r'name="restore_draft" value="([^"]+)"', html)[1]
    # What was typed since stays, too.
    posted = hidden(html) | {"reply-text": "Dear Amina,", "restore_draft": chosen}
    assert client.post(page_of(inquiry, "discard"), posted).url == f"{page_of(inquiry)}#reply"
    html = html_of(client, inquiry)
    assert text_on(html) == f"{REPLY}\n\nDear Amina,"

    client.post(page_of(inquiry, "discard"), hidden(html) | {"reply-text": text_on(html), "discard_draft": "reply"})
    Draft.objects.update(discarded_at=timezone.now() - timedelta(minutes=11))
    assert "You discarded a draft" not in html_of(client, inquiry)
    call_command("purge_inquiries")
    assert not Draft.objects.exists()


def test_discarding_leaves_what_was_typed_in_another_tab(client, david, inquiry):
    older, newer = html_of(client, inquiry), html_of(client, inquiry)
    autosave(client, inquiry, newer, reply=REPLY)
    posted = hidden(older) | {"reply-text": "Dear Amina,", "discard_draft": "reply"}
    html = client.post(page_of(inquiry, "discard"), posted, follow=True).content.decode()

    assert "What you typed in another tab was not discarded." in html
    assert text_on(html) == REPLY


def test_a_text_that_was_taken_out_is_no_draft_any_more(client, david, inquiry):
    html = html_of(client, inquiry)
    autosave(client, inquiry, html, reply=REPLY)
    assert autosave(client, inquiry, html, reply=" \n").json() == {"drafts": {}}

    assert not Draft.objects.exists()


def test_an_older_tab_cannot_replace_what_was_typed_in_a_newer_one(client, david, inquiry):
    older, newer = html_of(client, inquiry), html_of(client, inquiry)
    autosave(client, inquiry, newer, reply=REPLY)

    # Its empty form deletes nothing, neither by a script nor by a button.
    assert autosave(client, inquiry, older, reply="").json() == {"drafts": {}}
    client.post(page_of(inquiry, "urgency"), hidden(older) | {"reply-text": "", "urgency-to": "urgent"})
    assert text_on(html_of(client, inquiry)) == REPLY
    # Its own words are saved beside them, and both are there when the page is opened again.
    assert autosave(client, inquiry, older, reply="Dear Amina,").json() == {"drafts": {"reply": 0}}
    assert text_on(html_of(client, inquiry)) == f"{REPLY}\n\nDear Amina,"
    client.post(page_of(inquiry, "note"), hidden(older) | {"reply-text": "Dear Amina,", "note-text": "Ring her."})
    assert text_on(html_of(client, inquiry)) == f"{REPLY}\n\nDear Amina,"


def test_a_form_that_comes_back_in_an_older_tab_does_not_replace_the_draft_of_the_newer_one(client, david, inquiry):
    older, newer = html_of(client, inquiry), html_of(client, inquiry)
    autosave(client, inquiry, newer, reply=REPLY)
    gap = {"reply-text": "Dear {name},", "step": "send"}
    html = client.post(page_of(inquiry, "reply"), hidden(older) | gap).content.decode()

    assert "Replace {name} before you send the reply." in html
    assert text_on(html) == "Dear {name},"
    assert autosave(client, inquiry, html, reply="Dear Amina,").json() == {"drafts": {"reply": 0}}
    client.post(page_of(inquiry, "reply"), hidden(html) | {"reply-text": "Dear Amina,", "step": "send"})
    assert Message.objects.get().text == "Dear Amina,"
    assert text_on(html_of(client, inquiry)) == REPLY


def test_a_reply_that_comes_back_can_be_sent_and_leaves_no_draft(client, david, inquiry):
    html = html_of(client, inquiry)
    for text, step in (("Dear {name},", "send"), ("Dear Amina,", "preview"), ("Dear Amina,", "fill")):
        posted = hidden(html) | {"reply-text": text, "step": step}
        html = client.post(page_of(inquiry, "reply"), posted).content.decode()
    client.post(page_of(inquiry, "reply"), hidden(html) | {"reply-text": text_on(html), "step": "send"})

    assert Message.objects.get().text == "Dear Amina,"
    assert not Draft.objects.exists()


def test_a_draft_that_is_sent_from_two_tabs_is_one_reply(client, david, inquiry):
    autosave(client, inquiry, html_of(client, inquiry), reply=REPLY)
    html_of(client, inquiry)
    first = html_of(client, inquiry)
    autosave(client, inquiry, first, reply=REPLY + " wait.")
    tabs = [html_of(client, inquiry), html_of(client, inquiry)]
    for html in tabs:
        posted = {"reply-text": text_on(html), "step": "send"}
        assert client.post(page_of(inquiry, "reply"), hidden(html) | posted).status_code == 302

    assert Message.objects.count() == 1


def test_a_draft_never_outlives_its_request(client, david, inquiry, monkeypatch):
    html = html_of(client, inquiry)
    autosave(client, inquiry, html, reply=REPLY)
    erase_inquiry(inquiry, by="patient", cause="patient")
    assert not Draft.objects.exists()

    # A draft that arrives while the request is being erased.
    monkeypatch.setattr("consultations.admin.inquiry.InquiryAdmin._inquiry", lambda *args, **kwargs: inquiry)
    inquiry.pk = 1
    assert autosave(client, inquiry, html, reply="One more word.").status_code == 404
    assert not Draft.objects.exists()


def test_drafts_of_a_merged_request_come_back_with_it(client, david, inquiry):
    other, carla = an_inquiry(), a_coordinator()
    autosave(client, other, html_of(client, other), reply=REPLY, note="Ask about the whey.")
    actions.merge(other, into=inquiry, by=carla)

    assert text_on(html_of(client, other), "note") == "Ask about the whey."
    actions.change_status(other, to="in_triage", by=carla)
    assert text_on(html_of(client, other)) == REPLY


@pytest.mark.parametrize("days, left", [(6, 1), (8, 0)])
def test_after_seven_days_a_draft_is_deleted(client, david, inquiry, capsys, days, left):
    autosave(client, inquiry, html_of(client, inquiry), reply=REPLY)
    Draft.objects.update(saved_at=timezone.now() - timedelta(days=days))
    call_command("purge_inquiries")

    assert Draft.objects.count() == left
    assert ("Draft: 1" in capsys.readouterr().out) == (not left)


def test_a_draft_whose_key_is_missing_does_not_close_the_page(client, david, inquiry, settings):
    autosave(client, inquiry, html_of(client, inquiry), reply=REPLY)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE drafts_draft SET content = replace(content, 'test1', 'gone1')")

    assert text_on(html_of(client, inquiry)) == ""
    autosave(client, inquiry, html_of(client, inquiry), reply="Again.")
    assert text_on(html_of(client, inquiry)) == "Again."


def test_after_the_session_has_ended_every_text_comes_back_under_its_label(client, inquiry):
    browser = Client()
    posted = {"reply-text": REPLY, "note-text": "Ask about the whey.", "draft-page": "x" * 36, "step": "send two"}
    html = browser.post(page_of(inquiry, "note"), posted).content.decode()

    labels = re.findall(r"<label[^>]*>([^<]*)</label>\s*<textarea[^>]*>([^<]*)</textarea>", html)
    assert labels == [("Your reply", REPLY), ("New note", "Ask about the whey.")]
    assert "x" * 36 not in html
