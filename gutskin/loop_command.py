"""A command that does its work once, or with --loop again and again until it is told to stop."""

import signal
import time

from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, close_old_connections, connection


class LoopCommand(BaseCommand):
    """Any number of these may run at once. Subclasses say `pause`, `begins`, `ends`, and what one `round` is."""

    pause = 5.0
    begins = ends = ""
    stopping = False

    def add_arguments(self, parser):
        parser.add_argument("--loop", action="store_true", help="Go on until told to stop (SIGTERM or Ctrl-C).")
        parser.add_argument("--pause", type=float, default=self.pause, help="Seconds between two looks in the loop.")

    def round(self) -> bool:
        """Does what is due now. True where there is more to do at once, without a rest."""
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
            except (DatabaseError, InterfaceError) as error:
                self.stderr.write(f"The database did not answer ({type(error).__name__}). Trying again.")
                connection.close()
            if not has_more:
                self.rest(pause)
        self.stdout.write(self.ends)

    def rest(self, pause):
        """In short naps: a sleeping process goes on sleeping after a signal."""
        wake_at = time.monotonic() + pause
        while not self.stopping and time.monotonic() < wake_at:
            time.sleep(min(0.2, pause))

    def stop(self, number, frame):
        # What is in hand is finished and written down first.
        self.stopping = True
