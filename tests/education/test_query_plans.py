"""SQLite plans public pages alike before and after ANALYZE: its statistics made some of them ten times slower."""

import pytest
from django.db import connection

from tests.education.factories import make_published_article, make_statement

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="EXPLAIN QUERY PLAN is SQLite's"),
]
ADDRESSES = [
    "/",
    "/conditions/",
    "/conditions/acne/",
    "/therapies/probiotics/",
    "/evidence/",
    "/evidence/?condition=acne",
    "/evidence/?therapy=probiotics",
    "/evidence.csv",
    "/evidence.json?condition=acne",
    "/feed/",
    "/sitemap.xml",
    "/sitemap-articles.xml",
    "/sitemap-lists.xml",
    "/search/?q=acne",
    "/search/suggestions/?q=acn",
    "/search/feed/?q=acne",
]
# What ANALYZE wrote for 10,000 articles: table, index, number of rows, and rows for each value of its columns.
STATISTICS = """
education_article article_public_list 10012 5006 2003 1
education_article article_translations 200 1
education_article education_article_translation_of_id_28649f4b 10012 10012
education_article education_article_slug_68f3da7a 10012 1
education_article sqlite_autoindex_education_article_2 10012 5006 1
education_article sqlite_autoindex_education_article_1 10012 1
education_revision revision_published_last 10012 10012 1 1
education_revision education_revision_reviewer_id_c0294fee 10012 5006
education_revision education_revision_article_id_fd580bae 10012 1
education_revision one_published_revision 10012 1
education_revision revision_created 10012 1
education_revision revision_review_due 10012 10012 30
education_revision sqlite_autoindex_education_revision_1 10012 1 1
education_revision_references education_revision_references_reference_id_5cc595bf 94004 19
education_revision_references education_revision_references_revision_id_46b03188 94004 10
education_revision_references education_revision_references_revision_id_reference_id_724fd887_uniq 94004 10 1
education_reference education_reference_merged_into_id_67b35e46 5073 5073
education_reference sqlite_autoindex_education_reference_1 5073 1
education_evidencestatement statement_published 25051 7 7 7
education_evidencestatement education_evidencestatement_therapy_id_6f324715 25051 9
education_evidencestatement education_evidencestatement_reviewed_by_id_9e3b3ff4 25051 25051
education_evidencestatement education_evidencestatement_condition_id_823bafe6 25051 7
education_evidencestatement education_evidencestatement_slug_8a689f13 25051 1
education_evidencestatement one_published_statement_of_a_slug 25051 25051 1
education_evidencestatement_references education_evidencestatement_references_reference_id_c6c6e57e 35692 8
education_evidencestatement_references education_evidencestatement_references_evidencestatement_id_0d0d3def 35692 2
education_evidencestatement_references
    education_evidencestatement_references_evidencestatement_id_reference_id_4bb8150a_uniq 35692 2 1
education_searchdocument education_search_kinds 36122 1 1 1
education_searchdocument sqlite_autoindex_education_searchdocument_3 36122 35
education_searchdocument sqlite_autoindex_education_searchdocument_2 36122 2
education_searchdocument sqlite_autoindex_education_searchdocument_1 36122 4
education_searchword sqlite_autoindex_education_searchword_1 1801 901 1
""".replace("\n    ", " ")


class Queries:
    """Remembers what was asked, with its parameters apart: a plan may not depend on their values."""

    def __init__(self):
        self.asked = {}

    def __call__(self, execute, sql, params, many, context):
        self.asked[sql] = params
        return execute(sql, params, many, context)

    def plans(self):
        with connection.cursor() as cursor:
            found = {}
            for sql, params in self.asked.items():
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
                found[sql] = [row[3] for row in cursor.fetchall()]
            return found


@pytest.fixture
def statistics():
    """Call it to have SQLite plan like on a large site."""

    def believe():
        with connection.cursor() as cursor:
            # Makes the table. Of all tables, SQLite would remember how small they are.
            cursor.execute("ANALYZE education_searchword")
            cursor.execute("DELETE FROM sqlite_stat1")
            rows = [line.split(" ", 2) for line in STATISTICS.strip().splitlines()]
            cursor.executemany("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (%s, %s, %s)", rows)
            cursor.execute("ANALYZE sqlite_schema")

    yield believe
    with connection.cursor() as cursor:
        # The rollback restores the table. SQLite itself has to be told.
        cursor.execute("DELETE FROM sqlite_stat1")
        cursor.execute("ANALYZE sqlite_schema")


@pytest.mark.parametrize("address", ADDRESSES)
def test_statistics_change_no_plan(client, statistics, address):
    acne = make_published_article("acne", title="Acne and your gut")
    make_statement(acne, therapy=make_published_article("probiotics", kind="therapy", title="Probiotics"))
    queries = Queries()
    with connection.execute_wrapper(queries):
        assert client.get(address).status_code == 200
    before = queries.plans()

    statistics()

    after = queries.plans()
    assert before
    assert {sql: plan for sql, plan in after.items() if plan != before[sql]} == {}


ICD_10_CM = "2.16.840.1.113883.6.90"
OF_ONE_PAGE = [
    "/conditions/acne/",
    "/conditions/acne.jsonld",
    "/conditions/acne/more/",
    "/therapies/probiotics/",
    "/references/zhao2025/",
    f"/connect/application?mainSearchCriteria.v.cs={ICD_10_CM}&mainSearchCriteria.v.c=L70.0",
]


@pytest.mark.parametrize("address", OF_ONE_PAGE)
def test_what_is_about_one_page_reads_no_table_as_a_whole(client, address):
    """Nor every page of a language, which on most sites is the same."""
    acne = make_published_article("acne", title="Acne")
    acne.codes.create(system=ICD_10_CM, code="L70.0", display="Acne vulgaris")
    make_statement(acne, therapy=make_published_article("probiotics", kind="therapy", title="Probiotics"))
    queries = Queries()
    with connection.execute_wrapper(queries):
        assert client.get(address).status_code == 200
    steps = [(step, sql) for sql, plan in queries.plans().items() for step in plan]
    # The synonyms of search are some dozens.
    steps = [(step, sql) for step, sql in steps if "synonym" not in step]
    assert [each for each in steps if each[0].startswith("SCAN education_") or "(language=?)" in each[0]] == []
