"""No text that an author can paste keeps a process busy. Before, each of these took from ten seconds to minutes."""

import random
import re
import time
from contextlib import contextmanager, suppress

import pytest
from django.core.exceptions import ValidationError

from education.actions import ActionRefused, submit_for_review
from education.differences import marked
from education.models import Article
from education.readability import is_long_paragraph, reading_grade
from education.sanitiser import sanitise
from gutskin import limits
from tests.education.admin_cast import article_post, change_url, make_author
from tests.education.factories import make_article

SECONDS = 4  # of processor time, which other programs on a busy machine do not take; a fraction of one is needed
NESTED = {
    "blockquotes": "<blockquote>" * 8_000,
    "lists": "<ul><li>" * 12_000,
    "tags that go": "<dl>" * 20_000,
    "wrong ends": "<em>x</p>" * 11_000,
}


@contextmanager
def soon():
    begin = time.process_time()
    yield
    assert time.process_time() - begin < SECONDS


@pytest.mark.parametrize("html", [*NESTED.values(), "<div>" * 70_000, "<b>" * 70_000], ids=[*NESTED, "long", "long b"])
def test_html_that_is_too_much_is_refused_before_it_is_parsed(html):
    with soon(), pytest.raises(ValidationError):
        sanitise(html)


@pytest.mark.parametrize(
    "unit", ["<dl><select></dl></select>", "<div><svg></div></svg>", "<div><table></div></table>", "</p>", "&", "<a &"]
)
def test_html_that_is_nested_in_a_way_that_counting_does_not_see_is_parsed_in_time(unit):
    # What it becomes may be too long: “&” is five characters there.
    with soon(), suppress(ValidationError):
        sanitise(unit * (limits.CHECKED_ARTICLE_CHARACTERS // len(unit)))


def test_a_text_of_the_editor_is_nested_less():
    inside = "<blockquote><p><strong><em>Two<br></em></strong></p></blockquote>"
    whole = f"<ul><li><p>One</p><ol><li>{inside}</li></ol></li></ul>" * 400

    assert sanitise(whole) == whole


@pytest.mark.django_db
@pytest.mark.parametrize("name", NESTED)
def test_a_form_with_such_a_text_comes_back_with_a_sentence(client, name):
    article = make_article()
    client.force_login(make_author())
    with soon():
        response = client.post(change_url(article), article_post(article, body=NESTED[name]))

    assert "too many elements inside one another" in str(response.context["adminform"].form.errors["body"])
    before = article.body
    article.refresh_from_db()
    assert article.body == before


@pytest.mark.django_db
def test_neither_the_checks_nor_the_submission_parse_it(client):
    article = make_article()
    Article.objects.update(body=NESTED["lists"])
    client.force_login(make_author())
    with soon():
        panel = client.post(f"/admin/education/article/{article.pk}/checks/", {"body": NESTED["lists"]})
        with pytest.raises(ActionRefused, match="too many elements"):
            submit_for_review(article)

    assert "too many elements" in panel.content.decode()


def words_of(kind):
    """Two thousand words in two versions."""
    chosen = random.Random(1)  # noqa: S311  no secret
    one_of = {"equal": "a", "two kinds": "ab", "few kinds": "abcdefgh"}[kind]
    return ["".join(f"{chosen.choice(one_of)} " for _ in range(2_000 + more)) for more in (0, 1)]


@pytest.mark.parametrize("kind", ["equal", "two kinds", "few kinds"])
def test_texts_of_the_same_few_words_are_compared_in_time_and_completely(kind):
    old, new = words_of(kind)
    with soon():
        html = marked(old, new)

    html = re.sub(r'<span class="visually-hidden">\w+: </span>', "", html)
    assert re.sub("<del>.*?</del>|</?ins>", "", html).split() == new.split()
    assert re.sub("<ins>.*?</ins>|</?del>", "", html).split() == old.split()


def test_a_changed_word_among_two_thousand_equal_ones_is_marked_alone():
    html = marked("a " * 2_000, "a " * 1_000 + "b " + "a " * 999)

    assert (html.count("<del>"), html.count("<ins>")) == (1, 1)
    assert len(re.search("<ins>.*</ins>", html)[0]) < 70


@pytest.mark.parametrize("row", ["." * 90_000, "?!" * 45_000, '."' * 45_000, ". " * 45_000, ":" * 90_000])
def test_rows_of_punctuation_are_read_in_time(row):
    with soon():
        reading_grade(f"Word {row}x")
        is_long_paragraph(f"Word {row}x")
