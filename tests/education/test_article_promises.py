"""What our own articles do for those who read them, beside plain words: see docs/content-quality.md."""

import re

from education.rendering import plain_text
from education.seed.files import read_content

ARTICLES = {article["slug"]: article for article in read_content().articles}


def words_of(article):
    """In short, what you can do, and the text."""
    return "\n".join([article["key_points"], article["actions"], plain_text(article["body"])])


def test_that_there_is_no_page_is_said_once():
    text = words_of(ARTICLES["other-skin-conditions"])

    assert len(re.findall(r"page of (?:its|their) own", text)) == 1
