"""Interleaved rounds: every server once in each, in turns, so that what else the machine does meets them all alike."""

import statistics
from collections.abc import Callable, Iterable

from benchmarks.load import Run
from benchmarks.servers import Server

Runs = dict[str, list[Run]]


def interleaved(servers: Iterable[Server], one: Callable[[Server], Run], rounds: int) -> Runs:
    """Name of a server -> its runs, the nth of each taken in the same round. A run before them is not counted."""
    servers = list(servers)
    for server in servers:
        one(server)
    runs = {server.name: [] for server in servers}
    for number in range(rounds):
        # Who comes first changes, since the last one may leave the machine something to do.
        turn = number % len(servers)
        for server in servers[turn:] + servers[:turn]:
            runs[server.name].append(one(server))
    return runs


def median(runs: Runs, name: str, figure: str) -> float:
    return statistics.median(getattr(run, figure) for run in runs[name])


def ratio(runs: Runs, name: str, reference: str, figure: str) -> float:
    """The median of the ratios within each round, which other programs on the machine disturb least."""
    pairs = zip(runs[name], runs[reference], strict=True)
    return statistics.median(getattr(mine, figure) / max(1e-9, getattr(other, figure)) for mine, other in pairs)


def errors(runs: Runs, name: str) -> int:
    return sum(run.errors for run in runs[name])
