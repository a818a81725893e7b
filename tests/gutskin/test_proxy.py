"""nginx with docs/deploy/nginx.conf: what it answers itself, and the limits for one visitor."""

import http.server
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import chain

import pytest

from tests import proxy
from tests.pages import Page

pytestmark = pytest.mark.skipif(proxy.nginx() is None, reason="nginx is not installed")
CHANGES = {
    "timeout": ("proxy_read_timeout 30s;", "proxy_read_timeout 700ms;"),
    "phone": ('set $clinic_phone "";', 'set $clinic_phone "020 7946 0000";'),
}


class Application(http.server.BaseHTTPRequestHandler):
    """Stands in for the site: each address is its behaviour."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path.endswith("/slow/"):
            time.sleep(1.2)
        if self.path == "/gone/":
            self.close_connection = True
            return
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status = int(self.path.strip("/")) if self.path.strip("/").isdecimal() else 200
        content = f"the application, {self.headers['X-Forwarded-For']}".encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET

    def log_message(self, *args):
        pass


@contextmanager
def an_application():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Application)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def application():
    with an_application() as port:
        yield port


@pytest.fixture(scope="module")
def ask(application, tmp_path_factory):
    folder = tmp_path_factory.mktemp("nginx")
    with proxy.proxying(folder, application, **CHANGES) as (own_port, certificate):
        yield asker(own_port, certificate)


@pytest.fixture
def ask_anew(application, tmp_path):
    """Through an nginx of its own, which has not counted any visit yet."""
    with proxy.proxying(tmp_path / "nginx", application, **CHANGES) as (own_port, certificate):
        yield asker(own_port, certificate)


@pytest.fixture
def ask_at_once(application, tmp_path):
    """Through an nginx that lets the forms of one visitor wait no longer than those of others."""
    changes = CHANGES | {"pace": ("zone=forms burst=30 delay=2;", "zone=forms burst=30 nodelay;")}
    with proxy.proxying(tmp_path / "nginx", application, **changes) as (own_port, certificate):
        yield asker(own_port, certificate)


def asker(port, certificate):
    def ask(path, method="GET", body=None, **headers):
        return ask_often(1, path, method, body, **headers)[0]

    def ask_often(times, path, method="GET", body=None, **headers):
        """One after another through one connection, as a browser does."""
        responses = []
        with closing(proxy.connection(port, certificate)) as connection:
            for _ in range(times):
                connection.request(method, path, body, {"X-Forwarded-For": "203.0.113.9"} | headers)
                with connection.getresponse() as response:
                    response.text = response.read().decode()
                responses.append(response)
        return responses

    ask.often = ask_often
    return ask


def is_the_static_page(response):
    page = Page(response.text)
    style_sheets = [link["href"] for link in page.all("link", rel="stylesheet")]
    headers = "Content-Security-Policy", "Strict-Transport-Security", "X-Content-Type-Options", "Cache-Control"
    return (
        len(page.all("h1")) == 1
        and style_sheets == ["/error-pages/error.css"]
        and "020 7946 0000" in response.text
        and "emergency number" in response.text
        and "<!--#" not in response.text
        and all(response.headers[name] for name in headers)
    )


@pytest.mark.parametrize(
    ("path", "method", "size", "status", "words"),
    [
        ("/", "POST", 12_600_000, 413, "too much in one go"),
        ("/consult/", "POST", 57_700_000, 413, "too much in one go"),
        ("/" + "x" * 10_000, "GET", 0, 414, "address is too long"),
        # What the application would refuse with a bare page.
        ("/" + "x" * 8_176, "GET", 0, 414, "address is too long"),
        ("/gone/", "GET", 0, 502, "busy for a moment"),
    ],
)
def test_what_nginx_answers_itself_looks_like_ours(ask, path, method, size, status, words):
    response = ask(path, method, b"x" * size)
    assert response.status == status
    assert words in response.text
    assert is_the_static_page(response)


def test_an_application_that_takes_too_long_has_our_page(application, tmp_path):
    changes = CHANGES | {"timeout": ("proxy_read_timeout 30s;", "proxy_read_timeout 100ms;")}
    with proxy.proxying(tmp_path / "nginx", application, **changes) as (own_port, certificate):
        response = asker(own_port, certificate)("/slow/")
    assert response.status == 504
    assert "busy for a moment" in response.text
    assert is_the_static_page(response)


@pytest.mark.parametrize("size", [8_176, 40_000])
def test_cookies_that_are_too_large_get_our_page(ask, size):
    response = ask("/", Cookie="a=" + "x" * size)
    assert response.status == 431
    assert "Your browser sent too much" in response.text
    assert is_the_static_page(response)


def test_without_an_application_the_page_is_ours(tmp_path):
    with proxy.proxying(tmp_path / "nginx", proxy.free_port(), **CHANGES) as (port, certificate):
        response = asker(port, certificate)("/")
        assert response.status == 502
        assert is_the_static_page(response)
        assert asker(port, certificate)("/error-pages/error.css").headers["Content-Type"] == "text/css"


@pytest.mark.parametrize("status", [413, 429, 503])
def test_the_pages_of_the_application_are_passed_on(ask, status):
    response = ask(f"/{status}/")
    # Not what the visitor claims.
    assert (response.status, response.text) == (status, "the application, 127.0.0.1")


def test_one_visitor_is_told_when_it_was_too_much_and_the_page_still_has_its_style_sheet(ask_anew):
    with ThreadPoolExecutor(20) as visitors:
        answers = list(chain(*visitors.map(lambda _number: ask_anew.often(20, "/"), range(20))))
        style_sheets = list(visitors.map(lambda _number: ask_anew("/error-pages/error.css"), range(20)))
    refused = [answer for answer in answers if answer.status == 429]
    # A page of admin, and a clinic that shares an address, are not too much.
    assert len(answers) - len(refused) >= 200
    assert refused
    assert all("Too many requests" in answer.text and is_the_static_page(answer) for answer in refused)
    assert {answer.status for answer in style_sheets} == {200}


def test_one_visitor_sends_a_few_forms_at_a_time(ask_anew):
    with ThreadPoolExecutor(12) as visitors:
        statuses = list(visitors.map(lambda _number: ask_anew("/slow/", "POST", b"x").status, range(12)))
    assert (statuses.count(429), statuses.count(504)) == (4, 8)


@pytest.mark.parametrize(("method", "number"), [("GET", 13), ("POST", 4)])
def test_what_one_visitor_asks_at_once_about_requests_is_passed_on_a_little_at_a_time(ask_anew, method, number):
    """Thirty forms at once would keep everyone else waiting; none of them is lost."""
    began = time.monotonic()
    with ThreadPoolExecutor(number) as visitors:
        answers = list(visitors.map(lambda _number: ask_anew("/consult/", method), range(number)))
    assert [answer.status for answer in answers] == [200] * number
    # 7 pages at once, then 10 a second; 3 forms at once, then 2 a second.
    assert time.monotonic() - began >= 0.45


def test_too_much_at_once_has_our_page_however_large_the_form_is(ask_at_once):
    """Five photos are more than an ordinary page may be sent; the error page takes no part of them."""
    photos = b"x" * 13_000_000
    with ThreadPoolExecutor(12) as visitors:
        answers = list(visitors.map(lambda _number: ask_at_once("/consult/slow/", "POST", photos), range(12)))
    refused = [answer for answer in answers if answer.status == 429]
    assert refused
    assert all(is_the_static_page(answer) for answer in refused)
