"""The instruments of `make bench`. What they measure is no test: no time is asserted here."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

from benchmarks import growing_admin, growth
from benchmarks.load import Run, of_our_loader
from benchmarks.report import summary
from benchmarks.results import Budget, Table
from benchmarks.rounds import interleaved, ratio
from benchmarks.servers import children_of_all, gunicorn
from benchmarks.weight import Fetched
from tests.production import start


def a_run(cpu):
    return Run(rate=1, cpu=cpu, p50=1, p95=1, p99=1, answers=1, errors=0)


@contextmanager
def answering(status):
    """A server on this machine that answers every POST with `status`; gives its port, and the bodies it received."""
    bodies = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            bodies.append((self.rfile.read(int(self.headers["Content-Length"])), self.headers["X-Forwarded-For"]))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1], bodies
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def post_for_a_moment(port):
    return of_our_loader(
        SimpleNamespace(port=port),
        ["/"],
        2,
        0.2,
        method="POST",
        body="key={key}",
        headers={"X-Forwarded-For": "{address}"},
    )


def test_the_loader_counts_what_was_answered_and_sends_each_request_once():
    with answering(302) as (port, bodies):
        found = post_for_a_moment(port)
    assert found["answers"] == len(bodies) > 2
    assert found["errors"] == 0
    assert len({body for body, _address in bodies}) == len({address for _body, address in bodies}) == len(bodies)


def test_a_refused_request_is_an_error_and_not_a_quick_answer():
    with answering(503) as (port, bodies):
        found = post_for_a_moment(port)
    assert found["errors"] == found["answers"] == len(bodies)
    assert found["rate"] == 0


def test_a_ratio_is_taken_within_each_round():
    """The machine was slower in the second round, for both, and in the third for the site alone."""
    runs = {"site": [a_run(1), a_run(20), a_run(30)], "peer": [a_run(2), a_run(40), a_run(10)]}
    assert ratio(runs, "site", "peer", "cpu") == 0.5


def test_servers_take_turns_and_the_first_run_of_each_is_not_counted():
    asked, servers = [], [SimpleNamespace(name="a"), SimpleNamespace(name="b")]
    runs = interleaved(servers, lambda server: asked.append(server.name) or len(asked), rounds=2)
    assert asked == ["a", "b", "a", "b", "b", "a"]
    assert runs == {"a": [3, 6], "b": [4, 5]}


@pytest.mark.parametrize(
    ("budget", "holds"),
    [
        (Budget("CPU", 1.0, at_most=1), True),
        (Budget("CPU", 1.17, at_most=1), False),
        (Budget("rate", 0.93, at_least=1), False),
        (Budget("rate", 1.05, at_least=1), True),
    ],
)
def test_a_budget_that_is_missed_says_by_how_much(budget, holds):
    assert budget.holds == holds
    line = summary([Table("T", [], budgets=[budget])]).splitlines()[-1]
    assert ("**no**" not in line) == holds
    assert holds or "1.2 times as much" in line or "93% of it" in line


def test_peers_are_served_with_the_options_of_the_site():
    ours, peer = gunicorn("gutskin.wsgi", "python"), gunicorn("benchmarks.peers.bare", "python")
    assert "--worker-class gthread" in peer
    without_our_classes = ours.replace(" --logger-class gutskin.json_logs.GunicornLogger", "")
    without_our_classes = without_our_classes.replace("gutskin.web_worker.WebWorker", "gthread")
    assert peer.replace("benchmarks.peers.bare", "gutskin.wsgi") == without_our_classes


def test_processes_are_found_by_the_one_that_started_them():
    process = start("-c", "input()", env={}, stdin=-1)
    try:
        assert process.pid in [pid for children in children_of_all().values() for pid in children]
    finally:
        process.communicate("\n", timeout=30)


def test_what_a_page_makes_a_browser_fetch():
    page = """<link rel="stylesheet" href="/a.css"><link rel="alternate" href="/feed.xml"><script src="/a.js"></script>
        <script type="application/ld+json">{}</script><img src="/a.svg" alt=""><link rel="icon" href="/icon.svg">"""
    assert Fetched(page).found == [
        ("style", "/a.css"),
        ("script", "/a.js"),
        ("picture", "/a.svg"),
        ("icon", "/icon.svg"),
    ]


def cost(cpu, bytes, queries, status=200, is_page=True):
    return {"cpu": cpu, "bytes": bytes, "queries": queries, "status": status, "is_page": is_page}


def test_a_growth_table_names_what_each_page_breaks_and_begins_with_those():
    few = {"/flat/": cost(9, 9000, 2), "/quick/": cost(0.1, 100, 1), "/big/": cost(9, 90_000, 2)}
    few |= {"/all.csv": cost(9, 9000, 2, is_page=False), "/refused/": cost(1, 10, 0, 403), "/new/": cost(1, 10, 0, 404)}
    many = {"/flat/": cost(27, 18_000, 2), "/quick/": cost(4, 100, 1), "/big/": cost(28, 240_000, 3)}
    many |= {"/all.csv": cost(9, 900_000, 2, is_page=False), "/refused/": cost(1, 10, 0, 403), "/new/": cost(1, 10, 0)}

    found = growth.table(few, many, 2_000)

    assert [(row[0], row[-1]) for row in found.rows] == [
        ("/big/", "CPU, SQL, bytes, 200 kB"),
        ("/all.csv", ""),
        ("/flat/", ""),
        ("/quick/", ""),
    ]
    assert [(round(budget.found, 1), budget.holds) for budget in found.budgets] == [
        (3.1, False),
        (2.7, False),
        (1.5, False),
        (240, False),
    ]
    assert "only one of the sites shows them: /new/." in found.notes[1]
    assert "at 2,000" in found.head


def test_a_page_of_admin_is_compared_with_its_like_on_a_site_where_lists_are_full():
    few = {"list": cost(30, 20_000, 9), "scan": cost(30, 20_000, 9), "form": cost(30, 20_000, 9)}
    full = {"list": cost(90, 60_000, 10), "scan": cost(60, 60_000, 10), "form": cost(30, 20_000, 9)}
    many = {"list": cost(99, 61_000, 10), "scan": cost(700, 61_000, 10), "form": cost(30, 20_000, 11)}
    sites = [{(f"/{path}/", "Author"): found[path] for path in found} for found in (few, full, many)]
    for page in sites[2].values():
        page["first"] = 2 * page["cpu"]

    found = growing_admin.table(*sites, 2_000)

    assert [(row[0], row[-1]) for row in found.rows] == [
        ("`/scan/`", "CPU, a second"),
        ("`/form/`", "SQL"),
        ("`/list/`", ""),
    ]
    assert [budget.holds for budget in found.budgets] == [False, True, False, True, False]
