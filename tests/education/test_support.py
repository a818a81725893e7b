"""Where to find support: a page about a treatment leads to organisations that the pages on conditions link already."""

import re

import pytest

from education.seed.files import read_content

ARTICLES = read_content().articles
SUPPORT = re.compile(r"Where to find support</h2>(.*?)(?:<h2|$)", re.DOTALL)
ELSEWHERE = re.compile(r'href="(https?://[^"]+)"')
OF_CONDITIONS = {
    link
    for article in ARTICLES
    if article["kind"] == "condition"
    for part in SUPPORT.findall(article["body"])
    for link in ELSEWHERE.findall(part)
}


@pytest.mark.parametrize("slug", [article["slug"] for article in ARTICLES if article["kind"] == "therapy"])
def test_a_treatment_leads_to_organisations_of_its_readers(slug):
    (body,) = [article["body"] for article in ARTICLES if article["slug"] == slug]
    part = re.split(r"Where to find support</h2>|<strong>Support\.</strong>", body)[-1]

    links = ELSEWHERE.findall(part)

    assert len(links) >= 2
    assert set(links) <= OF_CONDITIONS
