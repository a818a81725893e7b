"""Where finished pages are kept, and who waits for whom while one is made."""

import threading

import pytest
from django.core.cache import caches

from gutskin.page_cache import store
from gutskin.page_cache import wsgi as page_cache
from gutskin.page_cache.content_version import Version
from gutskin.page_cache.wsgi import PageCache
from tests.at_once import together
from tests.wsgi import Counted, ask

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_shared_cache():
    """With Redis, pages of one test would be found in the next."""
    caches["default"].clear()


@pytest.fixture
def django(db):
    return Counted()


def test_a_shared_cache_that_fails_costs_a_rendering_and_is_left_alone_for_a_while(django, monkeypatch):
    asked = []

    class Broken:
        def get(self, *args):
            asked.append(args)
            raise ConnectionError

        set = get

    monkeypatch.setattr(store, "caches", {"default": Broken()})
    cache = PageCache(django)
    assert cache._shared.is_shared
    for address in ("/about/", "/privacy/", "/about/"):
        assert ask(cache, address).status == "200 OK"
    assert django.asked == ["/about/", "/privacy/"]
    assert len(asked) == 1


def test_another_process_takes_the_page_from_the_shared_cache(django):
    first, second = PageCache(django), PageCache(django)
    first._shared.is_shared = second._shared.is_shared = True
    answer = ask(first, "/about/")
    django.asked.clear()
    assert ask(second, "/about/") == answer
    assert django.asked == []


def answer(size):
    return store.Answer("200 OK", [], b"x" * size, '"x"', [])


def test_the_memory_has_an_end(settings):
    settings.PAGE_CACHE_BYTES = 100_000
    memory, version = store.Memory(), Version(1, "v")
    for number in range(100):
        memory.put(version, (number,), answer(5_000))
        assert memory.get((0,)) == (1, answer(5_000))  # what is used stays
    assert memory._answers.size <= settings.PAGE_CACHE_BYTES
    assert memory.get((50,)) == (None, None)
    memory.put(version, ("large",), answer(50_000))
    assert memory.get(("large",)) == (None, None)


def test_a_page_that_was_long_in_the_making_does_not_drive_out_newer_ones():
    memory, old, new = store.Memory(), Version(1, "old"), Version(2, "new")
    memory.put(old, ("page",), answer(1))
    memory.put(new, ("page",), answer(2))
    memory.put(old, ("slow",), answer(3))
    assert memory.get(("page",)) == (2, answer(2))
    assert memory.get(("slow",)) == (None, None)


def test_many_who_ask_at_once_wait_for_one_rendering():
    """Without a database: threads would each have one of their own in memory."""
    asked, go = [], threading.Event()

    def application(environ, start_response):
        asked.append(environ["PATH_INFO"])
        go.wait(5)
        start_response("200 OK", [("Cache-Control", "public"), ("ETag", '"x"'), ("Content-Length", "2")])
        return [b"ok"]

    cache = PageCache(application)
    cache._version.current = lambda: Version(1, "v")
    threads = 8
    timer = threading.Timer(0.3, go.set)
    timer.start()
    answers = together(threads, lambda number: ask(cache, "/about/").body)
    assert answers == [b"ok"] * threads
    assert asked == ["/about/"]


def test_a_rendering_that_fails_leaves_nobody_waiting(monkeypatch):
    monkeypatch.setattr(page_cache, "MAX_WAIT", 0.1)

    def application(environ, start_response):
        raise RuntimeError

    cache = PageCache(application)
    cache._version.current = lambda: Version(1, "v")
    for _ in range(2):
        with pytest.raises(RuntimeError):
            ask(cache, "/about/")
    assert cache._renderings == {}
