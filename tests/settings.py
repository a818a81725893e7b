"""The real settings, with an environment of its own: no test reads the secrets or the database of a site."""

import base64
import os
import sys
import tempfile
from urllib.parse import urlsplit

TEST_ENVIRONMENT = {
    "DEBUG": "off",
    "SECRET_KEY": "for-tests-only-" + "x" * 50,
    "FIELD_ENCRYPTION_KEYS": "test1:" + base64.b64encode(b"t" * 32).decode(),
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "SITE_URL": "https://gutskin.example",
    "HTTPS": "off",
    "EMAIL_URL": "memorymail://",
    "INTAKE_EMAIL": "intake@gutskin.example",
    # Nobody listens there: a test that wants a register starts one of its own (tests/education/register_server.py).
    "CROSSREF_URL": "http://127.0.0.1:9",
    "PUBMED_URL": "http://127.0.0.1:9",
    "REGISTER_PAUSE": "0",
    # A test of the scheduler that wants it sets it.
    "EVIDENCE_WATCH": "off",
    "DEFAULT_FROM_EMAIL": "GutSkin <hello@gutskin.example>",
}
os.environ.update(TEST_ENVIRONMENT)
# Many containers set PYTHONDONTWRITEBYTECODE. Each process of the tests would then compile all of the code and rewrite
# the assertions of all tests for itself, which takes five seconds.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
os.environ["CACHE_URL"] = os.environ.get("TEST_CACHE_URL", "locmemcache://")
if os.environ["CACHE_URL"].startswith("redis") and (worker := os.environ.get("PYTEST_XDIST_WORKER")):
    # Tests that run at the same time (gw0, gw1) empty and count in a database of Redis each, as pytest-django does it
    # with PostgreSQL's.
    os.environ["CACHE_URL"] = urlsplit(os.environ["CACHE_URL"])._replace(path=f"/{worker.removeprefix('gw')}").geturl()
os.environ["DATABASE_URL"] = os.environ.get(
    "TEST_DATABASE_URL", f"sqlite:///{tempfile.gettempdir()}/gutskin-unused.sqlite3"
)

from gutskin.settings import *  # noqa: E402, F403  the environment has to stand before the settings are read
from gutskin.settings import DATABASES, INSTALLED_APPS, MIDDLEWARE  # noqa: E402  likewise

if DATABASES["default"]["ENGINE"] == "gutskin.sqlite":
    # pytest-django knows Django's own backends only, and would give each process a file.
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}

# A view that asks the database once per row fails its test.
INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]

# Hashing a password well takes a tenth of a second, and the tests make many accounts.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Names without a digest, so that tests need no collectstatic. tests/servers/test_production.py starts the real storage.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Read where they lie; there is no collected folder to look into.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
