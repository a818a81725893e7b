import re

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from consultations.models import CannedReply, Inquiry, Status, Team
from consultations.queue.tabs import in_tab
from education.models import Clinician

pytestmark = pytest.mark.django_db


def test_demo_has_every_role_and_every_status(capsys):
    call_command("load_demo")

    output = capsys.readouterr().out
    assert Inquiry.objects.count() == 13
    assert set(Inquiry.objects.values_list("status", flat=True)) == set(Status.values)
    assert in_tab("overdue", Inquiry.objects.all(), None).exists()
    passwords = dict(re.findall(r"^(demo-\w+) \(.*\), password (\S+)$", output, re.M))
    assert passwords.keys() == {"demo-author", "demo-reviewer", "demo-coordinator", "demo-clinician", "demo-privacy"}
    assert len(set(passwords.values())) == 5, "each account has its own"
    for name, password in passwords.items():
        assert get_user_model().objects.get(username=name).check_password(password)


def test_demo_can_be_loaded_twice(capsys):
    call_command("load_demo")
    call_command("load_demo")

    assert Inquiry.objects.count() == 13
    assert "Requests: 0 created, 13 already existed." in capsys.readouterr().out


def test_the_invented_clinician_is_not_listed_publicly():
    call_command("load_demo")

    assert not Clinician.objects.listed().exists()
    assert "not a real clinician" in str(Clinician.objects.get())


def test_demo_data_is_refused_on_a_public_site(settings):
    settings.HTTPS = True

    with pytest.raises(CommandError, match="public site"):
        call_command("load_demo")
    assert not Inquiry.objects.exists()


def test_demo_has_a_conversation_warning_signs_a_team_and_canned_replies():
    call_command("load_demo")

    talked_about = [inquiry for inquiry in Inquiry.objects.all() if inquiry.messages.count() > 1]
    assert {message.is_from_patient for inquiry in talked_about for message in inquiry.messages.all()} == {True, False}
    assert Inquiry.objects.filter(red_flags__isnull=False, urgency="urgent").exists()
    assert Team.objects.get(takes_everything=True).members.get().username == "demo-clinician"
    assert all(reply.title.startswith("Demo") for reply in CannedReply.objects.all())
    assert CannedReply.objects.count() == 2
