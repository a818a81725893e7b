"""The order in which questions are asked: none keeps the others from having their turn."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from education.evidence_watch.looking import look_at_each, look_at_next
from education.evidence_watch.pubmed_search import polite_client
from education.evidence_watch.questions import create_missing_questions
from education.models import EvidenceQuestion
from tests.education import pubmed_server
from tests.education.factories import make_published_article
from tests.education.register_server import status

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
TOO_MANY = json.dumps({"esearchresult": {"count": "10001", "idlist": ["41000001"]}}).encode()


@pytest.fixture
def pubmed(settings):
    with pubmed_server.running(settings) as pubmed:
        make_published_article()
        create_missing_questions(NOW)
        yield pubmed


def run(now):
    """As the command watch_evidence does."""
    questions = EvidenceQuestion.objects.due_or_failed(now).in_order_of_need()
    with polite_client(0) as client:
        return look_at_each(list(questions.select_related("condition", "intervention")), client, now=now)


def test_questions_that_are_too_wide_do_not_end_a_run(pubmed):
    pubmed.instead["esearch"] = [TOO_MANY] * 4

    looks = run(NOW)

    asked = EvidenceQuestion.objects.asked().count()
    assert (looks.asked, looks.failed, looks.left) == (asked, 4, 0)
    assert EvidenceQuestion.objects.filter(state="looked").count() == asked - 4
    assert EvidenceQuestion.objects.filter(state="failed", failure__contains="Make the question narrower").count() == 4
    assert run(NOW + timedelta(hours=2)).asked == 0, "PubMed would say the same"


def test_questions_that_are_too_wide_do_not_stop_the_scheduler(pubmed):
    pubmed.instead["esearch"] = [TOO_MANY] * 3

    rounds = [look_at_next(now=NOW + timedelta(seconds=30 * number), most=1) for number in range(5)]

    assert [(looks.asked, looks.failed) for looks in rounds] == [(1, 1), (1, 1), (1, 1), (1, 0), (1, 0)]


@pytest.mark.parametrize("later", [timedelta(hours=1), timedelta(days=8)])
def test_questions_that_fail_each_time_let_the_others_go_first(pubmed, later):
    pubmed.instead["esearch"] = [status(500)] * 3
    assert run(NOW).left == EvidenceQuestion.objects.asked().count() - 3
    failed = set(EvidenceQuestion.objects.filter(state="failed").values_list("pk", flat=True))

    others = EvidenceQuestion.objects.asked().count() - 3
    pubmed.instead["esearch"] = [None] * others + [status(500)] * 3
    looks = run(NOW + later)

    assert (looks.asked, looks.failed, looks.left) == (others + 3, 3, 0)
    assert set(EvidenceQuestion.objects.filter(state="failed").values_list("pk", flat=True)) == failed


def test_the_scheduler_leaves_a_pubmed_that_is_down_alone_for_an_hour(settings, pubmed):
    settings.PUBMED_URL = "http://127.0.0.1:9"

    rounds = [look_at_next(now=NOW + timedelta(seconds=30 * number), most=1).asked for number in range(5)]
    assert rounds == [1, 1, 1, 0, 0]
    assert look_at_next(now=NOW + timedelta(hours=1, minutes=2), most=1).asked == 1
