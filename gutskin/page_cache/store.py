"""Where finished answers are kept: in the memory of the process, and in the shared cache if there is one."""

import hashlib
import logging
import re
import threading
import time
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.utils.functional import Promise

from gutskin.bounded_memory import BoundedMemory
from gutskin.page_cache.content_version import Version

logger = logging.getLogger(__name__)

ADDRESS = re.compile(r" at 0x[0-9a-f]+")
# Bytes beside the body: names, headers, and what Python itself needs.
OVERHEAD = 2_000


class Answer(NamedTuple):
    """What Django answered to a GET, in one encoding."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes
    etag: str
    headers_of_304: list[tuple[str, str]]

    @property
    def size(self) -> int:
        return len(self.body) + OVERHEAD


class Memory:
    """Answers of the newest content version that this process has seen, at most PAGE_CACHE_BYTES."""

    def __init__(self):
        self._lock = threading.Lock()
        self._number = 0
        self._answers = BoundedMemory(settings.PAGE_CACHE_BYTES)

    def get(self, key: tuple) -> tuple[int, Answer] | tuple[None, None]:
        """The answer, after the number of the content version that it was made for."""
        return self._answers.get(key) or (None, None)

    def put(self, version: Version, key: tuple, answer: Answer) -> None:
        with self._lock:
            # A page that took long to render may come after the first one of the next version.
            if version.number < self._number:
                return
            if version.number > self._number:
                self._answers.clear()
                self._number = version.number
            self._answers.put(key, (version.number, answer), answer.size)


class SharedCache:
    """The same answers for every process and machine that runs the same release with the same settings.

    A shared cache that fails or has lost everything costs the rendering of a page, and nothing else.
    """

    SECONDS = 24 * 60 * 60
    # How long one that failed is left alone, so that not every page waits for it.
    PAUSE = 5

    def __init__(self):
        # With the cache in the memory of this process there is nobody to share with.
        self.is_shared = not isinstance(caches["default"], LocMemCache)
        self._failed = -float("inf")

    def get(self, version: Version, key: tuple) -> Answer | None:
        found = self._use(lambda cache: cache.get(_name(version, key)))
        return Answer(*found) if found else None

    def put(self, version: Version, key: tuple, answer: Answer) -> None:
        self._use(lambda cache: cache.set(_name(version, key), tuple(answer), self.SECONDS))

    def _use(self, work):
        if not self.is_shared or time.monotonic() - self._failed < self.PAUSE:
            return None
        try:
            # Each thread has a connection of its own.
            return work(caches["default"])
        except Exception as error:  # each backend has its own
            self._failed = time.monotonic()
            logger.warning("The shared cache does not answer (%s).", error.__class__.__name__)
            return None


def _name(version, key):
    return "page:" + hashlib.sha256(repr((release(), version.digest, key)).encode()).hexdigest()


@cache
def release() -> str:
    """A digest of all that this process makes pages from, the same on each machine with this release and settings."""
    digest = hashlib.sha256()
    for folder in ("gutskin", "education", "consultations", "templates", "locale"):
        for path in sorted((settings.BASE_DIR / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".toml", ".txt", ".mo"}:
                digest.update(path.read_bytes())
    for path in (settings.BASE_DIR / "requirements.txt", Path(settings.STATIC_ROOT) / "staticfiles.json"):
        digest.update(path.read_bytes() if path.exists() else b"")
    for name in sorted(filter(str.isupper, dir(settings))):
        digest.update(f"{name}={_stable(getattr(settings, name))}".encode())
    return digest.hexdigest()


def _stable(value) -> str:
    """The same text in each process: without addresses in memory, and sets in one order."""
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, dict):
        return str([(_stable(key), _stable(of_key)) for key, of_key in value.items()])
    if isinstance(value, set | frozenset):
        return str(sorted(map(_stable, value)))
    if isinstance(value, list | tuple):
        return str(list(map(_stable, value)))
    return ADDRESS.sub("", repr(value))
