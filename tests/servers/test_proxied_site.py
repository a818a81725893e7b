"""The site as documented: gunicorn by the Procfile behind nginx with docs/deploy/nginx.conf."""

import re
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from tests import production, proxy

pytestmark = [pytest.mark.servers, pytest.mark.skipif(proxy.nginx() is None, reason="nginx is not installed")]
# Of the server that speaks, and of the moment.
OF_THE_CONNECTION = {"server", "date", "connection", "accept-ranges", "etag", "last-modified", "transfer-encoding"}


@pytest.fixture(scope="module")
def stack(prepared_folder, tmp_path_factory):
    """How to reach nginx and the application behind it, and the files that are mounted into nginx."""
    folder = tmp_path_factory.mktemp("stack")
    shutil.copytree(prepared_folder, folder / "var", dirs_exist_ok=True)
    with production.serving(folder / "var") as address:
        port = int(address.rpartition(":")[2])
        with proxy.proxying(folder / "nginx", port) as way:
            yield way, (port,), folder / "nginx" / "www"


def ask(way, path, method="GET", **headers):
    with closing(proxy.connection(*way)) as connection:
        sent = {"Host": "gutskin.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
        connection.request(
            method, path, headers=sent | {name.replace("_", "-"): value for name, value in headers.items()}
        )
        response = connection.getresponse()
        response.content = response.read()
    return response


def headers_of(response):
    found = {name.lower(): value.replace('"', "") for name, value in response.headers.items()}
    return {name: value for name, value in found.items() if name not in OF_THE_CONNECTION}


@pytest.mark.parametrize("coding", ["br", "gzip", "identity"])
@pytest.mark.parametrize("kind", ["css", "js", "svg"])
def test_nginx_sends_static_files_as_the_application_does(stack, prepared_folder, kind, coding):
    nginx, application, mounted = stack
    html = "".join(ask(application, address).content.decode() for address in ("/", "/consult/"))
    path = re.search(rf"/static/[\w/.-]+\.[0-9a-f]{{12}}\.{kind}", html).group()
    of_application = ask(nginx, path, Accept_Encoding=coding)
    shutil.copytree(prepared_folder / "static", mounted / "static")
    try:
        of_nginx = ask(nginx, path, Accept_Encoding=coding)
        head = ask(nginx, path, "HEAD", Accept_Encoding=coding)
    finally:
        shutil.rmtree(mounted)
    assert "gunicorn" not in str(of_nginx.headers)
    assert of_nginx.content == of_application.content
    different = {
        name: (of_nginx.headers.get(name), of_application.headers.get(name))
        for name in headers_of(of_nginx).keys() | headers_of(of_application).keys()
        # For a page that opens the file itself nothing may be loaded; the application says it in more words.
        if name != "content-security-policy" and headers_of(of_nginx).get(name) != headers_of(of_application).get(name)
    }
    assert different == {}
    assert "default-src 'none'" in of_nginx.headers["Content-Security-Policy"]
    assert headers_of(head) == headers_of(of_nginx)


def test_a_public_page_through_nginx_is_what_the_application_answers(stack):
    nginx, application, _mounted = stack
    for coding in ("br", "gzip", "identity"):
        for path in ("/", "/conditions/acne/", "/evidence.json", "/feed/"):
            direct, proxied = (ask(way, path, Accept_Encoding=coding) for way in (application, nginx))
            assert proxied.content == direct.content
            assert headers_of(proxied) == headers_of(direct)
            assert proxied.headers["ETag"] == direct.headers["ETag"]
            assert "X-Accel-Expires" not in proxied.headers
            head = ask(nginx, path, "HEAD", Accept_Encoding=coding)
            assert headers_of(head) == headers_of(proxied)
            unchanged = ask(nginx, path, Accept_Encoding=coding, If_None_Match=direct.headers["ETag"])
            assert (unchanged.status, unchanged.content) == (304, b"")
            assert unchanged.headers["Vary"] == direct.headers["Vary"]
            assert unchanged.headers["ETag"] == direct.headers["ETag"]


def test_pages_are_kept_by_nginx(stack, tmp_path):
    """Most of what is asked in one second does not reach the application."""
    nginx, _application, _mounted = stack
    log = stack[2].parent / "access.log"
    before = len(log.read_text().splitlines())
    for _ in range(60):
        assert ask(nginx, "/about/").status == 200
        time.sleep(0.02)
    time.sleep(0.2)
    lines = log.read_text().splitlines()[before:]
    assert sum(line.endswith(" HIT") for line in lines) >= 15


def test_an_idle_connection_is_no_error(stack):
    """nginx closes its connections before gunicorn does."""
    procfile = (production.ROOT / "Procfile").read_text()
    of_gunicorn = int(re.search(r"--keep-alive (\d+)", procfile)[1])
    of_nginx = int(re.search(r"keepalive_timeout (\d+)s;", (proxy.DEPLOY / "nginx.conf").read_text())[1])
    assert of_nginx + 10 <= of_gunicorn

    nginx, _application, _mounted = stack
    with ThreadPoolExecutor(8) as visitors:
        # Gunicorn's default is two seconds.
        for pause in (0, 2.0, 2.1):
            time.sleep(pause)
            statuses = list(visitors.map(lambda _number: ask(nginx, "/consult/").status, range(7)))
            assert statuses == [200] * 7
