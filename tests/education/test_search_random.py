"""Nothing that a visitor types can cause an error."""

import random
import sys

import pytest
from django.test import Client
from django.utils.http import urlencode

from education import search
from tests.education.factories import make_published_article, make_statement, make_synonyms, make_term
from tests.examples import examples

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

STRINGS = examples(10_000)
EVERY_ASCII_CHARACTER = [chr(code) for code in range(128)]
OPERATORS = [
    '"', "'", "*", "(", ")", "NEAR(", "AND", "OR", "NOT", "title_terms :", "^", "+", "-", "&", "|", "!", ":*", "<->",
    "\\", "%s", "%(match)s", "{matched}", "--", ";", "/*", "\x00", "\x1a", "$1", "?1", ":match", "@x", "<b>", "&lt;",
]  # fmt: skip
WORDS = [
    "eczema",
    "Exzema",
    "probiotic",
    "atopic dermatitis",
    "gut",
    "butyr",
    "what",
    "is",
    "helps",
    "İstanbul",
    "straße",
]
SCRIPTS = [
    "الجلد والأمعاء",
    "\u202eskin\u202c",
    "עור",
    "皮膚",
    "त्वचा",
    "\u200b",
    "e\u0301",
    "ﬁ",
    "½",
    "𝕖𝕔",
    "💩",
    "👩🏽‍⚕️",
    "\ud800",
]


@pytest.fixture
def some_pages(db):
    make_synonyms("eczema", "atopic dermatitis")
    make_statement(make_published_article())
    search.index_term(make_term("butyrate", also=["butyric acid"]))


def random_string(chance):
    """Characters of all planes, operators of both databases, words of the site, and mixtures of these.

    Most are short: a character does harm alone or next to one other, and ten thousand searches take time.
    """
    kind = chance.randrange(8)
    if kind <= 1:
        return "".join(chr(chance.randrange(sys.maxunicode + 1)) for _ in range(chance.randrange(1, 5)))
    if kind <= 3:
        return "".join(chance.choices(EVERY_ASCII_CHARACTER, k=chance.randrange(1, 6)))
    if kind == 4:
        return "".join(chr(chance.randrange(0x800)) for _ in range(chance.randrange(1, 5)))
    if kind == 5:
        return "".join(chance.choices(OPERATORS, k=chance.randrange(1, 9)))
    pieces = chance.choices(OPERATORS + WORDS + SCRIPTS, k=chance.randrange(1, 6))
    return ("" if kind == 6 else " ").join(pieces)


def strings(number):
    """The same strings on every run."""
    chance = random.Random(20261122)  # noqa: S311  nothing here is secret
    long = ["eczema " * 1_500, '"' * 10_000, "a*" * 5_000, "(" * 10_000, "💩" * 10_000, "\u0301" * 10_000, "x" * 10_000]
    return [*EVERY_ASCII_CHARACTER, *OPERATORS, *SCRIPTS, *long, *(random_string(chance) for _ in range(number))]


def test_random_strings_cause_no_error(some_pages):
    for string in strings(STRINGS):
        assert search.find(string).total >= 0, string


def test_random_strings_cause_no_error_as_suggestions(some_pages):
    for string in strings(examples(200)):
        assert len(search.suggest(string)) <= 6, string


@pytest.mark.parametrize("address", ["/search/", "/search/suggestions/", "/search/feed/"])
def test_random_strings_cause_no_error_over_http(some_pages, address):
    """The site refuses NUL before search sees it; a lone surrogate arrives as bytes that are not UTF-8."""
    client = Client()
    for string in strings(examples(60)):
        response = client.get(f"{address}?{urlencode({'q': string.encode('utf-8', 'surrogatepass')})}")
        assert response.status_code == (400 if "\0" in string else 200), string


@pytest.mark.parametrize("raw", ["%ff%fe", "%ed%a0%80", "%c3", "%f5%80%80%80", "a%", "%", "%zz", "&q=", "a&q=b&q=c"])
def test_bytes_that_are_not_text_cause_no_error(client, some_pages, raw):
    for address in ("/search/", "/search/suggestions/", "/search/feed/"):
        assert client.get(f"{address}?q={raw}").status_code == 200
