"""A worker: how long until its first answer, and what memory it takes at rest."""

import statistics

from benchmarks import pages, peers, storing
from benchmarks.results import Budget, Table
from benchmarks.servers import memory
from tests.addresses import FORM_PAGES, READING_PAGES

OURS = "this site"
STARTS = 5


def run(lab) -> list[Table]:
    python = peers.installed()
    folder = lab.folder("workers")
    (folder / "main.html").write_text("<p>One paragraph.</p>")

    def peer(name, module, **more):
        return pages.Server(name, f"benchmarks.peers.{module}", folder, python=python, PEER_FOLDER=str(folder), **more)

    wagtail, _cached = pages.wagtail(folder, peer)
    servers = [lab.site(OURS), wagtail, storing.helpdesk(folder)]
    seconds, megabytes = {server.name: [] for server in servers}, {}
    for _ in range(STARTS):
        for server in servers:
            try:
                seconds[server.name].append(server.start())
                megabytes[server.name] = after_use(server)
            finally:
                server.stop()
    started = {name: statistics.median(taken) for name, taken in seconds.items()}
    return [
        Table(
            "A worker",
            ["", "start to first answer, s", "MB resident"],
            [[name, f"{started[name]:.2f}", f"{megabytes[name]:.0f}"] for name in started],
            [
                Budget("memory of a worker", megabytes[OURS], at_most=100, unit="MB"),
                Budget("start to first answer", started[OURS], at_most=2, unit="s"),
            ],
            notes=[
                f"The largest worker after it has shown its pages; the median of {STARTS} starts, which include the "
                "compiling of all templates (`--preload`)."
            ],
        )
    ]


def after_use(server) -> float:
    shown = [*READING_PAGES, *FORM_PAGES] if server.name == OURS else [server.ready] * 10
    for path in shown * 2:
        server.ask(path)
    return max(memory(pid) for pid in server.workers())
