from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.utils import timezone

from consultations import actions
from consultations.access import (
    RequestAccess,
    access_for,
    can_change,
    can_coordinate,
    can_read_story,
    contact_visible_to,
    has_given_reason,
)
from consultations.models import Inquiry, StoryAccess, Team
from tests.consultations.factories import (
    a_clinical_reviewer,
    a_clinician,
    a_coordinator,
    a_privacy_lead,
    a_superuser,
    a_user,
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


def test_whoever_answers_a_request_sees_all_of_it_without_end():
    david, inquiry = a_clinician(), an_inquiry()
    actions.assign(inquiry, to=david, by=a_coordinator())

    assert access_for(david, inquiry) == RequestAccess(story=True, contact=True, until=None, reply=True)


def test_without_a_reason_a_coordinator_sees_who_wrote_and_a_superuser_does_not():
    inquiry = an_inquiry()

    assert access_for(a_coordinator(), inquiry) == RequestAccess(story=False, contact=True)
    assert access_for(a_superuser(), inquiry) == RequestAccess(story=False, contact=False)


@pytest.mark.parametrize("person", [a_coordinator, a_superuser])
def test_of_two_reasons_the_one_that_lasts_longer_counts(person):
    inquiry, user = an_inquiry(), person()
    until = gave_a_reason(user, inquiry, minutes=60).ends_at
    gave_a_reason(user, inquiry, minutes=5)

    assert access_for(user, inquiry) == RequestAccess(story=True, contact=True, until=until)


@pytest.mark.parametrize("person", [a_coordinator, a_superuser])
def test_a_reason_is_for_one_person_and_one_request(person):
    inquiry, another, user = an_inquiry(), an_inquiry(), person()
    closed = access_for(user, inquiry)
    gave_a_reason(a_coordinator("carl"), inquiry)
    gave_a_reason(user, another)

    assert access_for(user, inquiry) == closed
    assert not closed.story
    assert not has_given_reason(user, inquiry)
    assert has_given_reason(user, another)


def test_a_superuser_sees_the_sender_only_of_own_requests_and_those_opened_with_a_reason():
    own, opened, opened_by_another, _other = (an_inquiry(address=f"198.51.100.{number}") for number in range(4))
    root, carla = a_superuser(), a_coordinator()
    Inquiry.objects.filter(pk=own.pk).update(assignee=root)
    gave_a_reason(root, opened)
    gave_a_reason(carla, opened_by_another)

    assert set(contact_visible_to(root)) == {own, opened}
    assert contact_visible_to(carla).count() == 4
    assert not contact_visible_to(an_author()).exists()


def who_may(*permissions):
    user = a_user("-".join(permissions))
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def test_changing_takes_the_permission_and_seeing_the_request(psoriasis):
    inquiry = an_inquiry(condition=psoriasis)
    sees = who_may("view_inquiry", "view_every_inquiry")
    may_change = who_may("view_inquiry", "change_inquiry")
    both = who_may("view_inquiry", "view_every_inquiry", "change_inquiry")

    assert Inquiry.objects.visible_to(sees).get() == inquiry
    assert [can_change(user, inquiry) for user in (sees, may_change, both)] == [False, False, True]
    assert [can_coordinate(user) for user in (sees, may_change, both)] == [False, False, True]
    assert [can_change(user, inquiry) for user in (a_coordinator(), a_clinician("maria", team=None))] == [True, False]
    assert [can_coordinate(user) for user in (a_coordinator("carl"), a_clinician("mark"))] == [True, False]
