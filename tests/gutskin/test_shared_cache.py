"""Redis that is gone: nobody notices but the monitor."""

import socket
import time
from contextlib import closing

import pytest
from django.core.cache import cache, caches
from django.test import Client

from gutskin.environment import env
from gutskin.page_cache.store import Answer, SharedCache
from gutskin.page_cache.wsgi import PageCache
from gutskin.wsgi import without_charset
from tests.accounts.staff import ADMIN, SECOND_STEP, a_member_of_staff, the_code, type_password
from tests.gutskin.test_health import without_redis

pytestmark = pytest.mark.django_db


@pytest.fixture
def no_redis(settings):
    settings.CACHES = {"default": without_redis()}


def test_the_cache_of_the_settings_is_the_one_that_tolerates_it(monkeypatch):
    monkeypatch.setenv("CACHE_URL", "rediscache://cache:6379/0")
    assert env.cache_url("CACHE_URL", default="")["BACKEND"] == "gutskin.shared_cache.TolerantRedisCache"


@pytest.mark.usefixtures("no_redis")
def test_a_cache_that_is_gone_counts_as_empty():
    cache.set("a", 1)
    assert cache.get("a") is None
    assert cache.get("a", 2) == 2
    assert cache.get_many(["a"]) == {}
    assert cache.set_many({"a": 1}) == ["a"]
    assert cache.add("a", 1) is True
    assert "a" not in cache
    assert (cache.delete("a"), cache.touch("a"), cache.clear()) == (False, False, False)
    cache.delete_many(["a"])


@pytest.mark.usefixtures("no_redis")
def test_staff_log_in_and_a_used_code_stays_used():
    a_member_of_staff(app=True)
    code = the_code()
    for expected in (302, 200):
        browser = Client()
        type_password(browser)
        response = browser.post(SECOND_STEP, {"code": code})
        assert response.status_code == expected
    assert "This code is not right." in response.content.decode()
    assert Client().get(ADMIN).status_code == 302


@pytest.mark.usefixtures("no_redis")
def test_wrong_codes_lock_out():
    a_member_of_staff(app=True)
    browser = Client()
    type_password(browser)
    statuses = [browser.post(SECOND_STEP, {"code": "000000"}).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 200, 429]


@pytest.mark.usefixtures("no_redis")
def test_readers_get_the_page():
    started = []
    environ = Client()._base_environ(PATH_INFO="/about/")
    body = b"".join(PageCache(without_charset)(environ, lambda status, headers: started.append(status)))
    assert started == ["200 OK"]
    assert b"</html>" in body


def test_a_redis_that_hangs_is_asked_once_and_then_left_alone(settings, caplog):
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        url = f"redis://:secret-word@127.0.0.1:{server.getsockname()[1]}"
        settings.CACHES = {"default": without_redis() | {"LOCATION": url}}
        shared, began = SharedCache(), time.monotonic()
        for number in range(100):
            assert shared.get("version", ("key", number)) is None
            shared.put("version", ("key", number), Answer("200 OK", [], b"", "", []))
            caches["default"].get("x")
        # Two tries of a quarter of a second, and not two hundred.
        assert time.monotonic() - began < 4
    [warning] = [record.getMessage() for record in caplog.records if record.name == "gutskin.shared_cache"]
    assert "secret-word" not in warning
