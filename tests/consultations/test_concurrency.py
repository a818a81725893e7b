"""Two requests, or two processes, at the same time, on a database in a file."""

import os
import re
import signal
import subprocess
import sys
import uuid

import pytest
from django.conf import settings
from django.core import mail
from django.db import OperationalError, connection
from django.test import Client

from consultations.models import Inquiry, RateLimit
from gutskin import limits
from gutskin.mail.management.commands.send_mail_queue import Command
from gutskin.mail.models import Notification
from gutskin.rate_limits import increment_or_raise
from tests.at_once import database_url, together
from tests.consultations.factories import ANSWERS, posted, some_inquiries

CANARIES = ["Amina", "amina.okafor", "elbows", "after bread", "Coconut", "my diet", "020 7946"]


def test_a_double_click_stores_one_request(file_database):
    results = together(2, lambda number: Client().post("/consult/", posted()).status_code)

    assert results == [302, 302]
    assert Inquiry.objects.count() == 1
    assert Notification.objects.count() == 2
    assert list(RateLimit.objects.values_list("count", flat=True)) == [1, 1]


def test_the_same_form_sent_eight_times_at_once_stores_one_request(file_database):
    def reference_and_code(number):
        page = Client().post("/consult/", posted(), follow=True).content.decode()
        return tuple(dict.fromkeys(re.findall(r"\bGS(?:-\w{4}){2}\b|\b\w{4}(?:-\w{4}){3}\b", page)))

    results = together(8, reference_and_code)

    assert len(results[0]) == 2
    assert len(set(results)) == 1
    assert Inquiry.objects.count() == 1


def test_different_requests_at_once_are_all_stored(file_database):
    def post(number):
        form = posted(key=str(uuid.uuid4()), name=f"Patient {number}")
        return Client(REMOTE_ADDR=f"192.0.2.{number}").post("/consult/", form).status_code

    assert together(6, post) == [302] * 6
    assert {inquiry.name for inquiry in Inquiry.objects.all()} == {f"Patient {number}" for number in range(6)}


def test_the_limit_counts_exactly(file_database):
    results = together(
        limits.REQUESTS_PER_HOUR + 3,
        lambda number: increment_or_raise(RateLimit, "192.0.2.1", at_most=limits.REQUESTS_PER_HOUR),
    )

    assert results.count(None) == limits.REQUESTS_PER_HOUR
    assert RateLimit.objects.get().count == limits.REQUESTS_PER_HOUR + 3


def test_two_mail_workers_send_each_mail_once(file_database):
    some_inquiries(6)

    results = together(2, lambda number: Command().send_due())

    assert sum(delivered for delivered, _failed in results) == 12
    sent = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert len(sent) == len(set(sent)) == 12


@pytest.mark.slow
def test_the_mail_worker_delivers_and_stops_on_sigterm(file_database, tmp_path):
    some_inquiries(1)
    worker = subprocess.Popen(  # noqa: S603 our own command
        [sys.executable, "-c", WORKER, str(tmp_path / "mail")],
        env=os.environ | {"DATABASE_URL": database_url(file_database)},
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    waiting, delivered, last_of_the_log = (worker.stdout.readline() for _line in range(3))
    worker.send_signal(signal.SIGTERM)
    rest, _ = worker.communicate(timeout=10)

    assert (waiting, delivered) == ("Waiting for mail to send.\n", "2 delivered, 0 not delivered.\n")
    assert last_of_the_log.startswith("The audit log ends with 1:")
    assert rest == "Stopped. Mail that is waiting stays in the outbox.\n"
    assert worker.returncode == 0
    # Django may write two mails of one second into the same file.
    mails = "".join(path.read_text() for path in (tmp_path / "mail").iterdir())
    assert mails.count("\nMessage-ID:") == 2


def test_the_mail_worker_survives_a_database_that_does_not_answer(file_database, monkeypatch, capsys):
    monkeypatch.setattr(signal, "signal", lambda number, handler: None)
    worker = Command(stdout=sys.stdout, stderr=sys.stderr)
    answers = iter([OperationalError("gone"), (2, 0)])

    def send_due():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        worker.stop(signal.SIGTERM, None)
        return answer

    monkeypatch.setattr(worker, "send_due", send_due)
    worker.run_until_stopped(pause=0)

    said = capsys.readouterr()
    assert "did not answer (OperationalError)" in said.err
    assert "2 delivered" in said.out


# The settings are given here, because the environment of the tests overrides what a process inherits.
WORKER = """
import os, sys
url = os.environ["DATABASE_URL"]
os.environ["TEST_DATABASE_URL"] = url
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
settings.EMAIL_FILE_PATH = sys.argv[1]
sys.stdout.reconfigure(line_buffering=True)
call_command("send_mail_queue", "--loop", "--pause", "0.1")
"""


def test_nothing_written_is_in_the_database_as_plain_text(file_database):
    phone = "020 7946 0000"
    Client().post("/consult/", posted(phone=phone, preferred_contact="phone"))
    assert Inquiry.objects.get().question == ANSWERS["question"]

    stored = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 names from the database
            stored.append(repr(cursor.fetchall()))
    if connection.vendor == "sqlite":
        stored += [path.read_bytes().decode("latin-1") for path in file_database.parent.glob(f"{file_database.name}*")]

    everything = "\n".join(stored)
    assert Inquiry.objects.get().reference in everything
    for canary in CANARIES:
        assert canary not in everything
