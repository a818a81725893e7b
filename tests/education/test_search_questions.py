"""Questions of patients and the pages that should come first, on every database."""

import sys
from pathlib import Path

import pytest
import yaml
from django.db import connection, transaction

from education import search
from education.models import SearchDocument
from education.search.parsing import parse
from education.search.results import ENOUGH, MANY_WORDS
from education.search.synonyms import groups_by_phrase
from tests.content import load_content

# pytest-django creates the database only if a test is marked.
pytestmark = pytest.mark.django_db

QUESTIONS = yaml.load(Path(__file__).with_name("questions.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
FIELDS = ("title_terms", "summary_terms", "heading_terms", "text_terms")
GOOD_ENOUGH = 0.90


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    """The seed content, loaded once."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_content()
        yield list(SearchDocument.objects.all())
        transaction.set_rollback(True)


def seen_from_the_top(question):
    """Addresses in the order in which a reader sees them: a definition comes before the results."""
    found = search.find(question)
    explained = [found.definition.get_absolute_url()] if found.definition else []
    return explained, [result.url for result in found.results]


def rank(question, wanted):
    """1 for the first result, 0 if it is not on the first page. A definition does not count as a result."""
    explained, results = seen_from_the_top(question)
    if not wanted.isdisjoint(explained):
        return 1
    return next((place for place, url in enumerate(results, start=1) if url in wanted), 0)


def test_the_table_is_large_enough_and_covers_every_article(site):
    addresses = {document.url for document in site}
    assert len({question["ask"] for question in QUESTIONS}) == len(QUESTIONS) >= 160
    wanted = {url for question in QUESTIONS for url in question["first"]}
    assert wanted - addresses == set()
    articles = {document.url for document in site if document.article_id}
    assert articles - wanted == set()


def test_mean_reciprocal_rank_of_what_patients_ask(site, capsys):
    ranks = {question["ask"]: rank(question["ask"], set(question["first"])) for question in QUESTIONS}
    score = sum(1 / place for place in ranks.values() if place) / len(ranks)
    with capsys.disabled():
        sys.stdout.write(f"\nMean reciprocal rank of {len(ranks)} questions on {connection.vendor}: {score:.3f}\n")
    sys.stdout.writelines(f"{place or 'not found':>9}  {ask}\n" for ask, place in ranks.items() if place != 1)
    assert score >= GOOD_ENOUGH, {question: place for question, place in ranks.items() if place != 1}


def terms_of(document):
    """A list for each of its fields, and all of them as a set."""
    fields = [getattr(document, field).split(" ") for field in FIELDS]
    return fields, {term for field in fields for term in field}


def matches(document_terms, group):
    """Whether the document has one alternative of the group, computed without a database from the same terms."""
    return any(alternative_is_in(*document_terms, alternative) for alternative in group)


def alternative_is_in(fields, every, alternative):
    *others, last = alternative.terms
    if alternative.side_by_side:
        if not every.issuperset(alternative.terms):
            return False
        size = len(alternative.terms)
        return any(
            tuple(field[start : start + size]) == alternative.terms for field in fields for start in range(len(field))
        )
    has_last = any(term.startswith(last) for term in every) if alternative.prefix else last in every
    return has_last and every.issuperset(others)


@pytest.mark.slow
def test_every_database_finds_the_same_documents(site):
    """Compares matches and counts with those computed in Python."""
    synonyms = groups_by_phrase("en")
    site_terms = {document.pk: terms_of(document) for document in site}
    different = {}
    for question in [entry["ask"] for entry in QUESTIONS]:
        found = search.find(question, as_typed=True)
        query = parse(question, "en", synonyms)
        having = {pk: [matches(terms, group) for group in query.groups] for pk, terms in site_terms.items()}
        every = {pk for pk, groups in having.items() if all(groups)}
        expected = every
        if len(query.groups) >= MANY_WORDS and len(every) < ENOUGH and not found.definition:
            expected = {pk for pk, groups in having.items() if groups.count(False) <= 1}
        if not expected and len(query.groups) > 1:
            expected = {pk for pk, groups in having.items() if any(groups)}
        # Only the keys: the texts of so many documents and of their owners take longer to fetch than to find.
        matching = set(search.matching_documents(question).values_list("pk", flat=True))
        if matching != every or found.total != len(expected):
            different[question] = (found.total, len(expected))
    assert different == {}
