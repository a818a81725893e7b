"""Asks a server for some seconds, from another process, and says what an answer took."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.servers import HEADERS, Server

LOADER = Path(__file__).with_name("loader.py")
# wrk is quicker than its servers; where it is missing, our loader takes a part of the machine, from all alike.
WRK = shutil.which("wrk")
LUA = """
function done(summary, latency)
    local e = summary.errors
    io.write(string.format("RESULT %d %d %d %d %d %d", summary.requests, summary.duration,
        latency:percentile(50), latency:percentile(95), latency:percentile(99),
        e.connect + e.read + e.write + e.status + e.timeout))
end
"""


@dataclass
class Run:
    """Of one server, in one round. Times are milliseconds, but for `cpu`: microseconds per answer."""

    rate: float
    cpu: float
    p50: float
    p95: float
    p99: float
    answers: int
    # Broken connections, and answers of 400 and above.
    errors: int


def load(server: Server, paths: list[str], *, connections=8, seconds=2.0, ours=not WRK, **request) -> Run:
    """`request`: method, body and headers; `ours`: with our loader also where wrk is."""
    before = server.cpu()
    found = (of_our_loader if ours else of_wrk)(server, paths, connections, seconds, **request)
    used = server.cpu() - before
    return Run(cpu=used * 1e6 / max(1, found["answers"]), **found)


def of_our_loader(server, paths, connections, seconds, *, method="GET", body="", headers=None):
    plan = {"port": server.port, "paths": paths, "connections": connections, "seconds": seconds}
    plan |= {"method": method, "body": body, "headers": HEADERS | (headers or {})}
    done = subprocess.run(  # noqa: S603  our own loader, run by this Python
        [sys.executable, LOADER],
        input=json.dumps(plan),
        capture_output=True,
        text=True,
        check=True,
        timeout=seconds + 60,
    )
    result = json.loads(done.stdout)
    times, statuses = result["milliseconds"], result["statuses"]
    good = sum(count for status, count in statuses.items() if status.isdigit() and int(status) < 400)
    share = {f"p{percent}": times[min(len(times) - 1, len(times) * percent // 100)] for percent in (50, 95, 99)}
    return share | {"rate": good / result["seconds"], "answers": len(times), "errors": len(times) - good}


def of_wrk(server, paths, connections, seconds, *, headers=None):
    [path] = paths
    sent = [part for name, value in (HEADERS | (headers or {})).items() for part in ("--header", f"{name}: {value}")]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(LUA)
        script.flush()
        options = ["--threads", "1", "--connections", str(connections), "--duration", f"{max(1, round(seconds))}s"]
        command = [WRK, *options, *sent, "--script", script.name, f"http://127.0.0.1:{server.port}{path}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60, env=os.environ, check=True)  # noqa: S603  wrk, asked for a page of the site that this benchmark has started
    answers, duration, *times, errors = map(int, re.search(r"RESULT (.*)", done.stdout)[1].split())
    percentiles = {name: microseconds / 1000 for name, microseconds in zip(("p50", "p95", "p99"), times, strict=True)}
    return percentiles | {"rate": answers * 1e6 / duration, "answers": answers, "errors": errors}
