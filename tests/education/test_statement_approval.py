"""A statement is signed by a reviewer who has seen all of it, and an author who types meanwhile loses nothing."""

import pytest
from django.urls import reverse

from education.actions import ActionRefused, approve_statement, content_digest, revise_statement
from tests.education.admin_cast import change_url, make_author, make_clinical_reviewer
from tests.education.factories import make_article, make_reference, make_statement

pytestmark = pytest.mark.django_db
REPLACED = "The statement that it replaces leaves the site."


def approve_url(statement):
    return reverse("admin:education_evidencestatement_approve", args=[statement.pk])


@pytest.fixture
def reviewer(client):
    user = make_clinical_reviewer()
    client.force_login(user)
    return user


@pytest.fixture
def paper():
    return make_reference("eguren2024", doi="10.2340/x", title="Probiotics and acne")


def test_the_page_shows_all_that_is_signed(client, reviewer, paper):
    number = {"what": "Acne became milder", "with_count": 50, "out_of": 100, "low": 31, "high": 66, "source": paper}
    draft = make_statement(
        make_article(), state="draft", references=[paper], why="THE REASON.", staff_note="TO BE CHECKED",
        numbers=[number | {"who": "Adults with acne", "worked_out": "20 of 40"}],
    )  # fmt: skip
    page = client.get(approve_url(draft)).content.decode()

    for words in (
        draft.sentence, "Little or no difference", "Moderate", "THE REASON.", "TO BE CHECKED",
        "Acne became milder: 50 in 100 with it.", "from 31 to 66", "Adults with acne", "20 of 40",
        "Probiotics and acne",
    ):  # fmt: skip
        assert words in page
    assert REPLACED not in page
    assert "no change" not in page


def test_the_page_of_a_search_and_of_a_recommendation_shows_them(client, reviewer):
    nothing = make_statement(
        make_article(), state="draft", effect="no-trials", certainty="", sentence="We found no trials.",
        search_where="PubMed", search_words="probiotic rosacea", search_date="2026-11-01", search_by="Ana",
    )  # fmt: skip
    page = client.get(approve_url(nothing)).content.decode()
    for words in ("Where: PubMed", "Words: probiotic rosacea", "Day: 1 November 2026", "Who looked: Ana"):
        assert words in page
    assert "Records read: not counted" in page

    advice = make_statement(
        nothing.condition, slug="advice", state="draft", effect="recommendation", certainty="",
        recommended_by="NICE, 2023", direction="against", strength="strong", certainty_beneath="low",
    )  # fmt: skip
    page = client.get(approve_url(advice)).content.decode()
    for words in ("Who recommends: NICE, 2023", "Direction: Against", "Strength: strong", "Certainty beneath: Low"):
        assert words in page


def test_the_page_of_a_revised_statement_marks_what_changed(client, reviewer):
    draft = revise_statement(make_statement(make_article()), by=make_author())
    draft.why = "The review's new rating."
    draft.save()
    page = client.get(approve_url(draft)).content.decode()

    assert "compared with the published statement" in page
    assert "new </ins>" in page
    assert "own </del>" in page
    assert "Outcome: no change" in page
    # Nothing was looked for, so nothing was left uncounted.
    assert "not counted" not in page
    assert REPLACED in page


def test_what_is_signed_cannot_be_signed_again(client, reviewer):
    statement = approve_statement(make_statement(make_article()), by=make_clinical_reviewer("rosa", name="Rosa Diaz"))
    assert "Approve…" not in client.get(change_url(statement)).content.decode()
    assert client.get(approve_url(statement)).url == change_url(statement)
    assert "This statement is signed and published." in client.post(approve_url(statement)).content.decode()
    with pytest.raises(ActionRefused, match="This statement is signed"):
        approve_statement(statement, by=reviewer)

    draft = revise_statement(statement, by=make_author())
    assert "Approve…" in client.get(change_url(draft)).content.decode()


def test_a_note_changed_after_the_reviewer_opened_the_page_has_to_be_read(reviewer):
    draft = make_statement(make_article(), state="draft")
    seen = content_digest(draft)
    draft.staff_note = "Not sure about the table."
    draft.save()
    with pytest.raises(ActionRefused, match="was changed after you opened"):
        approve_statement(draft, by=reviewer, seen=seen)


def test_text_typed_while_a_reviewer_approved_is_handed_back(client, paper):
    number = {"what": "Acne became milder", "with_count": 50, "out_of": 100, "source": paper}
    draft = make_statement(make_article(), state="draft", references=[paper], numbers=[number])
    client.force_login(make_author())
    typed = {
        "sentence": draft.sentence, "why": "Typed <too> late.", "references": [paper.pk],
        "numbers-0-id": draft.numbers.get().pk, "numbers-0-what": "Acne became milder", "numbers-0-with_count": "51",
        "numbers-__prefix__-what": "nothing", "numbers-1-what": "Quality of life",
    }  # fmt: skip
    approve_statement(draft, by=make_clinical_reviewer())
    response = client.post(change_url(draft), typed)
    page = response.content.decode()

    assert response.status_code == 409
    assert "A reviewer approved this statement after you opened it" in page
    assert "Typed &lt;too&gt; late." in page
    assert "Number 1: people with it" in page
    assert "Quality of life" in page
    assert draft.sentence not in page, "only what differs has to be copied"
    assert "Send it again" not in page
    assert reverse("admin:education_evidencestatement_revise", args=[draft.pk]) in page
    draft.refresh_from_db()
    assert draft.why == "The review's own rating."


def test_text_typed_into_a_statement_is_handed_back_to_authors_only(client, reviewer):
    statement = make_statement(make_article())
    assert client.post(change_url(statement), {"why": "Typed by a reviewer."}).status_code == 403


def test_the_short_name_of_a_statement_that_replaces_another_stays(client):
    statement = make_statement(make_article())
    draft = revise_statement(statement, by=make_author())
    client.force_login(draft.author)
    assert 'name="slug"' not in client.get(change_url(draft)).content.decode()
    new = make_statement(statement.condition, slug="new", state="draft")
    assert 'name="slug"' in client.get(change_url(new)).content.decode()
