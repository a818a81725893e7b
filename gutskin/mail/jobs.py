"""Jobs that other apps give to the mail worker: they belong to mail, or are too small for a process of their own.

An app registers them when it is ready. A job may run in several workers at once, and has to bear that.
"""

from collections.abc import Callable, Iterable

# Run before each look at the outbox: they may put mail into it.
before_sending: list[Callable[[], object]] = []
# Run once an hour by `send_mail_queue --loop`. Each returns lines for the operator.
hourly: list[Callable[[], Iterable[str]]] = []
