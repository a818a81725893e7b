"""Makes requests, articles and users with fixed, realistic values."""

import re
import uuid
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils import timezone

from consultations.actions import submit_inquiry
from consultations.models import Attachment, Inquiry, Status, Team
from consultations.request_numbers import ALPHABET, row_seal
from education.models import Article, Kind, Revision, RevisionState

ANSWERS = {
    "for_whom": "myself",
    "relationship": "",
    "name": "Amina Okafor",
    "email": "amina.okafor@example.org",
    "phone": "",
    "preferred_contact": "email",
    "age_group": "18-39",
    "skin_problem": "Red, scaly patches on both elbows since the spring.",
    "duration": "months",
    "gut_symptoms": "bloating,pain",
    "gut_details": "Worse after bread.",
    "tried": "Coconut oil, which did nothing.",
    "question": "Could my diet have anything to do with it?",
}


def posted(**changes):
    """Returns the completed form as a browser posts it; None leaves a field out."""
    form = ANSWERS | {"gut_symptoms": ["bloating", "pain"], "topic": "", "consent": "on", "homepage": ""}
    form |= {"key": "5b0cf0b4-8e0f-4b7c-8a43-5f2d6c0f6a11"} | changes
    return {name: value for name, value in form.items() if value is not None}


def an_inquiry(*, condition=None, address="192.0.2.1", **answers):
    return submit_inquiry(key=uuid.uuid4(), condition=condition, answers=ANSWERS | answers, address=address)


def some_inquiries(count):
    """Each has its own IP address and mailbox, so that the rate limits do not apply."""
    return [an_inquiry(address=f"198.51.100.{number}", email=f"amina{number}@example.org") for number in range(count)]


def many_inquiries(count, *, condition=None, assignee=None):
    """Bulk-creates encrypted rows without consent, mails or events, for lists. A tenth is closed, a fifth overdue."""
    now, first = timezone.now(), Inquiry.objects.count()
    made = []
    for number in range(first, first + count):
        letters = "".join(ALPHABET[(number >> 5 * place) & 31] for place in range(8))
        received_at = now - timedelta(days=40, seconds=number)
        is_over = number % 10 == 0
        inquiry = Inquiry(
            reference=f"GS-{letters[:4]}-{letters[4:]}",
            idempotency_key=uuid.uuid4(),
            receipt_digest=f"{number:064}",
            email_index=f"{number % 100:064}",
            condition=condition if number % 2 else None,
            assignee=assignee if number % 3 else None,
            language="en",
            status=Status.CLOSED if is_over else Status.NEW,
            closed_at=now - timedelta(days=1) if is_over else None,
            received_at=received_at,
            waiting_since=received_at,
            due_at=received_at + timedelta(days=3 if number % 5 == 0 else 90),
            **ANSWERS,
        )
        inquiry.seal = row_seal(inquiry)
        made.append(inquiry)
    return Inquiry.objects.bulk_create(made, batch_size=500)


def a_stored_photo(inquiry=None, content=b"\xff\xd8 a rash on an elbow", **fields):
    """Stores these bytes as they are, whether or not they are an image."""
    fields = {"width": 2, "height": 2, "upload_digest": uuid.uuid4().hex} | fields
    return Attachment.objects.create(inquiry=inquiry, content=content, size=len(content), **fields)


def an_article(slug="psoriasis", title="Psoriasis", kind=Kind.CONDITION, published=True):
    article = Article.objects.create(
        kind=kind,
        slug=slug,
        title=f"{title} (being edited)",
        summary="A long-lasting skin condition.",
        key_points="It is not catching.",
        body="<p>Text.</p>",
        conflicts_of_interest="None.",
    )
    if published:
        article.live = Revision.objects.create(
            article=article,
            number=1,
            state=RevisionState.PUBLISHED,
            title=title,
            summary=article.summary,
            body=article.body,
            body_html=article.body,
            conflicts_of_interest="None.",
            word_count=1,
            reading_grade=5,
        )
        article.save()
    return article


def a_user(username, *groups, **fields):
    user = get_user_model().objects.create_user(username, is_staff=True, **fields)
    # get_or_create, because a transactional test empties the tables that migrations filled.
    user.groups.set(Group.objects.get_or_create(name=name)[0] for name in groups)
    return user


def a_coordinator(username="carla"):
    return a_user(username, "Intake coordinator")


def a_clinician(username="david", team="Every topic"):
    """A member of a team that answers every request; with None, of no team."""
    user = a_user(username, "Clinician")
    if team:
        Team.objects.get_or_create(name=team, defaults={"takes_everything": team == "Every topic"})[0].members.add(user)
    return user


def a_privacy_lead(username="petra"):
    return a_user(username, "Privacy lead")


def a_superuser(username="root"):
    return get_user_model().objects.create_superuser(username)


def an_author(username="aisha"):
    return a_user(username, "Author")


def a_clinical_reviewer(username="ruth"):
    return a_user(username, "Clinical reviewer")


def shows_the_answers(response):
    """Does the form still hold everything that was typed and chosen?"""
    html = response.content.decode()
    typed = ["name", "email", "skin_problem", "gut_details", "tried", "question"]
    chosen = ['value="18-39"', 'value="months"', 'value="bloating"', 'value="pain"']
    return all(ANSWERS[name] in html for name in typed) and all(
        re.search(rf"<input[^>]*{value}[^>]* checked", html) for value in chosen
    )
