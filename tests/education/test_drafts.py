"""Drafts of articles, evidence statements and reviews: offered to who typed them, never saved by themselves."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from education.actions import submit_for_review
from education.models import Article, EvidenceStatement
from gutskin.drafts.models import Draft
from tests.education.admin_cast import (
    NO_NUMBERS,
    article_post,
    change_url,
    form_values,
    make_author,
    make_clinical_reviewer,
)
from tests.education.factories import make_article, make_statement, make_term

pytestmark = pytest.mark.django_db
CARD = {"level": "urgent", "heading": "Ask today if:", "items": "fever", "advice": ""}
OFFER = "You have a draft that is not saved"
ADD = "/admin/education/article/add/"


def key(html):
    """What drafts.js and the buttons of the form post with it."""
    form = html.partition("novalidate>")[2]
    found = re.findall(r'name="(draft-page|draft-seen)" value="([^"]*)"', form)
    return {name: [value for each, value in found if each == name] for name, _value in found}


def as_browsers_send_it(typed):
    return {name: value.replace("\n", "\r\n") if isinstance(value, str) else value for name, value in typed.items()}


def page_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return unescape(response.content.decode())


def autosave(client, address, data, html=None):
    html = page_of(client, address) if html is None else html
    return client.post(address, data | key(html) | {"save_draft": "1"})


def restore(client, address, html=None, **typed):
    """Presses the first button “Restore draft” or “Undo” of a page."""
    html = page_of(client, address) if html is None else html
    chosen = re.search(r'name="restore_draft" value="([^"]+)"', html)[1]
    response = client.post(address, typed | key(html) | {"restore_draft": chosen})
    assert response.status_code == 200
    return unescape(response.content.decode())


def test_a_draft_of_an_article_is_offered_and_restored_with_its_cards_and_saves_nothing(client, ana):
    article = make_article()
    address = change_url(article)
    typed = article_post(article, [CARD], title="Typed", body="<p>New words.</p>")
    assert autosave(client, address, typed).json() == {"drafts": {"form": 0}}

    html = page_of(client, address)
    assert OFFER in html
    assert 'value="Typed"' not in html
    restored = restore(client, address)
    assert 'value="Typed"' in restored
    assert "New words." in restored
    assert "Ask today if:" in restored
    assert "This is your draft" in restored
    assert "Please correct" not in restored
    assert Article.objects.get().title == article.title

    assert client.post(address, typed | key(restored)).status_code == 302
    assert Article.objects.get().title == "Typed"
    assert not Draft.objects.exists()


def test_a_draft_is_not_put_over_what_a_colleague_saved_since(client, ana):
    article = make_article()
    typed = article_post(article, title="Mine")
    autosave(client, change_url(article), typed)
    client.force_login(make_author("ben"))
    client.post(change_url(article), article_post(article, title="Ben's title"))
    client.force_login(ana)

    assert "ben saved a change later" in page_of(client, change_url(article))
    restored = restore(client, change_url(article))
    assert "ben saved this on" in restored
    client.post(change_url(article), typed | key(restored))
    assert Article.objects.get().title == "Ben's title"


def test_what_is_typed_while_a_draft_is_offered_is_a_draft_of_its_own(client, ana):
    article = make_article()
    address = change_url(article)
    autosave(client, address, article_post(article, title="First"))
    html = page_of(client, address)
    assert autosave(client, address, article_post(article, title="Second"), html).json() == {"drafts": {"form": 0}}
    # Typed after the script has saved for the last time, or without it.
    restored = restore(client, address, html, **article_post(article, title="Second and more"))

    assert 'value="First"' in restored
    assert {draft.fields["title"][0] for draft in Draft.objects.all()} == {"First", "Second and more"}
    restored = restore(client, address, restored, **article_post(article, title="First"))
    assert 'value="Second and more"' in restored
    assert client.post(address, article_post(article, title="Both") | key(restored)).status_code == 302
    assert Draft.objects.get().fields["title"] == ["First"]


def test_restoring_a_draft_over_a_form_that_no_one_changed_makes_no_second_one(client, ana):
    article = make_article()
    address = change_url(article)
    autosave(client, address, article_post(article, title="First"))
    untouched = form_values(client.get(address))
    restore(client, address, **untouched | {"care_cards-TOTAL_FORMS": "0", "care_cards-INITIAL_FORMS": "0"})

    assert Draft.objects.count() == 1


def test_two_tabs_keep_a_draft_each_and_neither_replaces_the_other(client, ana):
    article = make_article()
    address = change_url(article)
    older, newer = page_of(client, address), page_of(client, address)
    for title, html in (("Older", older), ("Newer", newer), ("Older, and more", older)):
        answer = autosave(client, address, article_post(article, title=title), html)
        assert answer.json() == {"drafts": {"form": 0}}

    assert {draft.fields["title"][0] for draft in Draft.objects.all()} == {"Older, and more", "Newer"}
    assert page_of(client, address).count("Restore draft") == 2
    # Saving one keeps the other.
    client.post(address, article_post(article, title="Newer") | key(newer))
    assert Draft.objects.get().fields["title"] == ["Older, and more"]


def conflict_page(client, address, typed):
    html = unescape(client.post(address, typed).content.decode())
    assert "Not saved yet: two people edited this" in html
    return html, {"replaces_version": re.search(r'name="replaces_version" value="([^"]+)"', html)[1]}


def test_saving_over_what_a_colleague_saved_drops_every_draft_of_the_same_text(client, ana):
    article = make_article()
    address, mine = change_url(article), article_post(article, title="Mine", body="<p>One.</p>\n<p>Two.</p>")
    first = page_of(client, address)
    autosave(client, address, mine, first)
    client.force_login(make_author("ben"))
    client.post(address, article_post(article, title="Ben's title"))
    client.force_login(ana)
    # The page of the conflict saves by itself, then it is loaded again, as after “Back”.
    html, chosen = conflict_page(client, address, mine | key(first))
    autosave(client, address, mine | chosen, html)
    html, chosen = conflict_page(client, address, mine | key(first))
    autosave(client, address, article_post(article, title="Another text"))
    assert client.post(address, as_browsers_send_it(mine) | chosen | key(html)).status_code == 302

    assert Article.objects.get().title == "Mine"
    assert Draft.objects.get().fields["title"] == ["Another text"]


def test_discarding_can_be_undone_for_some_minutes(client, ana):
    article = make_article()
    address, typed = change_url(article), article_post(article, title="Not yet saved by the script")
    html = page_of(client, address)
    assert client.post(address, typed | key(html) | {"discard_draft": "form"}).url == address

    html = page_of(client, address)
    assert OFFER not in html
    assert "You discarded a draft at" in html
    assert 'value="Not yet saved by the script"' in restore(client, address, html)
    assert OFFER in page_of(client, address)

    client.post(address, key(html) | {"discard_draft": str(Draft.objects.get().public_id)})
    Draft.objects.update(discarded_at=timezone.now() - timedelta(minutes=11))
    assert "You discarded a draft" not in page_of(client, address)
    call_command("purge_inquiries")
    assert not Draft.objects.exists()


def test_discarding_an_offered_draft_leaves_what_is_typed_in_the_form(client, ana):
    article = make_article()
    address = change_url(article)
    autosave(client, address, article_post(article, title="First"))
    html = page_of(client, address)
    chosen = re.search(r'name="discard_draft" value="([^"]+)"', html)[1]
    typed = article_post(article, title="Second") | key(html) | {"discard_draft": chosen}
    html = unescape(client.post(address, typed).content.decode())

    assert 'value="Second"' in html
    assert OFFER not in html
    assert Draft.objects.kept().get().fields["title"] == ["Second"]


def test_a_form_that_comes_back_with_errors_is_a_draft_already(client, ana):
    article = make_article()
    html = page_of(client, change_url(article))
    response = client.post(change_url(article), article_post(article, title="", summary="Mine.") | key(html))
    assert response.status_code == 200

    # It is in the form: nothing else is offered.
    assert OFFER not in unescape(response.content.decode())
    assert OFFER in page_of(client, change_url(article))
    assert Draft.objects.get().fields["summary"] == ["Mine."]


def test_a_new_article_that_comes_back_with_errors_offers_no_other_draft_over_it(client, ana):
    autosave(client, ADD, {"title": "Another one", "care_cards-TOTAL_FORMS": "0", "care_cards-INITIAL_FORMS": "0"})
    typed = {"title": "", "summary": "Mine.", "care_cards-TOTAL_FORMS": "0", "care_cards-INITIAL_FORMS": "0"}
    html = page_of(client, ADD)
    for _attempt in range(2):
        html = unescape(client.post(ADD, typed | key(html)).content.decode())
        assert "Mine." in html
        assert OFFER not in html
        assert "Another one" not in html

    # Nothing twice.
    assert {draft.fields["title"][0] for draft in Draft.objects.all()} == {"Another one", ""}
    assert client.post(ADD, typed | key(html) | {"title": "Done"}).status_code == 302
    assert Draft.objects.get().fields["title"] == ["Another one"]
    assert "Another one" in page_of(client, ADD)


def test_a_new_article_has_a_draft_and_a_title_is_enough_to_save_it(client, ana):
    typed = {"title": "Rosacea and the gut", "care_cards-TOTAL_FORMS": "0", "care_cards-INITIAL_FORMS": "0"}
    autosave(client, ADD, typed)
    assert OFFER in page_of(client, ADD)
    restored = restore(client, ADD)
    assert "Rosacea and the gut" in restored
    for slug, other in (("rosacea-and-the-gut", ""), ("rosacea-and-the-gut-2", "Another article of that title.")):
        assert client.post(ADD, typed | key(restored) | {"conflicts_of_interest": other}).status_code == 302
        assert Article.objects.latest("pk").slug == slug
    assert not Draft.objects.exists()

    # What the page needs is asked when it is submitted.
    article = Article.objects.latest("pk")
    html = page_of(client, reverse("admin:education_article_submit", args=[article.pk]))
    assert "The summary is missing." in html
    assert "The text cites no reference." in html
    assert page_of(client, change_url(article))
    assert client.get(reverse("admin:education_article_preview", args=[article.pk])).status_code == 200


def test_a_title_in_arabic_gets_an_address_too(client, ana):
    typed = {"title": "الأكزيما", "language": "ar", "care_cards-TOTAL_FORMS": "0", "care_cards-INITIAL_FORMS": "0"}
    assert client.post(ADD, typed).status_code == 302

    assert Article.objects.get().slug == "article"


def test_an_address_is_not_emptied_by_accident(client, ana):
    article = make_article()
    client.post(change_url(article), article_post(article, slug="", kind=""))

    assert (Article.objects.get().slug, Article.objects.get().kind) == (article.slug, article.kind)


def test_a_draft_of_a_statement_is_restored_with_its_references(client, ana):
    statement = make_statement(make_article(), state="draft")
    values = form_values(client.get(change_url(statement))) | {"why": "Because of what I typed."}
    autosave(client, change_url(statement), values)

    assert OFFER in page_of(client, change_url(statement))
    restored = client.post(change_url(statement), {"restore_draft": str(Draft.objects.get().public_id)})
    assert "Because of what I typed." in restored.content.decode()
    assert form_values(restored)["references"] == [str(pk) for pk in values["references"]]
    assert EvidenceStatement.objects.get().why != "Because of what I typed."


def test_a_review_text_is_there_when_the_page_is_opened_again(client):
    ruth = make_clinical_reviewer()
    revision = submit_for_review(make_article(), by=make_author())
    client.force_login(ruth)
    address = reverse("admin:education_revision_request", args=[revision.pk])
    autosave(client, address, {"text": "The dose is", "pemat_1": "agree"})

    html = page_of(client, address)
    assert "The dose is</textarea>" in html
    assert re.search(r'name="pemat_1" value="agree"[^>]*checked', html)
    assert "The dose is" not in page_of(client, reverse("admin:education_revision_approve", args=[revision.pk]))
    assert client.post(address, {"text": "The dose is missing."} | key(html)).status_code == 302
    assert not Draft.objects.exists()


def test_who_may_not_save_a_form_keeps_no_draft_of_it(client, ana):
    article = make_article()
    client.force_login(make_clinical_reviewer())
    for button in ("save_draft", "restore_draft", "discard_draft"):
        assert client.post(change_url(article), {"title": "Mine", button: "1"}).status_code == 403
    assert not Draft.objects.exists()


def test_nobody_is_offered_the_draft_of_another(client, ana):
    article = make_article()
    autosave(client, change_url(article), article_post(article, title="Mine"))
    client.force_login(make_author("ben"))

    assert OFFER not in page_of(client, change_url(article))
    chosen = str(Draft.objects.get().public_id)
    for button in ("restore_draft", "discard_draft"):
        html = unescape(client.post(change_url(article), {button: chosen}, follow=True).content.decode())
        assert "Mine" not in html
    assert Draft.objects.kept().exists()


def test_a_draft_from_before_the_last_save_says_so_for_statements_too(client, ana):
    statement = make_statement(make_article(), state="draft")
    values = form_values(client.get(change_url(statement))) | NO_NUMBERS
    autosave(client, change_url(statement), values | {"why": "Mine."})
    Draft.objects.update(saved_at=timezone.now() - timedelta(minutes=5))
    client.force_login(make_author("ben"))
    assert client.post(change_url(statement), values | {"why": "Ben's."}).status_code == 302
    client.force_login(ana)

    assert "ben saved a change later" in page_of(client, change_url(statement))


def test_after_the_session_has_ended_words_come_back_under_their_labels_and_no_hidden_field_does(client, ana):
    article = make_article()
    client.logout()
    typed = article_post(article, [CARD], summary="My new summary.", replaces_version="hidden words here")
    html = unescape(client.post(change_url(article), typed).content.decode())

    labels = re.findall(r"<label[^>]*>([^<]*)</label>\s*<textarea[^>]*>([^<]*)</textarea>", html)
    assert ("Summary", "My new summary.") in labels
    assert ("Heading", "Ask today if:") in labels
    assert "hidden words here" not in html
    texts = {"Title", "Summary", "In short", "What you can do", "Text", "Questions to take to your clinician"}
    assert {label for label, text in labels} <= texts | {"Heading", "Conflicts of interest"}


def texts_handed_back(client, address, typed):
    html = unescape(client.post(address, typed).content.decode())
    assert "You were logged out" in html
    assert "hidden" not in re.sub(r'type="hidden"', "", html.partition("<ol>")[2])
    return re.findall(r"<label[^>]*>([^<]*)</label>\s*<textarea[^>]*>([^<]*)</textarea>", html)


HIDDEN = {"version": "a hidden version", "draft-page": "a hidden page", "seen": "hidden and seen"}


def test_a_statement_and_a_glossary_term_come_back_under_their_labels(client, db):
    statement, term = make_statement(make_article(), state="draft"), make_term("atopy")
    typed = {"sentence": "It may help a little.", "why": "The review says so.", "references": ["1", "2"]}
    labels = texts_handed_back(client, change_url(statement), typed | HIDDEN)
    assert labels == [("Sentence", "It may help a little."), ("Why this rating", "The review says so.")]
    typed = {"definition": "A tendency to allergies.", "also": "atopic march\natopic tendency"}
    labels = texts_handed_back(client, change_url(term), typed | HIDDEN)
    assert labels == [
        ("What it means", "A tendency to allergies."),
        ("Also called", "atopic march\natopic tendency"),
    ]


@pytest.mark.parametrize(
    "step, label",
    [
        ("revision_request", "What has to change, and why"),
        ("revision_approve", "Comment (optional)"),
        ("revision_callback", "Why, and what has to change"),
        ("article_withdraw", "Reason"),
        ("article_submit", "Note to the reviewer (optional)"),
        ("feedback_handle", "What was done, or why nothing needs doing"),
    ],
)
def test_the_text_of_a_step_comes_back_under_its_label(client, db, step, label):
    typed = {"text": "The dose is missing.", "pemat_1": "agree"}

    address = reverse(f"admin:education_{step}", args=[1])
    assert texts_handed_back(client, address, typed | HIDDEN) == [(label, "The dose is missing.")]


def test_a_draft_that_is_not_saved_is_named_when_the_article_is_submitted(client, ana):
    article = make_article()
    submit = reverse("admin:education_article_submit", args=[article.pk])
    assert "is a draft that is not saved" not in page_of(client, submit)

    autosave(client, change_url(article), article_post(article, title="Typed"))
    assert "is a draft that is not saved" in page_of(client, submit)
