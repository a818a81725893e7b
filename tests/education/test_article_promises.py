"""What our own articles do for those who read them, beside plain words: see docs/content-quality.md."""

import re

import pytest

from education.rendering import plain_text
from education.seed.files import read_content

ARTICLES = {article["slug"]: article for article in read_content().articles}
NOT_AFTER_A_REACTION = re.compile(
    r"(?:Food: )?peanut is not for a baby who has (?:already )?reacted to it\.", re.IGNORECASE
)


def words_of(article):
    """In short, what you can do, and the text."""
    return "\n".join([article["key_points"], article["actions"], plain_text(article["body"])])


@pytest.mark.parametrize("slug", ["atopic-dermatitis", "barrier-integrity"])
def test_peanut_is_first_said_not_to_be_for_a_baby_who_has_reacted_to_it(slug):
    lines = [line for line in words_of(ARTICLES[slug]).splitlines() if "peanut" in line.lower()]
    benefits = [line for line in lines if "reduces peanut allergy" in line]

    assert benefits
    assert [line for line in benefits if not NOT_AFTER_A_REACTION.match(line)] == []
    assert "to a baby who has reacted to it" in lines[0] or NOT_AFTER_A_REACTION.match(lines[0])


def test_that_there_is_no_page_is_said_once():
    text = words_of(ARTICLES["other-skin-conditions"])

    assert len(re.findall(r"page of (?:its|their) own", text)) == 1
