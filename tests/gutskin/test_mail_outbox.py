import smtplib
import socketserver
import threading
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from consultations.models import Inquiry
from gutskin.mail.models import Notification
from gutskin.mail.outbox import claim, deliver, queue_mail
from tests.consultations.factories import ANSWERS, an_article, an_inquiry
from tests.waiting_mail import has_waited

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 23, 9, tzinfo=UTC)
SMTP = "django.core.mail.backends.smtp.EmailBackend"


class MailServer(socketserver.ThreadingTCPServer):
    """A minimal SMTP server. `mails` holds what arrived; addresses in `unknown` are refused."""

    daemon_threads = allow_reuse_address = True

    def __init__(self, port=0, unknown=(), refusal="550 No such user"):
        self.mails, self.unknown, self.refusal = [], unknown, refusal
        super().__init__(("127.0.0.1", port), Conversation)

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *args):
        self.shutdown()
        self.server_close()


class Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 ready")
        while line := self.rfile.readline().decode().strip():
            word = line.split()[0].upper()
            if word == "RCPT" and any(address in line for address in self.server.unknown):
                self.say(self.server.refusal)
            elif word == "DATA":
                self.say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.mails.append(message_from_bytes(b"".join(lines), policy=policy.default))
                self.say("250 taken")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 fine")

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def closed_port():
    with MailServer() as server:
        port = server.server_address[1]
    return port


def at(moment):
    return time_machine.travel(moment, tick=False)


def test_both_mails_are_sent():
    an_inquiry()

    call_command("send_mail_queue")

    assert {tuple(message.to) for message in mail.outbox} == {
        ("amina.okafor@example.org",),
        ("intake@gutskin.example",),
    }
    assert Notification.objects.filter(delivered_at__isnull=False).count() == 2


def test_both_mails_arrive_as_files(settings, tmp_path):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "django.core.mail.backends.filebased.EmailBackend", tmp_path
    inquiry = an_inquiry()

    call_command("send_mail_queue")

    # Django may write two mails of the same second into one file, with a line of dashes after each.
    mails = [text for path in tmp_path.iterdir() for text in path.read_text().split("-" * 79) if text.strip()]
    assert len(mails) == 2
    assert all(inquiry.reference in text for text in mails)


def test_mails_carry_no_health_text_and_no_name():
    inquiry = an_inquiry(condition=an_article())

    call_command("send_mail_queue")

    for message in mail.outbox:
        everything = message.message().as_string() + message.body + message.alternatives[0].content
        assert inquiry.reference in message.subject
        for name in ("name", "skin_problem", "gut_details", "tried", "question"):
            assert ANSWERS[name] not in everything
        assert "Amina" not in everything
        assert "soriasis" not in everything


def test_mails_say_by_when_and_where(settings):
    settings.SITE_URL, settings.REPLY_WITHIN_WORKING_DAYS = "https://gutskin.example", 10
    with at(MORNING):
        inquiry = an_inquiry()
        call_command("send_mail_queue")

    by_address = {message.to[0]: message for message in mail.outbox}
    receipt, notice = by_address["amina.okafor@example.org"], by_address["intake@gutskin.example"]
    assert "7 December 2026" in receipt.body
    assert f"https://gutskin.example/admin/consultations/inquiry/{inquiry.pk}/change/" in notice.body
    assert "/admin/" not in receipt.body


def test_the_reference_is_not_escaped_twice(settings):
    settings.CLINIC_PHONE = "020 & 7946"
    an_inquiry()
    call_command("send_mail_queue")
    receipt = next(message for message in mail.outbox if "amina" in message.to[0])

    assert "020 & 7946" in receipt.body
    assert "020 &amp; 7946" in receipt.alternatives[0].content


def test_a_mail_is_sent_once():
    an_inquiry()
    call_command("send_mail_queue")
    call_command("send_mail_queue")

    assert len(mail.outbox) == 2


def test_a_mail_server_that_is_down_loses_nothing(settings, closed_port, caplog):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", closed_port
    an_inquiry()
    with pytest.raises(CommandError, match="tried again later"):
        call_command("send_mail_queue")
    assert set(Notification.objects.values_list("last_error", "attempts")) == {("ConnectionRefusedError", 1)}
    call_command("send_mail_queue")  # nothing is due yet

    has_waited(minutes=2)
    with MailServer(closed_port) as server:
        call_command("send_mail_queue")

    assert {message["To"] for message in server.mails} == {"amina.okafor@example.org", "intake@gutskin.example"}
    assert {message["Message-ID"] for message in server.mails} == set(
        Notification.objects.values_list("message_id", flat=True)
    )
    assert not Notification.objects.undelivered().exists()
    assert "amina" not in caplog.text


def test_pauses_grow_up_to_an_hour(settings, closed_port):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", closed_port
    an_inquiry()
    Notification.objects.filter(kind="intake_notice").delete()
    pauses = []
    for _ in range(9):
        with pytest.raises(CommandError):
            call_command("send_mail_queue")
        pauses.append((Notification.objects.get().next_try_at - timezone.now()).total_seconds() / 60)
        has_waited(minutes=61)

    assert [round(pause) for pause in pauses] == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_an_address_that_does_not_exist_is_given_up_and_reported(settings, closed_port):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", closed_port
    with at(MORNING):
        an_inquiry()
        with MailServer(closed_port, unknown=["amina"]) as server, pytest.raises(CommandError):
            call_command("send_mail_queue")

    refused = Notification.objects.get(kind="receipt")
    assert refused.refused_at == MORNING
    assert refused.last_error == "SMTPRecipientsRefused"
    assert len(server.mails) == 1
    with at(MORNING + timedelta(days=1)):
        assert not Notification.objects.stuck().exists()
        assert not Notification.objects.due().exists()


def test_a_mailbox_of_the_clinic_that_refuses_mail_is_reported_and_gets_it_once_repaired(settings, closed_port, client):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", closed_port
    with at(MORNING):
        an_inquiry()
        with MailServer(closed_port, unknown=["intake"]), pytest.raises(CommandError):
            call_command("send_mail_queue")

    with at(MORNING + timedelta(days=1)):
        assert [mail.kind for mail in Notification.objects.stuck()] == ["intake_notice"]
        assert client.get("/readyz").json()["outbox"] is False
        has_waited(minutes=2)
        with MailServer(closed_port) as server:
            call_command("send_mail_queue")
        assert client.get("/readyz").json()["outbox"] is True
    assert [message["To"] for message in server.mails] == ["intake@gutskin.example"]


def test_an_address_refused_for_now_is_tried_again(settings, closed_port):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", closed_port
    an_inquiry()
    with MailServer(closed_port, unknown=["amina"], refusal="450 Later") as _server, pytest.raises(CommandError):
        call_command("send_mail_queue")

    assert Notification.objects.get(kind="receipt").refused_at is None


def test_one_bad_mail_does_not_hold_up_the_others(settings):
    an_inquiry()
    settings.FIELD_ENCRYPTION_KEYS = {"other": b"o" * 32}
    an_inquiry()

    with pytest.raises(CommandError):
        call_command("send_mail_queue")

    assert len(mail.outbox) == 2
    assert set(Notification.objects.undelivered().values_list("last_error", flat=True)) == {"UnknownKey"}


def test_a_worker_that_dies_half_way_loses_nothing(monkeypatch):
    def killed(self):
        raise KeyboardInterrupt

    an_inquiry()
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(EmailMultiAlternatives, "send", killed)
        call_command("send_mail_queue")
    has_waited(minutes=4)
    call_command("send_mail_queue")
    assert len(mail.outbox) == 1  # the other one; the first is still leased to the dead worker

    has_waited(minutes=2)
    call_command("send_mail_queue")
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 2
    assert sorted(Notification.objects.values_list("attempts", flat=True)) == [1, 2]


def test_a_slow_worker_does_not_overwrite_what_the_next_one_recorded(monkeypatch):
    an_inquiry()
    slow = Notification.objects.first()
    assert claim(slow)
    has_waited(minutes=6)
    call_command("send_mail_queue")
    delivered = Notification.objects.get(pk=slow.pk).delivered_at

    def fails(self):
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr(EmailMultiAlternatives, "send", fails)
    assert not deliver(slow)

    assert Notification.objects.get(pk=slow.pk).delivered_at == delivered
    assert Notification.objects.get(pk=slow.pk).last_error == ""


def test_only_one_worker_can_claim_a_mail():
    an_inquiry()
    first, second = Notification.objects.first(), Notification.objects.first()

    assert claim(first)
    assert not claim(second)


@pytest.mark.parametrize("wrong_by", [timedelta(minutes=10), timedelta(minutes=-10)])
def test_a_worker_with_a_wrong_clock_leaves_alone_what_another_one_sends(wrong_by):
    """The lease is a time of the database's clock."""
    an_inquiry()
    first, second = Notification.objects.order_by("pk")
    assert claim(first)
    with time_machine.travel(timezone.now() + wrong_by):
        call_command("send_mail_queue")
        assert len(mail.outbox) == 1
    second.refresh_from_db()
    assert (first.attempts, second.attempts) == (1, 1)


@pytest.mark.parametrize("wrong_by", [timedelta(minutes=10), timedelta(minutes=-10)])
def test_mail_of_a_machine_with_a_wrong_clock_does_not_wait(wrong_by):
    with time_machine.travel(timezone.now() + wrong_by):
        an_inquiry()
    call_command("send_mail_queue")
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("wrong_by", [timedelta(minutes=10), timedelta(minutes=-10)])
def test_a_pause_after_a_failure_is_as_long_on_a_machine_with_a_wrong_clock(settings, closed_port, wrong_by):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", closed_port
    an_inquiry()
    with time_machine.travel(timezone.now() + wrong_by), pytest.raises(CommandError):
        call_command("send_mail_queue")
    assert not Notification.objects.due().exists()
    has_waited(minutes=2)
    assert Notification.objects.due().count() == 2


def test_a_worker_that_read_the_outbox_long_ago_claims_nothing_that_was_tried_since(settings, closed_port):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", closed_port
    an_inquiry()
    read_long_ago = Notification.objects.first()
    with pytest.raises(CommandError):
        call_command("send_mail_queue")
    has_waited(minutes=2)
    assert not claim(read_long_ago)


def test_unsent_for_five_minutes_is_stuck():
    with at(MORNING):
        an_inquiry()
    with at(MORNING + timedelta(minutes=4)):
        assert not Notification.objects.stuck().exists()
    with at(MORNING + timedelta(minutes=6)):
        assert Notification.objects.stuck().count() == 2
        call_command("send_mail_queue")
        assert not Notification.objects.stuck().exists()


def test_stuck_mail_is_reported_and_keeps_the_site_in_the_load_balancer(client):
    with at(MORNING):
        an_inquiry()
    with at(MORNING + timedelta(minutes=6)):
        response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json()["outbox"] is False


@pytest.mark.parametrize(
    "impossible",
    [
        {"delivered_at": MORNING, "refused_at": MORNING},
        {"delivered_at": MORNING, "lease_until": MORNING},
    ],
)
def test_database_constraints_refuse_impossible_rows(impossible):
    an_inquiry()
    with pytest.raises(IntegrityError), transaction.atomic():
        Notification.objects.update(**impossible)


def test_a_kind_that_no_app_has_registered_is_refused_at_once():
    inquiry = an_inquiry()
    with pytest.raises(LookupError, match="advert"):
        queue_mail("advert", about=inquiry, to="amina@example.org", language="en")


def test_an_address_in_another_script_gets_its_mail(settings, closed_port):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", closed_port
    an_inquiry(email="amina@bücher.example")
    with MailServer(closed_port) as server:
        call_command("send_mail_queue")

    assert "amina@xn--bcher-kva.example" in {message["To"] for message in server.mails}


def test_mails_are_deleted_with_their_request():
    an_inquiry()
    Inquiry.objects.all().delete()

    assert not Notification.objects.exists()
