"""TLS in front of the site, as with nginx: a certificate for this run, and answers passed on unchanged."""

import http.client
import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.certificate import make_certificate

BETWEEN_HOPS = {"connection", "keep-alive", "transfer-encoding"}


@dataclass(frozen=True)
class Proxy:
    port: int
    certificate: Path


@contextmanager
def tls_proxy(site):
    certificate = make_certificate(site.folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(site))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Proxy(server.server_address[1], certificate)
    finally:
        server.shutdown()
        server.server_close()


def _handler_for(site):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
            headers = {name: value for name, value in self.headers.items() if name.lower() not in BETWEEN_HOPS}
            connection.request(self.command, self.path, headers=headers | {"X-Forwarded-Proto": "https"})
            answer = connection.getresponse()
            content = answer.read()
            connection.close()
            site.saw(answer.status)
            self.send_response_only(answer.status, answer.reason)
            for name, value in answer.getheaders():
                if name.lower() not in BETWEEN_HOPS | {"content-length"}:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content if self.command != "HEAD" else b"")

        do_HEAD = do_OPTIONS = do_GET

        def log_message(self, *arguments):
            """The site's own log is enough."""

    return Handler
