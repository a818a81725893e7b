"""The mail server is down while people send their requests, and comes back."""

from collections import Counter

from tests.faults.lab import wait_for
from tests.faults.senders import Sending
from tests.faults.table import Line

REQUESTS = 20
EVERY_MAIL = "SELECT message_id FROM mail_notification"
UNTRIED = "SELECT 1 FROM mail_notification WHERE attempts = 0 OR lease_until IS NOT NULL"
WAITING = "SELECT 1 FROM mail_notification WHERE delivered_at IS NULL"
# Skips the pause after a failure and the lease of a dead worker: every row is due at once.
HURRY = "UPDATE mail_notification SET next_try_at = created_at, lease_until = NULL WHERE delivered_at IS NULL"


def run(lab) -> Line:
    server = lab.mail_server()
    with lab.site("silent-mail-server", EMAIL_URL=server.url) as site:
        acknowledged = Sending(site).all(lab.number(REQUESTS))
        site.start_worker()
        tried = wait_for(lambda: not site.sql(UNTRIED), 60)
        before = len(server.mails)
        server.up()
        site.sql(HURRY)
        wait_for(lambda: not site.sql(WAITING), 60)
        server.down()
        lost, doubled, strange = delivered(site, server)
        broken = "" if tried and not before and not strange else "mail was not tried while the server was down"
        return Line(
            done="server down until each mail was tried, then up",
            sent=len(site.sql(EVERY_MAIL)),
            acknowledged=len(acknowledged) * 2,
            stored=len(server.mails),
            lost=lost,
            doubled=doubled,
            answers_of_500=site.answers_of_500,
            broken=broken,
        )


def delivered(site, server) -> tuple[int, int, int]:
    """Counts mails that did not arrive, that arrived twice, and that have a Message-ID that is not ours."""
    wanted = {message_id for (message_id,) in site.sql(EVERY_MAIL)}
    arrived = Counter(mail.message["Message-ID"] for mail in server.mails)
    lost = len(wanted - arrived.keys())
    return lost, arrived.total() - len(arrived), len(arrived.keys() - wanted)
