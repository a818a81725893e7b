import datetime

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from education.actions import submit_for_review
from education.models import Article, Clinician, Revision
from tests.education.admin_cast import make_author
from tests.education.factories import (
    make_article,
    make_published_article,
    make_reference,
    make_reviewer,
    make_statement,
    make_term,
)
from tests.pages import Page

pytestmark = pytest.mark.django_db


def fill(start, stop):
    """One more of everything: each article has a live page and a revision that waits for review."""
    ana = User.objects.filter(username="ana").first() or make_author()
    Clinician.objects.filter(name="Rosa Lind").exists() or make_reviewer()
    for number in range(start, stop):
        article = make_published_article(f"topic-{number}", title=f"Topic {number}", updated_by=ana)
        article.codes.create(system="2.16.840.1.113883.6.90", code=f"L{number}", display="Something")
        submit_for_review(article, by=ana)
        make_statement(article, slug=f"statement-{number}", author=ana)
        make_reference(f"source{number}")
        make_term(f"word-{number}", article=article)
        Clinician.objects.create(name=f"Clinician {number}", role="Dermatologist")


LISTS = ["article", "revision", "review", "evidencestatement", "reference", "glossaryterm", "clinicalcode", "clinician"]


def queries_of(client, url):
    """Counted at the second visit: the first one also fills Django's cache of content types."""
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.slow
def test_a_dozen_rows_cost_as_many_queries_as_three(admin_client):
    fill(0, 3)
    urls = [reverse(f"admin:education_{name}_changelist") for name in LISTS]
    urls.append(reverse("admin:education_article_change", args=[Article.objects.first().pk]))
    urls.append(reverse("admin:education_revision_change", args=[Revision.objects.first().pk]))
    urls.append(reverse("admin:index"))
    three = {url: queries_of(admin_client, url) for url in urls}
    fill(3, 12)
    assert {url: queries_of(admin_client, url) for url in urls} == three
    assert max(three.values()) < 30


def rows(client, **query):
    response = client.get(reverse("admin:education_article_changelist"), query)
    return [article.slug for article in response.context["cl"].result_list], response.content.decode()


def test_the_list_shows_the_status_of_each_public_page(admin_client):
    make_reviewer()
    make_article("draft")
    make_published_article("reviewed")
    make_published_article("late")
    make_published_article("unsigned")
    long_ago = datetime.date(2020, 1, 1)
    Revision.objects.filter(article__slug="late").update(last_reviewed=long_ago, next_review_due=long_ago)
    Revision.objects.filter(article__slug="unsigned").update(reviewer=None, last_reviewed=None, next_review_due=None)
    waiting = submit_for_review(Article.objects.get(slug="reviewed"))

    page = rows(admin_client)[1]
    for words in ("Not published", "Reviewed on", "Review overdue", "Awaiting clinical review"):
        assert words in page
    assert reverse("admin:education_revision_change", args=[waiting.pk]) in page

    for value, slug in {
        "unpublished": "draft",
        "reviewed": "reviewed",
        "overdue": "late",
        "awaiting": "unsigned",
    }.items():
        assert rows(admin_client, page=value)[0] == [slug]
    assert rows(admin_client, waiting="yes")[0] == ["reviewed"]
    assert set(rows(admin_client, waiting="no")[0]) == {"draft", "late", "unsigned"}
    assert rows(admin_client, q="nothing like it")[0] == []


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("revision", {"q": "eczema", "state": "in_review"}),
        ("review", {"q": "eczema", "decision": "approve"}),
        ("evidencestatement", {"q": "probiotics", "state": "draft"}),
        ("reference", {"q": "zhao", "status": "rejected"}),
        ("glossaryterm", {"q": "skin", "language": "en"}),
        ("clinicalcode", {"q": "L20", "is_confirmed": "1"}),
        ("clinician", {"q": "rosa", "is_listed": "1"}),
    ],
)
def test_every_list_can_be_searched_and_filtered(admin_client, name, query):
    fill(0, 1)
    assert admin_client.get(reverse(f"admin:education_{name}_changelist"), query).status_code == 200


@pytest.mark.parametrize(
    ("name", "query", "count"),
    [
        ("evidencestatement", {"condition": "topic 1"}, 1),
        ("evidencestatement", {"condition": "nothing like it"}, 0),
        ("revision", {"author": "an", "state": "in_review"}, 3),
        ("revision", {"reviewer": "nobody"}, 0),
        ("review", {"clinician": "LIND"}, 3),
        ("review", {"clinician": " "}, 3),
    ],
)
def test_lists_are_narrowed_by_words_that_are_typed(admin_client, name, query, count):
    fill(0, 3)

    response = admin_client.get(reverse(f"admin:education_{name}_changelist"), query)

    assert response.context["cl"].result_count == count


def test_a_filter_to_type_in_keeps_the_other_choices(admin_client):
    fill(0, 1)
    query = {"state": "draft", "condition": "topic", "p": "1"}

    page = Page(admin_client.get(reverse("admin:education_evidencestatement_changelist"), query).content.decode())

    # In the form of the filter, and in that of the search.
    assert {field["value"] for field in page.all("input", name="state", type="hidden")} == {"draft"}
    assert page.one("input", name="condition", type="search")["value"] == "topic"
    assert not page.all("input", name="p")


def test_deleting_says_how_many_rows_stand_in_the_way(admin_client):
    fill(0, 2)
    clinician = Clinician.objects.get(name="Rosa Lind")

    page = admin_client.get(reverse("admin:education_clinician_delete", args=[clinician.pk])).content.decode()

    assert "<li>2 reviews</li>" in page
    assert "Topic 0" not in page
