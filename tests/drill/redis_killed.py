"""Redis is killed while visitors come, and started again."""

import time

from tests.drill.load import Load, Visitor
from tests.drill.table import Line, line_of
from tests.faults.lab import wait_for
from tests.faults.staff import an_account, log_in


def run(stack) -> Line:
    for name in ("with-redis", "without-redis"):
        an_account(stack, name, "Clinician")
    log_in(stack, "with-redis", browser=Visitor(stack))
    with Load(stack) as load:
        load.wait_for(100)
        stack.services.redis.kill()
        load.wait_for(200)
        log_in(stack, "without-redis", browser=Visitor(stack))
        said = [(machine.readyz(), machine.readyz("?strict")["status"]) for machine in stack.machines]
        stack.services.redis.start()
        began = time.monotonic()
        noticed = wait_for(lambda: all(machine.readyz().get("cache") for machine in stack.machines), 30)
        seconds = time.monotonic() - began
        load.wait_for(100)
    is_told = all(not answer["cache"] and answer["status"] == 200 and strict == 503 for answer, strict in said)
    broken = "" if is_told and noticed else "/readyz does not say whether Redis is there"
    done = f"staff logged in; /readyz said so, and {seconds:.1f} s after the start that it is back"
    return line_of(load, done, broken)
