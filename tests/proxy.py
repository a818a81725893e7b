"""nginx with docs/deploy/nginx.conf, in front of a web process that listens somewhere on this machine."""

import http.client
import os
import shutil
import ssl
import subprocess
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from tests.certificate import make_certificate
from tests.production import ROOT, free_port, wait_for

DEPLOY = ROOT / "docs" / "deploy"
# Everything that nginx keeps for a request is in the folder of the test.
MAIN = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 512; }}
http {{
    types {{ text/html html; text/css css; }}
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


def nginx() -> str | None:
    """The program, if it is installed."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


@contextmanager
def proxying(folder: Path, port: int, **changes):
    """nginx in front of the web process at `port`; gives the port on which it speaks TLS, and its certificate.

    `changes` replace text of the configuration: pairs of the text and what comes in its place.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # As root, nginx's workers run as another user.
    folder.chmod(0o755)
    own_port, certificate = free_port(), make_certificate(folder)
    (folder / "site.conf").write_text(_configuration(folder, port, own_port, certificate, changes.values()))
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder))
    user = ["-g", "user root;"] if os.getuid() == 0 else []
    process = subprocess.Popen([nginx(), "-e", folder / "nginx.log", "-c", folder / "nginx.conf", *user])  # noqa: S603
    try:
        wait_for(own_port, process, lambda: f"nginx did not start: {(folder / 'nginx.log').read_text()}")
        yield own_port, certificate
    finally:
        process.terminate()
        process.wait(timeout=20)


def connection(port: int, certificate: Path | None = None, *, source="") -> http.client.HTTPConnection:
    """To a web process, or with a certificate to nginx in front of it; `source` is the visitor's own address."""
    options = {"timeout": 60, "source_address": (source, 0) if source else None}
    if certificate is None:
        return http.client.HTTPConnection("127.0.0.1", port, **options)
    return http.client.HTTPSConnection("127.0.0.1", port, context=_trusting(certificate), **options)


@cache
def _trusting(certificate):
    context = ssl.create_default_context(cafile=certificate)
    # It is for the host of the site, which has no address here.
    context.check_hostname = False
    return context


def _configuration(folder, port, own_port, certificate, changes):
    text = (DEPLOY / "nginx.conf").read_text()
    replaced = [
        ("server app:8000 ", f"server 127.0.0.1:{port} "),
        ("listen 8080 default_server;", f"listen 127.0.0.1:{free_port()} default_server;"),
        ("listen 8443 ssl http2 default_server;", f"listen 127.0.0.1:{own_port} ssl http2 default_server;"),
        ("/etc/nginx/tls/fullchain.pem", str(certificate)),
        ("/etc/nginx/tls/privkey.pem", str(certificate)),
        ("root /etc/nginx;", f"root {DEPLOY};"),
        ("root /var/www/gutskin;", f"root {folder}/www;"),
        ("/tmp/gutskin-pages", f"{folder}/pages"),  # noqa: S108  what is in the file
        ("/var/log/nginx/access.log", f"{folder}/access.log"),
        *changes,
    ]
    for old, new in replaced:
        assert old in text, old
        text = text.replace(old, new)
    return text
