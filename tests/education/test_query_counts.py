"""Query counts of the pages that no other test counts: a dozen rows take as many queries as three."""

import datetime

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from education.actions import approve, give_feedback, schedule_withdrawal, submit_for_review
from education.models import Article, Clinician, Feedback, Revision, SynonymGroup
from tests.education.admin_cast import make_author
from tests.education.factories import (
    make_article,
    make_published_article,
    make_reference,
    make_statement,
    make_synonyms,
)

pytestmark = pytest.mark.django_db
SOON = timezone.now() + datetime.timedelta(days=30)


def fill(start, stop):
    """One more of everything: a page with evidence and feedback, and a scheduled revision of it."""
    ana = User.objects.filter(username="ana").first() or make_author()
    for number in range(start, stop):
        article = make_published_article(f"topic-{number}", title=f"Topic {number}")
        make_statement(article, slug=f"statement-{number}", references=[make_reference(f"paper{number}")])
        make_synonyms(f"word {number}", f"other {number}")
        give_feedback(article.live, is_helpful=False, address=f"192.0.2.{number}")
        schedule_withdrawal(article, at=SOON + datetime.timedelta(days=30), by=ana, reason="It will be out of date.")
        approve(submit_for_review(article, by=ana), by=Clinician.objects.get().user, publish_at=SOON)


def queries_of(client, url):
    """On the second visit: on the first one Django fills its cache of content types."""
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200, url
    return len(queries)


def step(name, pk):
    return reverse(f"admin:education_{name}", args=[pk])


def test_public_pages(client, settings):
    settings.SECURITY_CONTACT = ["security@gutskin.example"]
    fill(0, 3)
    counts = {
        "/references/": 1,
        "/references/paper0.ris": 1,
        "/references/paper0.bib": 1,
        "/references/paper0.json": 1,
        "/glossary/": 1,
        "/robots.txt": 0,
        "/.well-known/security.txt": 0,
    }

    assert {url: queries_of(client, url) for url in counts} == counts
    fill(3, 12)
    assert {url: queries_of(client, url) for url in counts} == counts


@pytest.mark.slow
def test_steps_of_the_staff(admin_client):
    fill(0, 3)
    article, scheduled = Article.objects.first(), Revision.objects.scheduled().first()
    waiting = submit_for_review(make_article("waiting"))
    pages = {
        reverse("admin:education_synonymgroup_changelist"): 4,
        step("synonymgroup_change", SynonymGroup.objects.first().pk): 4,
        reverse("admin:education_reference_lookup_register"): 2,
        step("revision_approve", waiting.pk): 5,
        step("revision_request", waiting.pk): 4,
        step("revision_preview", waiting.pk): 5,
        step("revision_callback", scheduled.pk): 4,
        step("article_withdraw", article.pk): 5,
        step("article_keep", article.pk): 3,
        step("article_submit", article.pk): 17,
        step("article_preview", article.pk): 9,
        step("feedback_change", Feedback.objects.first().pk): 7,
        step("feedback_handle", Feedback.objects.first().pk): 4,
    }
    three = {url: queries_of(admin_client, url) for url in pages}
    fill(3, 12)
    dozen = {url: queries_of(admin_client, url) for url in pages}
    assert three == dozen == pages
