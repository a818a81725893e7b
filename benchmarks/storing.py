"""Storing a request, beside the public form of django-helpdesk: eight patients who send one after the other."""

import html
import re
import shutil
import sqlite3
import uuid
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import psycopg

from benchmarks import peers
from benchmarks.load import load
from benchmarks.results import Budget, Table
from benchmarks.rounds import errors, interleaved, median, ratio
from benchmarks.servers import Server, running
from tests.faults.lab import copy_sqlite
from tests.faults.patient import answers_of_somebody
from tests.faults.postgres import Cluster, NoPostgres

OURS, HELPDESK = "this site", "django-helpdesk"
CLIENTS = 8
HEAD = ["", "stored/s", f"× {HELPDESK}", "p50, ms", "p95, ms", "p99, ms", "CPU, ms per request", "errors", "lost"]
SETTINGS = "benchmarks.peers.helpdesk_site.settings"
FIXTURE = Path(peers.__file__).parent / "helpdesk_site" / "queue.json"
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


def run(lab) -> list[Table]:
    peers.installed()
    folder = lab.folder("storing")
    database = folder / "gutskin.sqlite3"
    copy_sqlite(lab.site_folder / "gutskin.sqlite3", database)
    tables = [compare("SQLite", ours(lab, f"sqlite:///{database}"), helpdesk(folder))]
    try:
        with postgres(lab) as cluster:
            for name in ("ours", "helpdesk"):
                cluster.create(name)
            site = ours(lab, cluster.url("ours"))
            lab.prepare(site.env)
            tables.append(compare("PostgreSQL", site, helpdesk(folder, cluster.url("helpdesk"))))
    except NoPostgres as error:
        tables.append(Table("Storing a request on PostgreSQL", [], notes=[f"Left out. {error}"]))
    return tables


def ours(lab, url) -> Server:
    return lab.site(OURS, DATABASE_URL=url, VAR_DIR=str(lab.site_folder))


def helpdesk(folder, url="") -> Server:
    variables = {"PEER_FOLDER": str(folder), "PEER_DATABASE": url, "DJANGO_SETTINGS_MODULE": SETTINGS}
    peers.manage(SETTINGS, "migrate", "--verbosity", "0", **variables)
    peers.manage(SETTINGS, "loaddata", "--verbosity", "0", "emailtemplate", str(FIXTURE), **variables)
    module = "benchmarks.peers.helpdesk_site.wsgi"
    return Server(HELPDESK, module, folder, python=str(peers.PYTHON), ready="/tickets/submit/", **variables)


@contextmanager
def postgres(lab):
    folder = lab.folder("postgres")
    # That of the run before, if its folder was kept.
    shutil.rmtree(folder)
    cluster = Cluster(folder)
    cluster.start()
    try:
        yield cluster
    finally:
        cluster.stop()


def compare(database, site, peer) -> Table:
    answers = answers_of_somebody() | {"key": "{key}", "email": "{key}@example.org", "name": "Amina {key}"}
    ticket = {"queue": "1", "title": "Request {key}", "body": story(answers), "submitter_email": "{key}@example.org"}
    counts = {OURS: "consultations_inquiry", HELPDESK: "helpdesk_ticket"}
    lost = {OURS: 0, HELPDESK: 0}
    with running(site, peer):
        forms = {
            OURS: form(site, "/consult/", answers),
            HELPDESK: form(peer, "/tickets/submit/", ticket | {"priority": "3"}),
        }

        def one(server):
            path, sent = forms[server.name]
            before = rows(server, counts[server.name])
            run = load(server, [path], connections=CLIENTS, seconds=4, ours=True, method="POST", **sent)
            lost[server.name] += run.answers - run.errors - (rows(server, counts[server.name]) - before)
            return run

        runs = interleaved([site, peer], one, rounds=4)
    against = ratio(runs, OURS, HELPDESK, "rate")
    return Table(
        f"Storing a request on {database}, {CLIENTS} patients at once",
        HEAD,
        [row(runs, name, lost[name]) for name in (OURS, HELPDESK)],
        [
            Budget(f"requests stored on {database}, against {HELPDESK}", against, at_least=1),
            Budget(f"storing on {database}, p95", median(runs, OURS, "p95"), at_most=250, unit="ms"),
        ],
    )


def story(answers):
    return "\n".join(answers[name] for name in ("skin_problem", "gut_details", "question"))


def form(server, path, fields):
    """The path, and what a browser would send: cookies, hidden fields and answers. One is tried."""
    page = server.ask(path, Accept_Encoding="identity")
    cookies = "; ".join(value.partition(";")[0] for value in page.headers.get_all("Set-Cookie") or [])
    hidden = {name: html.unescape(value) for name, value in HIDDEN.findall(page.content.decode())}
    # Curly brackets stay as they are, for the loader to fill.
    body = urlencode(hidden | fields, doseq=True, safe="{}")
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Referer": "https://gutskin.example/",
        "Cookie": cookies,
        "X-Forwarded-For": "{address}",
    }
    tried = server.ask(
        path, "POST", body.replace("{key}", str(uuid.uuid4())), **headers | {"X-Forwarded-For": "10.0.0.9"}
    )
    assert tried.status == 302, f"{server.name} answered {tried.status}: {tried.content[:2000]}"
    return path, {"body": body, "headers": headers}


def rows(server, table) -> int:
    url = server.env.get("PEER_DATABASE") or server.env.get("DATABASE_URL", "")
    count = f"SELECT count(*) FROM {table}"  # noqa: S608  our own names
    if url.startswith("postgres"):
        with psycopg.connect(url) as connection:
            return connection.execute(count).fetchone()[0]
    file = url.removeprefix("sqlite:///") or Path(server.env["PEER_FOLDER"]) / "helpdesk.db"
    connection = sqlite3.connect(file)
    [[number]] = connection.execute(count)
    connection.close()
    return number


def row(runs, name, lost):
    times = [f"{median(runs, name, figure):.0f}" for figure in ("p50", "p95", "p99")]
    rate, cpu = median(runs, name, "rate"), median(runs, name, "cpu") / 1000
    against = ratio(runs, name, HELPDESK, "rate")
    return [name, f"{rate:.0f}", f"{against:.2f}", *times, f"{cpu:.1f}", errors(runs, name), lost]
