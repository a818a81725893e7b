"""Every article of ours can be read by people of eleven: as another program counts, which our own check follows."""

import json
import subprocess
import sys

import pytest

from education.rendering import plain_text
from education.seed.files import read_content

ARTICLES = {article["slug"]: article for article in read_content().articles}
# A process of its own: textstat imports pkg_resources, which warns.
COUNT = """
import json, sys, textstat
textstat.set_lang("en")
texts = json.load(sys.stdin)
def grades(text):
    return [textstat.flesch_kincaid_grade(text), textstat.smog_index(text)]

print(json.dumps({name: grades(text) for name, text in texts.items()}))
"""


@pytest.fixture(scope="module")
def grades():
    texts = json.dumps({slug: own_text(article) for slug, article in ARTICLES.items()})
    done = subprocess.run(  # noqa: S603  our own program
        [sys.executable, "-W", "ignore", "-c", COUNT], input=texts, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def own_text(article):
    """What the article says, without titles, citations and statements. A heading or a list item is a sentence."""
    lines = "\n".join([article["key_points"], article["actions"], plain_text(article["body"])]).splitlines()
    return "\n".join(line if line.endswith((".", "?", "!")) else f"{line}." for line in map(str.strip, lines) if line)


@pytest.mark.parametrize("slug", ARTICLES)
def test_flesch_kincaid_grade_is_at_most_six_and_smog_at_most_nine(grades, slug):
    grade, smog = grades[slug]
    assert grade <= 6.0
    assert smog <= 9.0
