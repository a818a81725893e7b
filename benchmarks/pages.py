"""Published pages: warm, cold and not modified, beside the same bytes as a file and other programs that cache."""

import os
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

from benchmarks import peers
from benchmarks.load import WRK, load
from benchmarks.results import Budget, Table
from benchmarks.rounds import errors, interleaved, median, ratio
from benchmarks.servers import Server, running

ARTICLE = "/conditions/acne/"
PAGES = {"article": ARTICLE, "home": "/", "list": "/conditions/", "evidence map": "/evidence/"}
FILE = "WhiteNoise, the same bytes as a file"
OURS = "this site"
NOT_MODIFIED = f"{OURS}, not modified"
COLD = "this site without its page cache"
WAGTAIL = "Wagtail, as it ships"
HEAD = ["", "CPU, µs per answer", f"× {FILE.partition(',')[0]}", "answers/s", "p50, ms", "p99, ms", "errors"]


def run(lab) -> list[Table]:
    """`lab`: benchmarks/lab.py."""
    folder = lab.folder("pages")
    ours, python = lab.site(OURS), peers.installed()
    with running(ours):
        for path in PAGES.values():
            save_bytes(ours, path, folder)
        variables = {"BYTES_FOLDER": str(folder), "PEER_FOLDER": str(folder), "ARTICLE": ARTICLE}

        def peer(name, module, **more):
            more = {"ready": ARTICLE} | variables | more
            return Server(name, f"benchmarks.peers.{module}", folder, python=python, **more)

        file, bare = peer(FILE, "static_file"), peer("a bare WSGI function, the same bytes", "bare")
        cached = [bare, peer("Django with its cache middleware", "plain_django"), *wagtail(folder, peer)]
        cold = lab.site(COLD, PAGE_CACHE_MEGABYTES="0")
        with running(file, *cached, cold):
            return [
                warm_article([ours, file, *cached, cold]),
                *[warm_page(ours, file, name, path) for name, path in PAGES.items() if path != ARTICLE],
                not_modified(ours, file),
            ]


def save_bytes(server, path, folder: Path):
    """What a page is, in each encoding: exactly these bytes are what the others serve."""
    target = folder / path.strip("/")
    target.mkdir(parents=True, exist_ok=True)
    for suffix, encoding in {"": "identity", ".br": "br", ".gz": "gzip"}.items():
        answer = server.ask(path, Accept_Encoding=encoding)
        assert answer.status == 200, f"{path} answered {answer.status}"
        (target / f"index.html{suffix}").write_bytes(answer.content)
    if path == ARTICLE:
        page = (target / "index.html").read_text()
        (folder / "main.html").write_text(re.search(r"<main[^>]*>(.*)</main>", page, re.S)[1])


def wagtail(folder, peer) -> list[Server]:
    """As it ships, and with wagtail-cache; the database is made once."""
    settings = "benchmarks.peers.wagtail_site.settings"
    variables = {"PEER_FOLDER": str(folder), "DJANGO_SETTINGS_MODULE": settings}
    peers.manage(settings, "migrate", "--verbosity", "0", **variables)
    publish = [peers.PYTHON, "-m", "benchmarks.peers.wagtail_site.publish"]
    subprocess.run(publish, env=os.environ | variables, check=True)  # noqa: S603  our own command
    module = {"module": "wagtail_site.wsgi", "ready": "/article/", "DJANGO_SETTINGS_MODULE": settings}
    return [peer(WAGTAIL, **module), peer("Wagtail with wagtail-cache", WAGTAIL_CACHE="on", **module)]


def warm_article(servers) -> Table:
    for server in servers:
        fill(server, article_of(server))

    def one(server):
        # What renders each page is measured with our loader, which waits for the last answer: wrk would leave answers
        # that cost CPU and are not counted.
        return load(server, [article_of(server)], seconds=1, ours=not WRK or server.name in (WAGTAIL, COLD))

    runs = interleaved(servers, one, rounds=5)
    return Table(
        "A published article",
        HEAD,
        [row(runs, server.name) for server in servers],
        [
            Budget("a warm article, CPU against WhiteNoise", ratio(runs, OURS, FILE, "cpu"), at_most=1),
            Budget("a warm article, cheaper than Wagtail as it ships", ratio(runs, WAGTAIL, OURS, "cpu"), at_least=20),
        ],
    )


def warm_page(ours, file, name, path) -> Table:
    fill(ours, path)
    runs = interleaved([ours, file], lambda server: load(server, [path], seconds=1), rounds=5)
    budget = Budget(f"{name}, warm, CPU against WhiteNoise", ratio(runs, OURS, FILE, "cpu"), at_most=1)
    return Table(f"The {name}" if name != "home" else "Home", HEAD, [row(runs, OURS), row(runs, FILE)], [budget])


class Asked(NamedTuple):
    """One way to ask a server."""

    name: str
    server: Server
    headers: dict[str, str]


def not_modified(ours, file) -> Table:
    asked = [
        Asked(NOT_MODIFIED, ours, validators(ours)),
        Asked(f"{FILE}, not modified", file, validators(file)),
        Asked(f"{OURS}, the whole page", ours, {}),
    ]
    mine, of_file, whole = (each.name for each in asked)
    runs = interleaved(asked, lambda each: load(each.server, [ARTICLE], seconds=1, headers=each.headers), rounds=11)
    return Table(
        "The article, not modified (304)",
        HEAD,
        [row(runs, name, of_file) for name in (mine, of_file, whole)],
        [
            Budget("not modified (304), CPU against the whole page", ratio(runs, mine, whole, "cpu"), at_most=1),
            Budget("not modified (304), CPU against WhiteNoise's 304", ratio(runs, mine, of_file, "cpu"), at_most=1),
        ],
        notes=[
            "Neither 304 has a body. WhiteNoise sends three headers and this site four: HSTS too. Nearly all of both "
            "is gunicorn's own work, so there are more rounds than for a page."
        ],
    )


def validators(server) -> dict[str, str]:
    """What a browser sends that has the page."""
    answer = server.ask(ARTICLE)
    if tag := answer.headers["ETag"]:
        headers = {"If-None-Match": tag}
    else:
        headers = {"If-Modified-Since": answer.headers["Last-Modified"]}
    again = server.ask(ARTICLE, **headers)
    assert again.status == 304, f"{server.name} answered {again.status}"
    return headers


def article_of(server) -> str:
    return server.ready if "Wagtail" in server.name else ARTICLE


def fill(server, path):
    """Every worker has the page in its memory before anything is counted."""
    for _ in range(20):
        assert server.ask(path).status == 200, f"{server.name}: {path}"


def row(runs, name, reference=FILE):
    figures = [f"{median(runs, name, figure):,.1f}" for figure in ("p50", "p99")]
    against = ratio(runs, name, reference, "cpu")
    rate, cpu = (f"{median(runs, name, figure):,.0f}" for figure in ("rate", "cpu"))
    return [name, cpu, f"{against:.2f}" if against < 10 else f"{against:.0f}", rate, *figures, errors(runs, name)]
