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

pytestmark = [pytest.mark.servers, pytest.mark.skipif(proxy.nginx() is None, reason="nginx is not installed")]
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
        if self.path == "/gone/" or self.server.is_gone:
            self.close_connection = True
            return
        if self.path.startswith("/break/"):
            # After the request has arrived, and without an answer.
            self.server.asked.append((self.command, self.path))
            self.close_connection = True
            return
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append((self.command, self.path))
        status = int(self.path.strip("/")) if self.path.strip("/").isdecimal() else 200
        content = f"the application, {self.headers['X-Forwarded-For']}".encode()
        if self.path.startswith("/host/"):
            content = self.headers["Host"].encode()
        if self.path.startswith("/number/"):
            content = str(len(self.server.asked)).encode()
        self.send_response(status)
        if self.path.startswith("/number/kept/"):
            self.send_header("X-Accel-Expires", "@" + self.headers["X-Proxy-Time"].partition(".")[0])
            self.send_header("Cache-Control", "public, no-cache")
            self.send_header("Vary", "Accept-Encoding")
        if self.path.startswith("/number/public/"):
            self.send_header("Cache-Control", "public, max-age=600")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_HEAD = do_GET

    def log_message(self, *args):
        pass


@contextmanager
def an_application():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Application)
    # Method and path of everything that reached it.
    server.asked, server.is_gone = [], False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def application():
    with an_application() as server:
        yield server.server_address[1]


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


@pytest.fixture
def site(tmp_path):
    """A server of its own behind an nginx of its own: what was asked of it, and the folder of nginx."""
    with an_application() as server:
        folder = tmp_path / "nginx"
        with proxy.proxying(folder, server.server_address[1], **CHANGES) as (own_port, certificate):
            ask = asker(own_port, certificate)
            ask.server, ask.folder, ask.way = server, folder, (own_port, certificate)
            yield ask


def in_a_new_second():
    """Early in a second of the clock, so that several requests are in it."""
    time.sleep(1 - time.time() % 1 + 0.02)


def test_a_page_is_kept_until_the_end_of_the_second_and_never_longer(site):
    in_a_new_second()
    first = [site("/number/kept/").text for _ in range(5)]
    in_a_new_second()
    assert set(first) == {"1"}
    assert site("/number/kept/").text == "2"


def test_a_page_that_was_kept_is_gone_with_the_application(site):
    in_a_new_second()
    site("/number/kept/")
    in_a_new_second()
    site.server.is_gone = True
    assert site("/number/kept/").status == 502


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/number/kept/", {"Cookie": "a=b"}),
        ("/number/kept/?a=b", {}),
        ("/number/kept/", {"Authorization": "Basic x"}),
        # What the application did not offer for keeping is not kept, however long others may keep it.
        ("/number/public/", {}),
        ("/number/", {}),
    ],
)
def test_what_may_be_for_one_visitor_alone_goes_past_what_is_kept(site, path, headers):
    in_a_new_second()
    site("/number/kept/")
    assert [site(path, **headers).text for _ in range(3)] == ["2", "3", "4"]


def test_what_is_kept_is_kept_for_each_host_and_each_encoding(site):
    in_a_new_second()
    assert site("/number/kept/", Host="one.example").text == "1"
    assert site("/number/kept/", Host="two.example").text == "2"
    assert site("/number/kept/", Host="one.example", Accept_Encoding="br").text == "1"
    assert site("/number/kept/", Host="one.example", **{"Accept-Encoding": "br"}).text == "3"


@pytest.fixture
def two_machines(tmp_path):
    """nginx in front of both; `asked` is what reached one of them."""
    with an_application() as one, an_application() as other:
        second = f"server 127.0.0.1:{other.server_address[1]} max_fails=0;"
        changes = CHANGES | {
            "pages": ("    keepalive 16;", f"    {second}\n    keepalive 16;"),
            "forms": ("}\nmap $request_method $application", f"    {second}\n}}\nmap $request_method $application"),
        }
        with proxy.proxying(tmp_path / "nginx", one.server_address[1], **changes) as (port, certificate):
            ask = asker(port, certificate)
            ask.asked = lambda: one.asked + other.asked
            yield ask


@pytest.mark.parametrize(("method", "times"), [("GET", 2), ("HEAD", 2), ("POST", 1)])
def test_a_form_is_never_sent_a_second_time(two_machines, method, times):
    """Where a connection breaks, the other machine is asked for a page, and not told of a form again."""
    assert two_machines("/break/", method, b"x" if method == "POST" else None).status == 502
    assert len(two_machines.asked()) == times


def test_machines_that_fail_are_asked_again_at_once(two_machines):
    """Both answer nothing to one address; that takes neither of them out, and so not the site."""
    for _ in range(5):
        assert two_machines("/break/").status == 502
        assert two_machines("/").status == 200
        assert two_machines("/", "POST", b"x").status == 200


def test_the_application_learns_the_host_with_its_port(site):
    assert site("/host/", Host="gutskin.example:8443").text == "gutskin.example:8443"


def test_the_log_says_what_happened_and_neither_who_it_was_nor_what_they_read(site):
    site("/search/?q=eczema", **{"User-Agent": "Amina's browser", "Referer": "https://clinic.example/secret"})
    site("/consult/status/?code=secret", "POST", b"words")
    deadline = time.monotonic() + 10
    log = site.folder / "access.log"
    while len(lines := log.read_text().splitlines()) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [line.split()[1:4] for line in lines] == [["GET", "public", "200"], ["POST", "consult", "200"]]
    text = log.read_text()
    personal = ("127.0.0.1", "203.0.113", "search", "eczema", "Amina", "secret", "clinic")
    assert not [word for word in personal if word in text]


HASHED = "/static/css/site.0123456789ab.css"
STATIC = {"": b"p { color: red }" * 20, ".br": b"brotli", ".gz": b"gzip"}


@pytest.fixture
def mounted(site):
    folder = site.folder / "www" / "static" / "css"
    folder.mkdir(parents=True)
    for ending, content in STATIC.items():
        (folder / f"site.0123456789ab.css{ending}").write_bytes(content)
    (folder.parent / "staticfiles.json").write_text("{}")
    return site


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br", "br"),
        ("BR;q=0.5", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.000, gzip;q=0", None),
        ("gzip;q=0", None),
        ("brotli", None),
        ("xbr", None),
        ("identity", None),
        ("", None),
    ],
)
def test_a_static_file_is_sent_by_nginx_in_an_encoding_that_is_accepted(mounted, accepted, coding):
    connection = proxy.connection(*mounted.way)
    with closing(connection):
        connection.request("GET", HASHED, headers={"Accept-Encoding": accepted})
        response = connection.getresponse()
        body = response.read()
    assert (response.status, response.headers["Content-Encoding"]) == (200, coding)
    assert body == STATIC[{"br": ".br", "gzip": ".gz", None: ""}[coding]]
    assert response.headers["Content-Type"] == "text/css; charset=utf-8"
    assert mounted.server.asked == []


def test_what_nginx_does_not_have_is_asked_of_the_application(mounted):
    others = ["/static/css/other.0123456789ab.css", "/static/staticfiles.json", "/static/css/site.0123456789ab.css.br"]
    for path in others:
        response = mounted(path)
        assert (response.status, response.text) == (200, "the application, 127.0.0.1")
        assert "Cache-Control" not in response.headers
    mounted(HASHED, "POST", b"x")
    assert mounted.server.asked == [*(("GET", path) for path in others), ("POST", HASHED)]
