"""The mail worker is killed three times while it sends a hundred mails."""

import os
import signal

from tests.faults.lab import wait_for
from tests.faults.senders import Sending
from tests.faults.silent_mail_server import EVERY_MAIL, HURRY, WAITING, delivered
from tests.faults.table import Line

REQUESTS, KILLS = 50, 3


def run(lab) -> Line:
    server = lab.mail_server()
    # So that the worker is in the middle of a mail when it dies.
    server.pause = 0.03
    server.up()
    with lab.site("killed-mail-worker", EMAIL_URL=server.url) as site:
        acknowledged = Sending(site).all(lab.number(REQUESTS))
        mails = len(site.sql(EVERY_MAIL))
        killed = 0
        for part in range(1, KILLS + 1):
            worker = site.start_worker()
            if wait_for(lambda part=part: len(server.mails) >= mails * part / (KILLS + 1), 60, pause=0.005):
                os.kill(worker.pid, signal.SIGKILL)
                killed += 1
            worker.wait()
            site.sql(HURRY)
        site.start_worker()
        wait_for(lambda: not site.sql(WAITING), 60)
        server.down()
        lost, again, strange = delivered(site, server)
        # A worker may be killed after the server took a mail and before that was recorded. The mail is sent again with
        # the same Message-ID, by which mailboxes recognise it; more than one for each kill would be a fault.
        done = f"kill -9 of the worker, {killed} times; {again} of the mails came again, with the Message-ID they had"
        return Line(
            done=done,
            sent=mails,
            acknowledged=len(acknowledged) * 2,
            stored=len(server.mails) - again,
            lost=lost,
            doubled=strange + max(0, again - killed),
            answers_of_500=site.answers_of_500,
            broken="" if killed == KILLS else "the worker was not killed",
        )
