from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from consultations import actions
from consultations.access import can_read_story
from consultations.models import Inquiry, StoryAccess, Team
from tests.consultations.factories import (
    a_clinical_reviewer,
    a_clinician,
    a_coordinator,
    a_privacy_lead,
    an_article,
    an_author,
    an_inquiry,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def psoriasis():
    return an_article()


def gave_a_reason(user, inquiry, minutes=60):
    now = timezone.now()
    return StoryAccess.objects.create(
        inquiry=inquiry, user=user, reason="urgency", given_at=now, ends_at=now + timedelta(minutes=minutes)
    )


def test_a_clinician_reads_assigned_requests_and_those_of_a_team(psoriasis):
    about, else_ = an_inquiry(condition=psoriasis), an_inquiry()
    david = a_clinician(team="Psoriasis")
    Team.objects.get(name="Psoriasis").topics.add(psoriasis)

    assert set(Inquiry.objects.visible_to(david)) == {about}
    assert (can_read_story(david, about), can_read_story(david, else_)) == (True, False)

    actions.assign(else_, to=david, by=a_coordinator())
    assert can_read_story(david, else_)


def test_a_coordinator_sees_every_request_and_reads_none_without_a_reason():
    inquiry, carla = an_inquiry(), a_coordinator()
    assert Inquiry.objects.visible_to(carla).get() == inquiry
    assert not can_read_story(carla, inquiry)

    gave_a_reason(carla, inquiry)
    assert can_read_story(carla, inquiry)
    assert not can_read_story(carla, an_inquiry())


def test_a_reason_runs_out(time_machine):
    inquiry, carla = an_inquiry(), a_coordinator()
    gave_a_reason(carla, inquiry)
    time_machine.move_to(timezone.now() + timedelta(minutes=61))

    assert not can_read_story(carla, inquiry)


def test_a_superuser_reads_nothing_without_breaking_the_glass():
    inquiry = an_inquiry()
    root = get_user_model().objects.create_superuser("root")

    assert Inquiry.objects.visible_to(root).exists()
    assert not can_read_story(root, inquiry)


@pytest.mark.parametrize("person", [an_author, a_clinical_reviewer, a_privacy_lead])
def test_others_see_no_request_whatever_reason_they_gave(person):
    inquiry, user = an_inquiry(), person()
    gave_a_reason(user, inquiry)

    assert not Inquiry.objects.visible_to(user).exists()
    assert not can_read_story(user, inquiry)
