"""The web process's worker: gunicorn's gthread that stops listening before it finishes what it has begun.

gthread keeps its port open until its last answer is sent, for two seconds at least, and takes nobody in: whoever comes
in that time is cut off at the end. nginx asks another machine for a page then, but never sends a form twice
(docs/decisions/0051).
"""

from gunicorn.workers.gthread import ThreadWorker


class WebWorker(ThreadWorker):
    def set_accept_enabled(self, enabled):
        super().set_accept_enabled(enabled)
        # Not where it has too many visitors for the moment.
        if not enabled and not self.alive:
            self._stop_listening()

    def _stop_listening(self):
        """Takes in who has connected already. Everyone else is refused, and nginx asks the next machine."""
        for listener in self.sockets:
            taken = None
            while taken != self.nr_conns:
                taken = self.nr_conns
                self.accept(listener)
            listener.close()
