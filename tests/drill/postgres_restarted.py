"""PostgreSQL is restarted while visitors come: until it is back, pages of ours say that the site is busy."""

import time

from tests.drill.load import Load
from tests.drill.table import Line, line_of

DOWN = 3  # seconds


def run(stack) -> Line:
    with Load(stack, tolerates_503=True) as load:
        load.wait_for(100)
        stack.services.cluster.stop()
        time.sleep(DOWN)
        stack.services.cluster.start()
        seconds = stack.until_green()
        told = load.statuses[503]
        load.wait_for(200)
    after = load.statuses[503] - told
    done = f"down for {DOWN} s: {load.statuses[503]} × 503, each a page of ours; green {seconds:.1f} s after the start"
    return line_of(load, done, f"{after} × 503 although it was back" if after > 2 else "")
