"""What only shows in a web process that is started as in production."""

import base64
import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from gutskin.encryption.keys import parse_key_ring
from gutskin.environment import BASE_DIR, env, secret, web_address
from tests.production import PREPARE, ask, environment, readable_by_others, run, serving

pytestmark = pytest.mark.servers


def test_plain_http_is_sent_to_https(production_site):
    response = ask(production_site, "/about/", X_Forwarded_Proto="http")
    assert response.status == 301
    assert response.headers["Location"] == "https://gutskin.example/about/"


@pytest.fixture(scope="module")
def site_without_a_proxy(prepared_folder, tmp_path_factory):
    """Its host:port and its VAR_DIR."""
    folder = tmp_path_factory.mktemp("without-a-proxy")
    shutil.copytree(prepared_folder, folder, dirs_exist_ok=True)
    with serving(folder, BEHIND_PROXY="off", EMAIL_URL=f"filemail:///{folder / 'mail'}") as address:
        yield address, folder


def test_without_a_proxy_of_ours_no_visitor_says_that_it_is_https(site_without_a_proxy):
    """gunicorn would believe a client on this machine."""
    address, _folder = site_without_a_proxy
    assert ask(address, "/about/", X_Forwarded_Proto="https").status == 301


def test_a_running_site_writes_for_its_owner_only(site_without_a_proxy):
    address, folder = site_without_a_proxy
    assert ask(address, "/readyz").status == 200
    # The log is the test's own.
    assert [path for path in readable_by_others(folder) if not Path(path).match("web-*.log")] == []


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_a_load_balancer_may_ask_over_plain_http(production_site, address):
    assert ask(production_site, address, X_Forwarded_Proto="http").status == 200


def test_headers_of_a_public_page(production_site):
    headers = ask(production_site, "/conditions/acne/").headers
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Set-Cookie" not in headers
    assert "Cookie" not in headers.get("Vary", "")


def test_cookies_are_bound_to_the_host_and_to_https(production_site):
    cookies = ask(production_site, "/accounts/login/").headers.get_all("Set-Cookie") + ask(
        production_site, "/consult/"
    ).headers.get_all("Set-Cookie")
    assert cookies
    for cookie in cookies:
        assert cookie.startswith("__Host-")
        assert {"secure", "httponly", "path=/", "samesite=lax"} <= set(cookie.lower().replace(" ", "").split(";"))


def test_static_files_are_compressed_and_kept_for_ever(production_site):
    html = ask(production_site, "/").content.decode()
    sheet = re.search(r"/static/css/site\.[0-9a-f]{12}\.css", html).group()
    response = ask(production_site, sheet, Accept_Encoding="br")
    assert response.headers["Content-Encoding"] == "br"
    assert "immutable" in response.headers["Cache-Control"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in response.headers
    assert len(response.content) <= 8_000


def test_pages_are_sent_compressed(production_site):
    response = ask(production_site, "/conditions/acne/", Accept_Encoding="gzip")
    assert response.headers["Content-Encoding"] == "gzip"
    again = ask(production_site, "/conditions/acne/", Accept_Encoding="gzip", If_None_Match=response.headers["ETag"])
    assert (again.status, again.content) == (304, b"")


def test_an_unknown_address_is_a_page(production_site):
    response = ask(production_site, "/nowhere/")
    assert response.status == 404
    assert b"<h1" in response.content
    assert b"Traceback" not in response.content


def test_an_address_as_long_as_the_proxy_passes_on_is_answered_by_a_page_of_ours(production_site):
    response = ask(production_site, f"/{'x' * 7_900}/")
    assert response.status == 404
    assert b"</html>" in response.content
    assert response.headers["Content-Security-Policy"]


def test_a_foreign_host_is_refused(production_site):
    assert ask(production_site, "/", Host="evil.example").status == 400


def test_the_probe_of_the_container_finds_the_site_alive(production_site, tmp_path):
    port = production_site.rpartition(":")[2]
    probe = run("-m", "gutskin.probe", env=environment(tmp_path, PORT=port))
    assert (probe.returncode, probe.stderr) == (0, "")


@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "SITE_URL", "ALLOWED_HOSTS", "PRIVACY_EMAIL"])
def test_a_missing_variable_stops_the_start_with_its_name(tmp_path, name):
    stopped = run("manage.py", "check", env=environment(tmp_path, **{name: None}))
    assert stopped.returncode == 1
    assert stopped.stderr.startswith(f"{name} is not set.")
    assert "Traceback" not in stopped.stderr


def test_a_file_that_lacks_a_variable_is_named(tmp_path):
    (tmp_path / ".env").write_text("SECRET_KEY=\n")
    stopped = run("manage.py", "check", env=environment(tmp_path, SITE_URL=None))
    assert stopped.stderr.startswith(f"SITE_URL is not set. {tmp_path}/.env is there but lacks SITE_URL: add a line ")
    assert "make_env" not in stopped.stderr


MALFORMED = {
    "BEHIND_PROXY": "maybe",
    "CACHE_URL": "rediss-cache://host",
    "DATABASE_URL": "postgers://gutskin:secret-word@127.0.0.1/gutskin",
    "DEBUG": "of",
    "EMAIL_URL": "smpt://gutskin:secret-word@mail.example:587",
    "HOLIDAYS": "2026-12-32",
    "HTTPS": "onn",
    "INTAKE_EMAIL": "nobody",
    "LOCKOUT_MINUTES": "-1",
    "LOG_LEVEL": "loud",
    "PRIVACY_EMAIL": "nobody",
    "REGISTER_TIMEOUT": "long",
    "RETENTION_DAYS": "2y",
    "SECURITY_CONTACT": "security@gutskin.example,me",
    "SITE_URL": "gutskin.example",
    "TIME_ZONE": "Europe/Lonndon",
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_variable_stops_the_start_with_its_name(tmp_path, name):
    stopped = run("manage.py", "check", env=environment(tmp_path, **{name: MALFORMED[name]}))
    assert stopped.returncode == 1
    assert stopped.stderr.startswith(f"{name} must be ")
    assert stopped.stderr.count("\n") == 1
    assert "secret-word" not in stopped.stderr


READ_BY = {
    "BEHIND_PROXY": env.bool,
    "CACHE_URL": env.cache_url,
    "DATABASE_URL": env.db_url,
    "DEBUG": env.bool,
    "EMAIL_URL": env.email_url,
    "HOLIDAYS": env.dates,
    "HTTPS": env.bool,
    "INTAKE_EMAIL": env.email,
    "LOCKOUT_MINUTES": env.int,
    "LOG_LEVEL": env.log_level,
    "PRIVACY_EMAIL": env.email,
    "REGISTER_TIMEOUT": env.float,
    "RETENTION_DAYS": env.int,
    "SECURITY_CONTACT": env.contacts,
    "SITE_URL": lambda name, default: web_address(name),
    "TIME_ZONE": env.time_zone,
}


@pytest.mark.parametrize(
    "name, value",
    [
        *MALFORMED.items(),
        ("EMAIL_URL", "smtp+tls://user:p@ss@host:port"),
        ("DATABASE_URL", "postgres://user:word@host:port/name"),
        ("REGISTER_TIMEOUT", "-0.5"),
        ("SITE_URL", "ftp://gutskin.example"),
        ("SITE_URL", "https://"),
        ("TIME_ZONE", "Europe"),
        ("TIME_ZONE", "../passwd"),
    ],
)
def test_what_cannot_be_read_is_named_and_no_password_is_shown(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=f"^{name} must be") as stopped:
        READ_BY[name](name, default="")
    assert "word" not in str(stopped.value).partition("such as")[0]


def test_what_is_well_formed_is_read(monkeypatch):
    for name, value, read in (
        ("HOLIDAYS", "2026-12-25, 2027-01-01,", frozenset({date(2026, 12, 25), date(2027, 1, 1)})),
        ("LOG_LEVEL", " warning ", "WARNING"),
        ("REGISTER_TIMEOUT", "0.5", 0.5),
        ("PRIVACY_EMAIL", " privacy@localhost ", "privacy@localhost"),
        ("RETENTION_DAYS", "730", 730),
        ("SECURITY_CONTACT", "a@b.example, https://b.example/report,", ["a@b.example", "https://b.example/report"]),
        ("SITE_URL", "https://gutskin.example/", "https://gutskin.example"),
        ("TIME_ZONE", "Europe/London", "Europe/London"),
    ):
        monkeypatch.setenv(name, value)
        assert READ_BY[name](name, default="") == read


def test_a_missing_secret_says_where_it_belongs(monkeypatch, tmp_path):
    monkeypatch.delenv("SECRET_KEY")
    for file in (BASE_DIR / "var" / "no-such-file", tmp_path / ".env"):
        monkeypatch.setattr("gutskin.environment.ENV_FILE", file)
        with pytest.raises(ImproperlyConfigured, match=r"^SECRET_KEY is not set\. Put it into the environment "):
            secret("SECRET_KEY")
    file.write_text("")
    with pytest.raises(ImproperlyConfigured, match=rf"^SECRET_KEY is not set\. {file} is there but lacks SECRET_KEY: "):
        secret("SECRET_KEY")


@pytest.mark.parametrize("word, meant", [("on", True), ("True", True), ("1", True), ("off", False), ("0", False)])
def test_words_for_on_and_off(monkeypatch, word, meant):
    monkeypatch.setenv("HTTPS", word)
    assert env.bool("HTTPS", default=not meant) is meant


def test_no_one_waits_for_ever_for_postgresql(tmp_path):
    env = environment(tmp_path, DATABASE_URL="postgres://gutskin@127.0.0.1:1/gutskin")
    said = run("-c", "from gutskin.settings import DATABASES; print(DATABASES['default']['OPTIONS'])", env=env)
    assert said.stdout.strip() == "{'connect_timeout': 5, 'options': '-c lock_timeout=5s'}"


GOOD_KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
OTHER_KEY = "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXphYmNkZWY="


@pytest.mark.parametrize(
    "ring, said",
    [
        ("old:c2hvcnQ=", "Entry 1 does not"),
        (f"k2:{GOOD_KEY},old:c2hvcnQ=", "Entry 2 does not"),
        (f"k2:{GOOD_KEY},", "Entry 2 does not"),
        (GOOD_KEY, "Entry 1 does not"),
        (f":{GOOD_KEY}", "Entry 1 does not"),
        (f"a b:{GOOD_KEY}", "Entry 1 does not"),
        (f"schlüssel:{GOOD_KEY}", "Entry 1 does not"),
        (f"{'k' * 33}:{GOOD_KEY}", "Entry 1 does not"),
        (f"k1:{GOOD_KEY}:{OTHER_KEY}", "Entry 1 does not"),
        (f"k1:{GOOD_KEY},k1:{OTHER_KEY}", "two keys with the id 'k1'"),
        (f"k1:{GOOD_KEY}, k1:{GOOD_KEY}", "two keys with the id 'k1'"),
    ],
)
def test_malformed_encryption_keys_are_explained_and_no_key_is_shown(ring, said):
    with pytest.raises(ImproperlyConfigured, match=said) as stopped:
        parse_key_ring(ring, name="FIELD_ENCRYPTION_KEYS")
    assert not any(key in str(stopped.value) for key in ("c2hvcnQ=", GOOD_KEY, OTHER_KEY))


def test_encryption_keys_keep_their_order():
    longest = "A-z_9" + "k" * 27
    ring = parse_key_ring(f"{longest}:{GOOD_KEY}, k1:{OTHER_KEY}", name="FIELD_ENCRYPTION_KEYS")
    assert list(ring) == [longest, "k1"]


def test_malformed_encryption_keys_stop_the_start(tmp_path):
    stopped = run("manage.py", "check", env=environment(tmp_path, FIELD_ENCRYPTION_KEYS="old:c2hvcnQ="))
    assert stopped.returncode == 1
    assert stopped.stderr.startswith("FIELD_ENCRYPTION_KEYS must look like")
    assert "Traceback" not in stopped.stderr


def test_djangos_deploy_check_finds_nothing_in_the_production_settings(tmp_path):
    decided = {
        "DIGEST_KEY": "another-" + "0123456789abcdef" * 4,
        "EMAIL_URL": "smtp+tls://mail.gutskin.example:587",
        "INTAKE_EMAIL": "intake@gutskin.example",
        "DEFAULT_FROM_EMAIL": "hello@gutskin.example",
        "RETENTION_DAYS": "730",
        "HOLIDAYS": f"{date.today().year}-12-31",
    }
    checked = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", env=environment(tmp_path, **decided))
    assert checked.returncode == 0, checked.stderr


def test_a_site_with_a_wrong_key_does_not_start(prepared_folder, tmp_path):
    """As `make run` and the containers' first step do it."""
    shutil.copytree(prepared_folder, tmp_path, dirs_exist_ok=True)
    env = environment(tmp_path)
    script = (
        "import django; django.setup(); import uuid; from consultations.actions import submit_inquiry; "
        "from tests.consultations.factories import ANSWERS; "
        "submit_inquiry(key=uuid.uuid4(), condition=None, answers=ANSWERS, address='192.0.2.1')"
    )
    made = run("-c", script, env=env | {"DJANGO_SETTINGS_MODULE": "gutskin.settings"})
    assert made.returncode == 0, made.stderr

    wrong = env | {"FIELD_ENCRYPTION_KEYS": "k1:" + base64.b64encode(b"w" * 32).decode()}
    stopped = run(*PREPARE, env=wrong)
    assert stopped.returncode != 0
    assert "does not decrypt the newest request" in stopped.stderr
    assert "Traceback" not in stopped.stderr


@pytest.mark.parametrize("content", [None, "", "{"])
def test_a_web_process_does_not_start_without_its_static_files(tmp_path, content):
    if content is not None:
        (tmp_path / "static").mkdir()
        (tmp_path / "static" / "staticfiles.json").write_text(content)
    started = run("-c", "import gutskin.wsgi", env=environment(tmp_path))
    assert started.returncode == 1
    last = started.stderr.strip().splitlines()[-1]
    assert f"{tmp_path}/static/staticfiles.json is missing or damaged. Run `python manage.py collectstatic" in last
