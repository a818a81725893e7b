"""Jobs that other apps give to the mail worker: they belong to mail, or are too small for a process of their own.

An app registers them in AppConfig.ready. A job may run in several workers at once and must be safe to do so.
"""

from collections.abc import Callable, Iterable

# Run before each round of the worker: they may add mail to the outbox.
before_sending: list[Callable[[], object]] = []
# Run once an hour by `send_mail_queue --loop`. Each returns lines for the operator.
hourly: list[Callable[[], Iterable[str]]] = []
