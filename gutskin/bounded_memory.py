"""A cache in the memory of this process, limited in bytes: functools.lru_cache only limits the number of entries."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any


class BoundedMemory:
    """Drops the values that have not been read for longest. A missing key gives None. Safe to use from several threads.

    A value larger than a tenth of `limit` is not kept. The order is that of the clock algorithm (“second chance”), much
    like least recently used, but reading takes no lock and moves nothing.
    """

    def __init__(self, limit: int):
        self.limit, self.size = limit, 0
        self._lock = threading.Lock()
        self._entries: OrderedDict[Hashable, Entry] = OrderedDict()

    def get(self, key: Hashable) -> Any:
        entry = self._entries.get(key)
        if entry is None:
            return None
        entry.was_read = True
        return entry.value

    def put(self, key: Hashable, value: Any, size: int) -> None:
        """`size` is that of the value, in bytes."""
        if size > self.limit / 10:
            return
        with self._lock:
            if old := self._entries.pop(key, None):
                self.size -= old.size
            self._entries[key] = Entry(value, size)
            self.size += size
            while self.size > self.limit:
                self._drop_one()

    def _drop_one(self):
        """Drops the oldest entry that was not read since it was put in or last passed over."""
        while True:
            key, entry = self._entries.popitem(last=False)
            if not entry.was_read:
                self.size -= entry.size
                return
            entry.was_read = False
            self._entries[key] = entry

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
            self.size = 0


class Entry:
    __slots__ = ("size", "value", "was_read")

    def __init__(self, value: Any, size: int):
        self.value, self.size, self.was_read = value, size, False
