"""Visitors come all the time while both machines are restarted, one after the other, and nginx reads its file again."""

from tests.drill.load import Load
from tests.drill.table import Line, line_of

AT_LEAST = 1000


def run(stack) -> Line:
    with Load(stack) as load:
        load.wait_for(200)
        for machine in stack.machines:
            machine.restart()
        stack.reload_nginx()
        load.wait_for(max(100, AT_LEAST - load.sent))
    done = (
        f"all processes of both machines, then `nginx -s reload`; {len(load.acknowledged)} of the visits sent a request"
    )
    return line_of(load, done, "" if load.sent >= AT_LEAST else "too few visitors came")
