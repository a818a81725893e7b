"""A web process that is told to stop while visitors come."""

import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import closing

import pytest

from tests import production
from tests.faults.lab import wait_for

pytestmark = pytest.mark.servers
HEAD = (
    "POST /conditions/acne/feedback/ HTTP/1.1\r\nHost: gutskin.example\r\nX-Forwarded-Proto: https\r\n"
    "X-Forwarded-For: 203.0.113.9\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 8\r\n\r\n"
)


@pytest.fixture
def web(prepared_folder, tmp_path):
    """A web process of two workers, and its port."""
    shutil.copytree(prepared_folder, tmp_path / "var")
    port = production.free_port()
    env = production.environment(tmp_path / "var", HOST="127.0.0.1", PORT=str(port), WEB_CONCURRENCY="2")
    process = production.start(
        "-m", "gutskin.procfile", "web", env=env, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        production.wait_for(port, process, lambda: "The web process did not start.")
        yield process, port
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=20)


def connect(port):
    return socket.create_connection(("127.0.0.1", port), timeout=20)


def is_refused(port):
    try:
        connect(port).close()
    except ConnectionRefusedError:
        return True
    return False


def test_a_web_process_that_stops_finishes_what_it_has_begun_and_refuses_everyone_else(web):
    """Whoever is refused asks another machine; whoever was let in and then cut off may have sent a form."""
    process, port = web
    with closing(connect(port)) as visitor:
        visitor.sendall(HEAD.encode() + b"half")
        # It has been taken in, not only queued.
        assert production.ask(f"127.0.0.1:{port}", "/healthz").status == 200
        process.terminate()
        began = time.monotonic()
        assert wait_for(lambda: is_refused(port), 20, pause=0.01)
        assert process.poll() is None
        visitor.sendall(b"done")
        assert visitor.recv(100).startswith(b"HTTP/1.1 4")
    assert process.wait(timeout=60) == 0
    assert time.monotonic() - began < 60


def test_nobody_is_cut_off_who_was_connected_when_it_was_told_to_stop(web):
    process, port = web
    visitors = [connect(port) for _ in range(40)]
    for visitor in visitors:
        visitor.sendall(b"GET /healthz HTTP/1.1\r\nHost: gutskin.example\r\n\r\n")
    process.terminate()
    answers = [visitor.recv(15) for visitor in visitors]
    for visitor in visitors:
        visitor.close()
    assert set(answers) == {b"HTTP/1.1 200 OK"}
    assert process.wait(timeout=60) == 0
