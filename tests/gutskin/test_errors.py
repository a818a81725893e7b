"""What a visitor sees when something goes wrong."""

from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import request_started
from django.db import close_old_connections, connection
from django.test import Client, RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from gutskin.errors import error_page, permission_denied
from gutskin.templatetags.kept import _render_once
from gutskin.wsgi import application
from tests.pages import Page
from tests.silent_database import silent_database


@pytest.fixture
def visitor():
    """A browser: it gets the error page, not the exception."""
    return Client(raise_request_exception=False)


@pytest.fixture
def no_database(db):
    with silent_database():
        yield


def is_a_page_of_ours(response):
    page = Page(response.content.decode())
    return len(page.all("h1")) == 1 and bool(page.all("a", href="/")) and not response.cookies


def test_an_unknown_address_is_a_page_with_ways_on(visitor, db):
    response = visitor.get("/conditions/no-such-thing/")
    assert response.status_code == 404
    assert is_a_page_of_ours(response)
    assert Page(response.content.decode()).all("form", role="search")


UNREADABLE = [
    ("&".join(f"x{number}=1" for number in range(1100)), "application/x-www-form-urlencoded"),
    ("x", "multipart/form-data; boundary="),
]


@pytest.mark.parametrize(("body", "content_type"), UNREADABLE)
@pytest.mark.parametrize(
    ("address", "status"), [("/no/such/thing/", 404), ("/accounts/password/", 400), ("/consult/", 400)]
)
def test_a_form_that_cannot_be_parsed_is_not_a_500(db, address, status, body, content_type):
    browser = Client(raise_request_exception=False, enforce_csrf_checks=True)
    browser.get("/consult/")

    response = browser.post(address, body, content_type=content_type)
    assert response.status_code == status
    assert is_a_page_of_ours(response)


def test_a_forbidden_page_says_so(rf):
    response = permission_denied(rf.get("/admin/"), PermissionDenied())
    assert response.status_code == 403
    assert is_a_page_of_ours(response)


def test_a_form_without_a_token_is_refused_kindly(db):
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "ada"})
    assert response.status_code == 403
    assert len(Page(response.content.decode()).all("h1")) == 1


@pytest.mark.parametrize(
    "address", ["/\0/", "/search/?q=\0", "/search/?q=%00", "/search/?%00=x", "/conditions/acne%00/"]
)
def test_a_nul_byte_in_an_address_is_refused(visitor, db, address):
    response = visitor.get(address)
    assert response.status_code == 400
    assert is_a_page_of_ours(response)
    assert "Content-Security-Policy" in response.headers


def test_a_nul_byte_in_a_form_is_refused(visitor, db):
    response = visitor.post("/accounts/login/", {"login": "ada\0", "password": "x"})
    assert response.status_code == 400
    assert is_a_page_of_ours(response)


@pytest.mark.usefixtures("no_database")
@pytest.mark.parametrize(
    "address", ["/", "/conditions/acne/", "/evidence/", "/glossary/", "/search/?q=acne", "/sitemap.xml"]
)
def test_a_silent_database_is_a_503_that_says_when_to_come_back(visitor, address):
    response = visitor.get(address)
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert is_a_page_of_ours(response)


@pytest.mark.usefixtures("no_database")
def test_a_database_that_fails_in_the_session_is_a_503_too(visitor):
    visitor.cookies["session"] = "a" * 32
    assert visitor.get("/admin/").status_code == 503


def test_an_unexpected_error_is_a_500_without_internals(visitor, db):
    def stumble(execute, sql, params, many, context):
        raise RuntimeError("a word from the inside")

    with connection.execute_wrapper(stumble):
        response = visitor.get("/conditions/")
    assert response.status_code == 500
    assert is_a_page_of_ours(response)
    assert b"inside" not in response.content


def test_a_foreign_host_is_refused_and_not_repeated(visitor, db):
    response = visitor.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert b"evil.example" not in response.content


@pytest.mark.parametrize("length", [1_100_000, 11_000_000])
@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", MULTIPART_CONTENT])
def test_a_body_that_is_too_large_is_refused_by_a_page_of_ours(visitor, db, length, content_type):
    fields = {"login": "a" * length}
    body = urlencode(fields) if content_type != MULTIPART_CONTENT else encode_multipart(BOUNDARY, fields)
    response = visitor.generic("POST", "/accounts/login/", body, content_type)
    assert response.status_code == 413
    assert "too much in one go" in response.content.decode()


@pytest.fixture
def broken_base(settings, tmp_path):
    """A base.html that fails, in front of ours."""
    (tmp_path / "base.html").write_text("{% load i18n %}{% url 'no-such-address' %}")
    (templates,) = settings.TEMPLATES
    settings.TEMPLATES = [templates | {"DIRS": [tmp_path, *templates["DIRS"]]}]


def with_manifest(settings, folder):
    """The storage of production, before collectstatic was run."""
    settings.STATIC_ROOT = folder
    storage = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": storage}
    # A process has one storage. What pages of other tests kept has addresses of theirs.
    _render_once.cache_clear()


def test_an_error_in_base_html_is_a_page_of_ours(visitor, db, broken_base):
    response = visitor.get("/glossary/")
    assert response.status_code == 500
    assert is_a_page_of_ours(response)
    assert Page(response.content.decode()).all("link", rel="stylesheet")


@pytest.mark.parametrize(("address", "status"), [("/glossary/", 500), ("/no-such-page/", 404), ("/?a=\0", 400)])
def test_a_missing_static_manifest_is_a_page_of_ours(visitor, db, settings, tmp_path, address, status):
    with_manifest(settings, tmp_path)
    response = visitor.get(address)
    assert response.status_code == status
    if status != 400:
        assert is_a_page_of_ours(response)
        assert not Page(response.content.decode()).all("link", rel="stylesheet")


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "413", "500", "503"])
def test_no_error_page_asks_the_database_or_needs_base_html(name, broken_base, settings, tmp_path):
    with_manifest(settings, tmp_path)
    with silent_database():
        assert is_a_page_of_ours(error_page(f"{name}.html", 500))


@pytest.fixture
def one_connection(db):
    """A request begins with closing old connections; the test client keeps the one of the test, and so do we."""
    request_started.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)


@pytest.mark.usefixtures("one_connection")
@pytest.mark.parametrize(
    "parameter",
    [
        "Charset=rot13",
        "charset=idna",
        "charset=utf-16",
        "charset=no-such-thing",
        "charset*=utf-8''hex",
        "CHARSET* = us-ascii'en'rot13",
        "charset*0=he; charset*1=x",
        "charset*0*=utf-8''he; charset*1*=%78",
        # Django's parser raises by itself.
        "charset*; charset*0",
        "anything*=no-such-thing''x",
        "anything*=idna''%ff",
        "charset*" + "9" * 5000 + "=x",
    ],
)
@pytest.mark.parametrize(("method", "address"), [("GET", "/search/?q=%C3%A9"), ("POST", "/consult/code/")])
def test_a_foreign_charset_of_a_form_is_ignored(parameter, method, address):
    body = b'--x\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n\xff\r\n--x--\r\n'
    environ = RequestFactory().generic(method, address, body).environ
    environ["CONTENT_TYPE"] = f"multipart/form-data; boundary=x; {parameter}"
    environ["HTTP_COOKIE"] = "csrf=" + "a" * 32
    answers = []
    application(environ, lambda status, headers: answers.append(status))
    assert answers == ["200 OK" if method == "GET" else "403 Forbidden"]


@pytest.mark.usefixtures("one_connection")
@pytest.mark.parametrize("address", ["/consult/", "/consult/status/", "/accounts/login/"])
def test_a_part_whose_header_cannot_be_parsed_is_not_a_500(address):
    body = b"--x\r\nContent-Disposition: form-data; name=n; y*=a; y*0=b\r\n\r\nv\r\n--x--\r\n"
    environ = RequestFactory().post(address, body, content_type="multipart/form-data; boundary=x").environ
    answers = []
    application(environ, lambda status, headers: answers.append(status))
    assert answers == ["400 Bad Request"]


def test_a_file_that_no_form_asked_for_is_not_kept(rf, db):
    file = SimpleUploadedFile("holiday.jpg", b"x" * 3_000_000)
    request = rf.post("/consult/", {"name": "Ada", "photo": file})
    assert request.POST["name"] == "Ada"
    assert not request.FILES


@pytest.mark.usefixtures("no_database")
def test_an_address_cannot_write_a_line_into_the_log(visitor, caplog):
    visitor.cookies["session"] = "a" * 32
    visitor.get("/admin/%0d2026-01-01 ERROR forged")
    ours = [record.getMessage() for record in caplog.records if record.name == "gutskin.errors"]
    assert ours == ["The database did not answer for '/admin/\\r2026-01-01 ERROR forged'"]


@pytest.mark.parametrize("onward", ["//evil.example", "https://evil.example/", "/\\evil.example", ""])
def test_a_login_goes_on_to_a_page_of_ours(client, db, onward):
    User.objects.create_user("ada", password="a long enough password", is_staff=True)
    login = {"login": "ada", "password": "a long enough password", "next": onward}
    assert client.post("/accounts/login/", login).url == "/admin/"
