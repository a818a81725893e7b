"""One step of the drill and what happened in it, and the section of docs/reliability.md."""

from dataclasses import dataclass


@dataclass
class Line:
    """`sent` and `failed` are None for a step without visitors."""

    done: str
    step: str = ""
    sent: int | None = None
    failed: int | None = None
    seconds: int = 0
    # What did not hold, in words; empty if everything did.
    broken: str = ""

    @property
    def holds(self) -> bool:
        return not self.broken and not self.failed


def line_of(load, done: str, broken: str = "") -> Line:
    """A step during which visitors came."""
    return Line(done=done, sent=load.sent, failed=load.failed, broken=broken or load.problem())
