"""Whether and when PubMed was asked, for the staff: an empty list of new papers can have four reasons."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Max, Q

from education.models import EvidenceQuestion, NewPaper
from gutskin.heartbeats.models import late


@dataclass(frozen=True)
class WatchStatus:
    is_on: bool  # EVIDENCE_WATCH: the scheduler asks
    is_late: bool  # it should, and the scheduler is not running
    questions: int  # that are asked
    never: int  # of them, those that were not asked yet
    failed: int  # those whose last look failed
    last_looked_at: datetime | None
    waiting: int  # papers


def watch_status() -> WatchStatus:
    state = EvidenceQuestion.State
    return WatchStatus(
        is_on=settings.EVIDENCE_WATCH,
        is_late=settings.EVIDENCE_WATCH and "scheduler" in late(),
        waiting=NewPaper.objects.undecided().count(),
        **EvidenceQuestion.objects.asked().aggregate(
            questions=Count("pk"),
            never=Count("pk", filter=Q(last_looked_at=None)),
            failed=Count("pk", filter=Q(state=state.FAILED)),
            last_looked_at=Max("last_looked_at"),
        ),
    )
