"""What the lists of new papers and of questions say about the look for new papers, above all when they are empty."""

from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.urls import reverse

from education.evidence_watch.questions import create_missing_questions
from education.models import EvidenceQuestion, Intervention, NewPaper
from gutskin.heartbeats.models import beat
from tests.education.factories import make_published_article

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
PAPERS = reverse("admin:education_newpaper_changelist")
QUESTIONS = reverse("admin:education_evidencequestion_changelist")
FOR_WHAT = "New trials and reviews wait here until someone decides what they mean for our statements."
NEVER_ASKED = "PubMed has not been asked yet."
NOTHING_TO_DO = "No paper waits for a decision, so there is nothing to do."


@pytest.fixture
def watch(settings, ana):
    settings.EVIDENCE_WATCH = True
    beat("scheduler")
    return settings


@pytest.fixture
def questions(watch):
    make_published_article()
    create_missing_questions(NOW)
    return EvidenceQuestion.objects.all()


def words_of(client, address=PAPERS):
    page = unescape(client.get(address).content.decode())
    return " ".join(page[page.index('<section class="panel" aria-labelledby="watch-heading">') :].split())


@pytest.mark.parametrize("address", [PAPERS, f"{PAPERS}?decided=waiting", QUESTIONS])
def test_before_there_is_a_question_it_says_what_it_is_for_and_what_happens_next(client, watch, address):
    words = words_of(client, address)

    assert FOR_WHAT in words
    assert NEVER_ASKED in words
    assert "There are no questions yet. The scheduler makes one for each published condition" in words
    assert NOTHING_TO_DO in words


def test_before_the_first_look_it_says_that_none_was_made(client, questions):
    words = words_of(client)

    assert NEVER_ASKED in words
    assert f"{Intervention.objects.count()} questions wait for their first look." in words
    assert "There are no questions yet." not in words


def test_when_it_is_switched_off_it_says_so_and_whom_to_ask(client, watch):
    watch.EVIDENCE_WATCH = False
    words = words_of(client)

    assert "The weekly look is switched off here. Ask whoever runs the site to switch it on" in words
    assert "The scheduler" not in words


def test_without_a_scheduler_it_says_so(client, settings, ana):
    settings.EVIDENCE_WATCH = True
    assert "The scheduler, which asks it once a week, is not running. Tell whoever runs the site." in words_of(client)


def test_after_a_look_it_says_when_and_what_is_left_and_failed(client, questions):
    questions.filter(intervention="probiotics").update(state="looked", last_looked_at=NOW)
    questions.filter(intervention="low-fodmap").update(state="failed", failures=1, last_looked_at=NOW - timedelta(7))
    words, count = words_of(client), questions.count()

    assert "PubMed was last asked on 1 December 2026" in words
    assert f"{count - 2} of {count} questions have not been asked yet." in words
    assert f'<a href="{QUESTIONS}?state__exact=failed">The last look failed for 1 question.</a>' in words
    assert client.get(f"{QUESTIONS}?state__exact=failed").status_code == 200
    assert NEVER_ASKED not in words


def test_it_says_how_many_wait_and_how_to_decide(client, questions):
    for pmid in ("41000001", "41000002"):
        NewPaper.objects.create(question=questions[0], pmid=pmid, title="A trial", kind="trial", found_at=NOW)
    words = words_of(client)

    assert "2 papers wait for a decision. Open a paper to decide about it, or tick several" in words
    assert NOTHING_TO_DO not in words
