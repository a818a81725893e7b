"""Teams: which clinicians answer which topics, and the warning about topics that no one answers."""

import pytest
from django.contrib.admin.models import LogEntry

from consultations.models import Inquiry, Team
from consultations.queue.teams import colleagues, topics_without_a_clinician
from education.models import Kind
from gutskin.audit.hash_chain import broken_links
from gutskin.audit.models import AuditEvent
from tests.admin_forms import save_form
from tests.consultations.factories import (
    a_clinician,
    a_superuser,
    an_article,
    an_author,
    an_inquiry,
)
from tests.consultations.staff_pages import queries_of

pytestmark = pytest.mark.django_db
TEAMS = "/admin/consultations/team/"


def test_a_coordinator_creates_a_team_and_its_members_see_the_requests(client, carla):
    psoriasis, david = an_article(), a_clinician(team=None)
    inquiry = an_inquiry(condition=psoriasis)
    assert not Inquiry.objects.visible_to(david).exists()

    response = client.post(f"{TEAMS}add/", {"name": "Skin", "members": [david.pk], "topics": [psoriasis.pk]})

    assert response.status_code == 302
    assert Inquiry.objects.visible_to(david).get() == inquiry


def test_a_change_of_a_team_is_in_the_audit_log(client, carla):
    psoriasis, david, maria = an_article(), a_clinician(team=None), a_clinician("maria", team=None)
    client.post(f"{TEAMS}add/", {"name": "Skin", "members": [david.pk, maria.pk], "topics": [psoriasis.pk]})
    team = Team.objects.get(name="Skin")
    save_form(client, f"{TEAMS}{team.pk}/change/", {"name": "Skin", "members": [maria.pk], "takes_everything": "on"})

    events = AuditEvent.objects.filter(action="account_changed").order_by("sequence")
    assert [(event.actor, event.detail) for event in events] == [
        ("carla", f"team {team.pk}: added, +david, +maria, +topic en/psoriasis"),
        ("carla", f"team {team.pk}: +every request, -david, -topic en/psoriasis"),
    ]


def test_a_long_change_is_split_over_several_events(client, carla):
    names = [f"clinician-of-the-long-name-{number:02}" for number in range(40)]
    members = [a_clinician(name, team=None).pk for name in names]
    client.post(f"{TEAMS}add/", {"name": "Skin", "members": members})

    about = f"team {Team.objects.get(name='Skin').pk}: "
    details = list(
        AuditEvent.objects.filter(action="account_changed").order_by("sequence").values_list("detail", flat=True)
    )
    told = [part for detail in details for part in detail.removeprefix(about).split(", ")]
    assert told == ["added", *(f"+{name}" for name in names)]
    assert len(details) > 1
    assert all(detail.startswith(about) for detail in details)
    assert list(broken_links()) == []


def test_a_change_of_a_team_is_recorded_last(client, carla, monkeypatch):
    """The event locks the end of the audit log, so everything else that takes a lock comes before it."""
    told = []
    original = AuditEvent.save

    def save(event, *args, **kwargs):
        told.append((event.action, LogEntry.objects.count()))
        original(event, *args, **kwargs)

    monkeypatch.setattr(AuditEvent, "save", save)
    client.post(f"{TEAMS}add/", {"name": "Skin"})

    assert told == [("account_changed", 1)]


def test_only_active_clinicians_become_members(client, carla):
    left = a_clinician("lena", team=None)
    left.is_active = False
    left.save()
    root = a_superuser()
    boss = a_clinician("boss", team=None)
    boss.is_superuser = True
    boss.save()
    for user in (an_author(), carla, left, root, boss):
        response = client.post(f"{TEAMS}add/", {"name": "Skin", "members": [user.pk]})
        assert response.status_code == 200
        assert user.get_username() not in [
            str(each) for each in response.context["adminform"].form.fields["members"].queryset
        ]
    assert not Team.objects.filter(name="Skin").exists()


def test_a_topic_that_was_withdrawn_stays_with_its_team(client, carla):
    psoriasis, david = an_article(), a_clinician(team="Skin")
    team = Team.objects.get(name="Skin")
    team.topics.add(psoriasis)
    psoriasis.live = None
    psoriasis.save()

    client.post(f"{TEAMS}{team.pk}/change/", {"name": "Skin", "members": [david.pk], "topics": [psoriasis.pk]})

    assert list(team.topics.all()) == [psoriasis]


def test_only_a_superuser_deletes_a_team_and_it_is_recorded(client, carla):
    team = Team.objects.create(name="Skin", takes_everything=True)
    team.members.add(a_clinician("maria", team=None))
    assert client.post(f"{TEAMS}{team.pk}/delete/", {"post": "yes"}).status_code == 403

    client.force_login(a_superuser())
    pk = team.pk
    assert client.post(f"{TEAMS}{pk}/delete/", {"post": "yes"}).status_code == 302
    event = AuditEvent.objects.filter(action="account_changed").get()
    assert (event.actor, event.detail) == ("root", f"team {pk}: deleted, -every request, -maria")


def test_topics_without_a_clinician():
    Team.objects.all().delete()
    psoriasis, _draft = an_article(), an_article("acne", "Acne", published=False)
    an_article("probiotics", "Probiotics", kind=Kind.THERAPY)
    assert topics_without_a_clinician() == [psoriasis.title, "Something else"]

    a_clinician(team="Skin")
    Team.objects.get(name="Skin").topics.add(psoriasis)
    assert topics_without_a_clinician() == ["Something else"]

    a_clinician("maria", team="Every topic")
    assert topics_without_a_clinician() == []


def test_a_team_without_active_members_answers_nothing():
    psoriasis, david = an_article(), a_clinician()
    assert topics_without_a_clinician() == []
    david.is_active = False
    david.save()

    assert topics_without_a_clinician() == [psoriasis.title, "Something else"]


def test_superusers_do_not_count_as_members_of_a_team():
    psoriasis, david = an_article(), a_clinician()
    david.is_superuser = True
    david.save()
    inquiry = an_inquiry(condition=psoriasis)
    assert not Inquiry.objects.answered_by(david).exists()

    assert topics_without_a_clinician() == [psoriasis.title, "Something else"]
    # A colleague can still assign it to them.
    assert david in colleagues()
    inquiry.assignee = david
    inquiry.save()
    assert Inquiry.objects.answered_by(david).get() == inquiry


def test_topics_of_open_requests_count_too():
    Team.objects.all().delete()
    therapy = an_article("probiotics", "Probiotics", kind=Kind.THERAPY)
    an_inquiry(condition=therapy)

    assert therapy.title in topics_without_a_clinician()


def test_thirty_teams_need_no_more_queries_than_three(client, carla):
    def fill(count):
        for number in range(count):
            name = f"{Team.objects.count()} {number}"
            team = Team.objects.create(name=name)
            team.members.add(a_clinician(f"clinician {name}", team=None))
            team.topics.add(psoriasis)

    psoriasis = an_article()
    fill(3)
    few = queries_of(client, TEAMS)
    fill(27)
    assert queries_of(client, TEAMS) == few <= 12
