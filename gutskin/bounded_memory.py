"""A cache in the memory of this process, limited in bytes: functools.lru_cache only limits the number of entries."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any


class BoundedMemory:
    """Drops the least recently used values first. An empty place gives None. Safe to use from several threads.

    A value that would take more than a tenth of `limit` is not kept.
    """

    def __init__(self, limit: int):
        self.limit, self.size = limit, 0
        self._lock = threading.Lock()
        self._values: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()

    def get(self, key: Hashable) -> Any:
        with self._lock:
            found = self._values.get(key)
            if found is None:
                return None
            self._values.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, value: Any, size: int) -> None:
        """`size` is that of the value, in bytes."""
        if size > self.limit / 10:
            return
        with self._lock:
            self.size += size - self._values.pop(key, (None, 0))[1]
            self._values[key] = value, size
            while self.size > self.limit:
                _key, (_value, dropped) = self._values.popitem(last=False)
                self.size -= dropped

    def clear(self) -> None:
        with self._lock:
            self._values.clear()
            self.size = 0
