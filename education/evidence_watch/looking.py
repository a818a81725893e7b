"""Looking for new papers: PubMed is asked what came in since the last look, and what is new is stored."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from education.evidence_watch.pubmed_search import TooMany, polite_client, search, summaries
from education.evidence_watch.questions import full_query
from education.models import EvidenceQuestion, NewPaper
from education.models.evidence_watch import LOOK_EVERY
from education.references.client import RegisterClient
from education.references.exceptions import Unreachable

logger = logging.getLogger(__name__)

State = EvidenceQuestion.State
# A record may appear in PubMed some days after the day that it gives, and our clock may have been wrong.
OVERLAP = timedelta(days=30)
# A process that was killed while it asked is no longer asking after this long.
CLAIM = timedelta(minutes=30)
# After a failure: an hour, then twice as long each time.
FIRST_RETRY, LAST_RETRY = timedelta(hours=1), timedelta(days=1)
# After so many failures in a row, PubMed is not asked again in this run.
GIVE_UP_AFTER = 3


@dataclass
class Looks:
    """What a run did."""

    asked: int = 0
    failed: int = 0
    found: int = 0
    left: int = 0  # not asked, because PubMed did not answer


def look_at_each(
    questions: list[EvidenceQuestion],
    client: RegisterClient,
    *,
    now: datetime,
    report: Callable[[EvidenceQuestion, int], None] = lambda question, found: None,
) -> Looks:
    """Asks each question in turn, until PubMed has failed three times in a row."""
    looks, in_a_row = Looks(), 0
    for place, question in enumerate(questions):
        if in_a_row >= GIVE_UP_AFTER:
            looks.left = len(questions) - place
            break
        found = look(question, client, now=now)
        if found is None:
            continue
        looks.asked += 1
        looks.found += found
        in_a_row = in_a_row + 1 if question.failures else 0
        looks.failed += question.state == State.FAILED
        report(question, found)
    return looks


def look(question: EvidenceQuestion, client: RegisterClient, *, now: datetime) -> int | None:
    """Asks one question and returns the number of papers that are new; None if another process is asking it.

    A failure is stored with the question. What was stored before it stays, and is not asked for again.
    """
    if not _claim(question, now):
        return None
    before = question.papers.count()
    try:
        count = _store_answers(question, client, now)
    except TooMany as error:
        # PubMed answered. It will say the same in an hour, and is not down for the other questions.
        values = {"state": State.FAILED, "failure": str(error)[:300], "failures": 0}
        _finish(question, values | {"due_at": now + LOOK_EVERY, "tried_at": now})
    except Unreachable as error:
        logger.info("Question %s to PubMed failed: %s", question.pk, error)
        wait = min(FIRST_RETRY * 2 ** min(question.failures, 10), LAST_RETRY)
        values = {"state": State.FAILED, "failure": str(error)[:300], "failures": min(question.failures + 1, 1000)}
        _finish(question, values | {"due_at": now + wait, "tried_at": now})
    else:
        # Not before everything is stored: the next look begins here.
        values = {"state": State.LOOKED, "failure": "", "failures": 0, "last_looked_at": now, "last_count": count}
        _finish(question, values | {"due_at": now + LOOK_EVERY, "tried_at": now})
    return question.papers.count() - before


def asked_since(question: EvidenceQuestion, now: datetime):
    """The first day of the papers to ask for.

    A last look in the future had the time from a clock that was ahead. No one knows when it was, so all is asked again.
    """
    last = question.last_looked_at
    if last is None or last > now:
        return question.since
    return max(question.since, timezone.localdate(last) - OVERLAP)


def _claim(question, now):
    """True if this process may ask. One UPDATE, so that of two processes only one gets a row."""
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM) | Q(claimed_at__gt=now + CLAIM)
    # Another process that read the same list may have finished with it.
    same = EvidenceQuestion.objects.filter(pk=question.pk, due_at=question.due_at, query=question.query, is_asked=True)
    return same.filter(free).update(claimed_at=now) == 1


def _finish(question, values):
    """Stores the outcome, unless a clinician changed the question while PubMed was asked the old one."""
    same = EvidenceQuestion.objects.filter(pk=question.pk, query=question.query)
    if not same.update(claimed_at=None, **values):
        EvidenceQuestion.objects.filter(pk=question.pk).update(claimed_at=None)
    for name, value in values.items():
        setattr(question, name, value)


def look_at_next(*, now: datetime, most: int, max_wait: float = 0) -> Looks:
    """Asks at most so many questions of those that are due, for the scheduler: it has other work as well.

    Asks nothing if PubMed did not answer in the last hour.
    """
    if EvidenceQuestion.objects.unanswered_since(now - FIRST_RETRY).filter(tried_at__lte=now).count() >= GIVE_UP_AFTER:
        return Looks()
    due = EvidenceQuestion.objects.due(now).in_order_of_need()
    questions = list(due.select_related("condition", "intervention")[:most])
    if not questions:
        return Looks()
    with polite_client(max_wait) as client:
        return look_at_each(questions, client, now=now)


def _store_answers(question, client, now):
    pmids = search(full_query(question), asked_since(question, now), client)
    known = set(question.papers.values_list("pmid", flat=True))
    missing = _copied(question, [pmid for pmid in pmids if pmid not in known], now)
    for portion in summaries(missing, client):
        _store(question, portion, now)
    return len(pmids)


def _copied(question, pmids, now):
    """Stores what another question has already found out about a paper. Returns the numbers that are left."""
    known = {paper.pmid: paper for paper in NewPaper.objects.filter(pmid__in=pmids)}
    _store(question, known.values(), now)
    return [pmid for pmid in pmids if pmid not in known]


def _store(question, papers, now):
    values = ("pmid", "title", "journal", "year", "kind", "publication_types")
    NewPaper.objects.bulk_create(
        [
            NewPaper(question=question, found_at=now, **{name: getattr(paper, name) for name in values})
            for paper in papers
        ],
        # Another process may have asked the same after a clock was set back.
        ignore_conflicts=True,
        batch_size=100,
    )
