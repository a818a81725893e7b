"""The base of our workers: a command that does its work once, or with --loop again and again until it is stopped."""

import signal
import time
from collections.abc import Callable

from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from gutskin.heartbeats.models import beat

# Seconds: each beat is a write, and nobody looks more often.
BEAT_INTERVAL = 60
# What the scheduler also does every hour. An app above it adds its own in its AppConfig.ready().
hourly_jobs: list[Callable[[], None]] = []


class LoopCommand(BaseCommand):
    """Any number may run at once. Subclasses define `round`, `pause` in seconds, what is printed first and last, and
    the name of their heartbeat.
    """

    pause = 5.0
    begins = ends = heartbeat = ""
    beat_after = 0.0
    stopping = False

    def add_arguments(self, parser):
        parser.add_argument("--loop", action="store_true", help="Keep running until stopped (SIGTERM or Ctrl-C).")
        parser.add_argument("--pause", type=float, default=self.pause, help="Seconds between two rounds of the loop.")

    def round(self) -> bool:
        """Does what is due now. True if there is more to do at once, without a pause."""
        raise NotImplementedError

    def run_until_stopped(self, pause):
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        self.stdout.write(self.begins)
        self.stdout.flush()
        while not self.stopping:
            close_old_connections()
            has_more = False
            try:
                has_more = self.round()
                self.beat()
            except (DatabaseError, InterfaceError) as error:
                self.stderr.write(f"The database did not answer ({type(error).__name__}). Trying again.")
                connection.close()
            if not has_more:
                self.wait(pause)
        self.stdout.write(self.ends)

    def beat(self):
        """Notes that work was done, at most once a minute. Call it in the middle of a round that may take minutes."""
        if time.monotonic() >= self.beat_after:
            beat(self.heartbeat)
            self.beat_after = time.monotonic() + BEAT_INTERVAL

    def wait(self, pause):
        # In short naps: Python resumes an interrupted sleep after a signal (PEP 475), which would delay the stop.
        wake_at = time.monotonic() + pause
        while not self.stopping and time.monotonic() < wake_at:
            time.sleep(min(0.2, pause))

    def stop(self, number, frame):
        # The current round is finished and recorded first.
        self.stopping = True
