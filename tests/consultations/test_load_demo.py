import re

import pytest
from django.core.management import CommandError, call_command

from consultations.models import Inquiry, Status
from education.models import Clinician

pytestmark = pytest.mark.django_db


def test_demo_has_every_role_and_every_status(client, capsys):
    call_command("load_demo")

    said = capsys.readouterr().out
    assert Inquiry.objects.count() == 12
    assert set(Inquiry.objects.values_list("status", flat=True)) == set(Status.values)
    assert Inquiry.objects.overdue().exists()
    for name in ("demo-author", "demo-reviewer", "demo-coordinator", "demo-clinician"):
        password = re.search(rf"{name} \(.*\), password (\S+)", said)[1]
        assert client.login(username=name, password=password)


def test_demo_can_be_loaded_twice(capsys):
    call_command("load_demo")
    call_command("load_demo")

    assert Inquiry.objects.count() == 12
    assert "0 requests made, 12 were there." in capsys.readouterr().out


def test_demo_shows_nobody_an_invented_clinician():
    call_command("load_demo")

    assert not Clinician.objects.listed().exists()
    assert "not a real clinician" in str(Clinician.objects.get())


def test_demo_stays_away_from_patients(settings):
    settings.HTTPS = True

    with pytest.raises(CommandError, match="public site"):
        call_command("load_demo")
    assert not Inquiry.objects.exists()
