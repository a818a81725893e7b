import pytest

from education.actions import snapshot, submit_for_review
from education.differences import differences, marked, reading_text
from tests.education.factories import make_article, make_published_article

HIDDEN = '<span class="visually-hidden">{} </span>'
ADDED, REMOVED = HIDDEN.format("added:"), HIDDEN.format("removed:")


def test_added_and_removed_words_are_marked():
    assert marked("Keep using your cream.", "Keep using the cream.") == (
        f"Keep using <del>{REMOVED}your </del><ins>{ADDED}the </ins>cream."
    )


def test_words_at_the_end_of_a_line_are_the_same_words():
    assert marked("Use it.\nDaily.", "Use it.\nDaily.") == "Use it.\nDaily."
    assert marked("Use it", "Use it daily") == f"Use it <ins>{ADDED}daily</ins>"


def test_the_text_is_always_escaped():
    assert marked("", "<b>&") == f"<ins>{ADDED}&lt;b&gt;&amp;</ins>"
    assert marked("<b>", "") == f"<del>{REMOVED}&lt;b&gt;</del>"


def test_reading_text_shows_headings_lists_citations_links_and_glossary_words():
    body = (
        '<h2>Food</h2><p>Eat <dfn data-term="fibre">fibre</dfn>.<cite data-ref="zhao2025" data-locator="p. 4"></cite>'
        "</p>"
        '<ul><li><p>less sugar</p></li><li>see <a href="/glossary/">words</a></li></ul>'
    )
    assert reading_text(body) == (
        "## Food\nEat fibre (glossary: fibre). [zhao2025, p. 4]\n• less sugar\n• see words </glossary/>"
    )


@pytest.mark.django_db
def test_every_part_of_a_page_is_compared():
    article = make_published_article()
    other = make_article("psoriasis", title="Psoriasis and your gut")
    article.title = "Eczema, your skin and your gut"
    article.body = article.body.replace('<cite data-ref="petersen2019"></cite>', "")
    article.save()
    article.related.add(other)
    article.care_cards.create(level="urgent", heading="Ask today if:", items="fever", advice="Go soon.")
    revision = submit_for_review(article)

    parts = {part["name"]: part for part in differences(revision, article.live)}

    changed = {name for name, part in parts.items() if part["changed"]}
    assert changed == {"Title", "Text", "Care cards", "References in order of citation", "Related articles"}
    assert f"<del>{REMOVED}[petersen2019] </del>" in parts["Text"]["html"]
    assert "Urgent: Ask today if:\n• fever\nGo soon." in parts["Care cards"]["html"]
    assert "Psoriasis and your gut" in parts["Related articles"]["html"]


@pytest.mark.django_db
def test_other_line_ends_are_no_difference():
    article = make_published_article()
    before = snapshot(article)
    before.summary = before.conflicts_of_interest = "One.\nTwo.\n"
    after = snapshot(article)
    after.summary = after.conflicts_of_interest = "One.\r\nTwo."

    assert [part["name"] for part in differences(after, before) if part["changed"]] == []


@pytest.mark.django_db
def test_a_first_revision_has_no_marks():
    parts = differences(submit_for_review(make_article()))
    assert not any(part["changed"] for part in parts)
    assert all("<ins>" not in part["html"] for part in parts)
