"""Two mail workers, one of them on a machine whose clock is ten minutes ahead, and a mail server that is slow.

To a worker that asked its own clock, the leases of the other one would have run out as soon as they were taken.
"""

from collections import Counter

from tests.drill.load import Visitor
from tests.drill.table import Line
from tests.faults.lab import wait_for
from tests.faults.stored import inside

PATIENTS, PAUSE = 10, 1.0
WAITING = """
from gutskin.mail.models import Notification
result = Notification.objects.undelivered().count()
"""


def run(stack) -> Line:
    one, two = stack.machines
    server = stack.services.mail
    for machine in stack.machines:
        machine.stop("mail")
    before, server.pause = len(server.mails), PAUSE
    try:
        for _ in range(PATIENTS):
            Visitor(stack).send_request()
        waiting = inside(stack, WAITING)
        one.start("mail")
        began = wait_for(lambda: len(server.mails) > before, 30)
        two.processes["ahead"] = two.spawn("-m", "tests.drill.ahead", "send_mail_queue", "--loop", log="ahead")
        sent = wait_for(lambda: len(server.mails) - before >= waiting and not inside(stack, WAITING), 60, pause=1)
    finally:
        server.pause = 0
        two.stop("ahead")
        two.start("mail")
    arrived = Counter(mail.message["Message-ID"] for mail in server.mails[before:])
    doubled = arrived.total() - len(arrived)
    by_the_other = two.folder.joinpath("ahead.log").read_text().count(" delivered")
    broken = "" if began and sent else "not every mail was sent"
    if doubled:
        broken = f"{doubled} mails were sent twice"
    took_part = "sent some of them" if by_the_other else "sent none"
    done = f"{waiting} mails, {len(arrived)} arrived, {doubled} of them twice; the worker ahead {took_part}"
    return Line(done=done, broken=broken)
