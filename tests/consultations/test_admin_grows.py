"""Every list and every form of admin: with three times as many rows, the same queries and a page of the same size.

Rows are of everything that readers, patients and authors add to. Accounts are not among them: a clinic has dozens.
"""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from consultations.models import CannedReply, PurgeCertificate, StoryAccess, Team
from education.models import (
    Article,
    ClinicalCode,
    Clinician,
    EvidenceStatement,
    Feedback,
    GlossaryTerm,
    Reference,
    ReferenceCheck,
    Review,
    Revision,
    SynonymGroup,
)
from gutskin.audit.hash_chain import SYSTEM, record_made_up
from gutskin.audit.models import AuditEvent
from tests.consultations.admin_walk import people, things
from tests.consultations.factories import many_inquiries

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
# More than fit on one page of a list.
FEW, MANY = 120, 300
HEAVIEST = 200_000
# Longer numbers and links to more pages.
SLACK = 2_000
HOUR = timedelta(hours=1)
ADDRESSES = [
    "/admin/",
    "/admin/education/",
    "/admin/consultations/",
    "/admin/consultations/inquiry/figures/",
    "/admin/education/feedback/results/",
    "/admin/consultations/inquiry/?topic=Condition",
    "/admin/consultations/team/topics/?term=condition",
    "/admin/education/article/?sources=flagged",
    "/admin/education/article/?q=condition",
    "/admin/education/article/?o=3.2",
    "/admin/education/evidencestatement/?sources=weak",
    "/admin/education/evidencestatement/?condition=condition",
    "/admin/education/reference/?problem=any",
    "/admin/autocomplete/?app_label=education&model_name=evidencestatement&field_name=references&term=paper",
]


def articles(numbers):
    """A condition and a therapy for each number, published, with a second revision that waits for review."""
    made = Article.objects.bulk_create(
        Article(kind=kind, slug=f"{kind}-{number}", title=f"{kind.title()} {number}", summary="What is known.")
        for number in numbers
        for kind in ("condition", "therapy")
    )
    fields = {"summary": "What is known.", "word_count": 1, "reading_grade": 5}
    for number, state in ((1, "published"), (2, "in_review")):
        revisions = Revision.objects.bulk_create(
            Revision(article=article, number=number, state=state, title=article.title, **fields) for article in made
        )
        if state == "published":
            for article, revision in zip(made, revisions, strict=True):
                article.live = revision
            Article.objects.bulk_update(made, ["live"])
    return made


def fill(there, numbers):
    made = articles(numbers)
    conditions, lives, now = made[::2], [article.live for article in made], timezone.now()
    papers = Reference.objects.bulk_create(
        Reference(key=f"paper{n}", title=f"Paper {n} about skin", year=2020, status="retracted", status_reason="Fraud.")
        for n in numbers
    )
    ReferenceCheck.objects.bulk_create(ReferenceCheck(reference=paper, register="crossref") for paper in papers)
    statements = EvidenceStatement.objects.bulk_create(
        EvidenceStatement(
            slug=f"s-{n}",
            condition=condition,
            intervention_id="probiotics",
            effect="better",
            certainty="low",
            state="draft",
        )
        for n, condition in zip(numbers, conditions, strict=True)
    )
    cites = EvidenceStatement.references.through.objects
    cites.bulk_create(
        cites.model(evidencestatement=statement, reference=paper)
        for statement, paper in zip(statements, papers, strict=True)
    )
    GlossaryTerm.objects.bulk_create(GlossaryTerm(slug=f"word-{n}", term=f"Word {n}", definition="W.") for n in numbers)
    SynonymGroup.objects.bulk_create(SynonymGroup(names=f"one{n}\ntwo{n}") for n in numbers)
    ClinicalCode.objects.bulk_create(
        ClinicalCode(article=article, system="2.16.840.1.113883.6.90", code=f"L{n}", display="Something")
        for n, article in zip(numbers, conditions, strict=True)
    )
    Clinician.objects.bulk_create(Clinician(name=f"Clinician {n}", role="Dermatologist") for n in numbers)
    Review.objects.bulk_create(
        Review(revision=live, clinician=there["clinician"], decision="request_changes", reason="Too long.")
        for live in lives
    )
    Feedback.objects.bulk_create(Feedback(revision=live, is_helpful=False, words="Too long.") for live in lives)
    requests = many_inquiries(len(numbers), condition=conditions[0])
    Team.objects.get_or_create(name="A team")[0].topics.add(*conditions)
    Team.objects.bulk_create(Team(name=f"Team {n}") for n in numbers)
    CannedReply.objects.bulk_create(CannedReply(title=f"Reply {n}", text="Thank you. " * 30) for n in numbers)
    PurgeCertificate.objects.bulk_create(PurgeCertificate(cause="patient") for n in numbers)
    record_made_up(AuditEvent(actor=SYSTEM, action=AuditEvent.Action.BACKED_UP) for n in numbers)
    user = there["user"]
    StoryAccess.objects.bulk_create(
        StoryAccess(inquiry=request, user=user, reason="fault", given_at=now, ends_at=now + HOUR)
        for request in requests
    )
    LogEntry.objects.bulk_create(
        LogEntry(
            user=user,
            content_type=ContentType.objects.get_for_model(model),
            object_id=there[model._meta.model_name].pk,
            object_repr="One",
            action_flag=CHANGE,
        )
        for model in (Article, Reference, Team)
        for n in numbers
    )


def pages(there):
    yield from ADDRESSES
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        for page in ("changelist", "add", "change", "history", "delete"):
            pk = [there[model._meta.model_name].pk] if page in ("change", "history", "delete") else []
            try:
                yield reverse(f"{name}_{page}", args=pk)
            except NoReverseMatch:
                continue


def visit(client, address):
    """How many queries and how many bytes; None if the address leads elsewhere. The first visit fills caches."""
    if client.get(address).status_code != 200:
        return None
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    return len(queries), len(response.content)


def test_no_page_grows_with_the_rows_of_the_tables(client, time_machine):
    # Once a minute a visit also stores that the session is in use.
    time_machine.move_to(timezone.now(), tick=False)
    there = things()
    client.force_login(people(there["article"])["superuser"])
    fill(there, range(FEW))
    few = {address: visit(client, address) for address in pages(there)}
    fill(there, range(FEW, MANY))
    many = {address: visit(client, address) for address in few}

    seen = [address for address in few if few[address]]
    assert len(seen) > 60
    assert {address: (few[address], many[address]) for address in seen if few[address][0] != many[address][0]} == {}
    grown = [address for address in seen if many[address][1] > min(few[address][1] + SLACK, HEAVIEST)]
    assert {address: (few[address][1], many[address][1]) for address in grown} == {}
