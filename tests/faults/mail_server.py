"""A minimal mail server that accepts and keeps every mail, and can be down."""

import socketserver
import threading
import time
from dataclasses import dataclass
from email import message_from_bytes, policy

from tests import production


@dataclass(frozen=True)
class Mail:
    recipients: tuple[str, ...]
    content: bytes

    @property
    def message(self):
        return message_from_bytes(self.content, policy=policy.default)


class MailServer:
    """Down until `up()`. It waits `pause` seconds in each mail, so that a worker can be killed in the middle."""

    def __init__(self):
        self.port, self.mails, self.pause, self._server = production.free_port(), [], 0, None

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    def up(self):
        self._server = _Server(("127.0.0.1", self.port), _Conversation)
        self._server.owner = self
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def down(self):
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def handle_error(self, request, client_address):
        """The client was killed: that is what this server is for."""


class _Conversation(socketserver.StreamRequestHandler):
    """RFC 5321, as far as smtplib goes."""

    def handle(self):
        self._say("220 ready")
        while line := self.rfile.readline().decode("ascii", "replace").strip():
            verb = line[:4].upper()
            if verb == "MAIL":
                self.recipients = []
            elif verb == "RCPT":
                self.recipients.append(line[8:].strip("<> "))
            elif verb == "DATA":
                self._say("354 go on")
                self._take()
            if verb == "QUIT":
                self._say("221 bye")
                return
            self._say("250 ok")

    def _take(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        time.sleep(self.server.owner.pause)
        if line:
            self.server.owner.mails.append(Mail(tuple(self.recipients), b"".join(lines)))

    def _say(self, words):
        self.wfile.write(f"{words}\r\n".encode())
