"""PostgreSQL reads search by its indexes, however common a word is, and unpacks few texts."""

import json
import re

import pytest
from django.db import connection, transaction

from education import search
from education.models import GlossaryTerm, SearchDocument
from education.search.backends import MANY_MATCHES, MOST_TEXTS

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="the plans of PostgreSQL"),
]
DOCUMENTS = 2 * MANY_MATCHES
# In all titles, in half of the summaries, in all texts, in nine of ten texts, and nowhere.
TITLE, SUMMARY, TEXT, SOME_TEXTS, NOWHERE = "page", "butyrate", "kefir", "zinc", "unicorn"
SEARCHES = [TITLE, SUMMARY, TEXT, SOME_TEXTS, NOWHERE, f"{SUMMARY} {TEXT}", f"{TITLE} {NOWHERE}", f"{TEXT} {NOWHERE}"]
SEARCHES.append(f"{TITLE} {SUMMARY} {SOME_TEXTS} {NOWHERE}")


@pytest.fixture(scope="module", autouse=True)
def many_documents(django_db_setup, django_db_blocker):
    """Made once. Statistics say how common each word is; they are rolled back with the rows."""
    with django_db_blocker.unblock(), transaction.atomic():
        terms = GlossaryTerm.objects.bulk_create(
            GlossaryTerm(slug=f"page-{number}", term=f"Page {number}", definition="") for number in range(DOCUMENTS)
        )
        SearchDocument.objects.bulk_create(document(number, term) for number, term in enumerate(terms))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE education_searchdocument")
        yield
        transaction.set_rollback(True)


def document(number, term):
    return SearchDocument(
        subject=SearchDocument.Subject.GLOSSARY,
        language="en",
        url=f"/glossary/{term.slug}/",
        term=term,
        title=term.term,
        title_terms=f"page {number}",
        summary_terms="butyr" if number % 2 else "",
        text_terms=" ".join(["kefir", "zinc" if number % 10 else "", *(f"word{each}" for each in range(40))]),
    )


def plans(work, *arguments):
    """All steps of each query that matches documents, with what they did."""
    asked = []

    def remember(execute, sql, params, many, context):
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(remember):
        work(*arguments)
    found = []
    for sql, params in asked:
        if "@@" in sql:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, VERBOSE, FORMAT JSON) {sql}", params)
                [[explained]] = cursor.fetchall()
            found.append(below((json.loads(explained) if isinstance(explained, str) else explained)[0]["Plan"]))
    assert found
    return found


def below(step):
    return [step, *(each for child in step.get("Plans", ()) for each in below(child))]


def whole_texts(plan):
    """How many documents were scored by all of their words."""
    scored = re.compile(r"ts_rank\(.*document\w*\.search_vector")
    return sum(step["Actual Loops"] for step in plan if scored.search(str(step.get("Output"))))


def assert_good(plan, most_whole_texts):
    on_documents = {step["Node Type"] for step in plan if step.get("Relation Name") == "education_searchdocument"}
    assert on_documents <= {"Bitmap Heap Scan", "Index Scan"}
    # To start processes for a query takes longer than a search.
    assert not [step["Node Type"] for step in plan if step["Node Type"].startswith("Gather")]
    assert whole_texts(plan) <= most_whole_texts


@pytest.mark.parametrize("page", [1, 7])
@pytest.mark.parametrize("text", SEARCHES)
def test_search_reads_an_index_and_unpacks_few_texts(text, page):
    for plan in plans(lambda: search.find(text, page=page)):
        assert_good(plan, MOST_TEXTS)


@pytest.mark.parametrize("text", [TITLE, TITLE[:3], SUMMARY, SUMMARY[:5], f"{SUMMARY} {TITLE[:3]}", NOWHERE])
def test_suggestions_read_an_index_and_unpack_no_text(text):
    for plan in plans(search.suggest, text):
        assert_good(plan, 0)


def test_the_feed_of_a_search_reads_an_index():
    for plan in plans(search.matching_documents, TEXT):
        assert_good(plan, MOST_TEXTS)


def test_texts_are_unpacked_where_only_they_have_the_word():
    """Or the tests above would hold whatever a search does."""
    assert [whole_texts(plan) for plan in plans(search.find, TEXT)] == [MOST_TEXTS]
