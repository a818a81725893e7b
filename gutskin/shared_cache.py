"""The shared cache, Redis, that counts as empty while it does not answer.

Nothing is kept in it that is not in the database too: used codes of second factors (accounts/forms.py) and finished
pages (page_cache/). So readers and staff go on without it, and only /readyz says that it is gone.
"""

import functools
import logging
import time

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis import RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

# Redis answers within a millisecond. By default its client would try ten times, and wait five seconds each time.
PATIENCE = 0.25  # seconds
# After a failure it is left alone for this long, so that not every page waits for it.
LEFT_ALONE = 5  # seconds


def _or(otherwise):
    """Decorates an operation: what it returns while Redis does not answer is computed by `otherwise`."""

    def decorate(operation):
        @functools.wraps(operation)
        def wrapper(self, *args, **kwargs):
            if not self.is_left_alone():
                try:
                    return operation(self, *args, **kwargs)
                except RedisError as error:
                    self.leave_alone(error)
            return otherwise(*args, **kwargs)

        return wrapper

    return decorate


class TolerantRedisCache(RedisCache):
    # By server, for all threads of the process: each of them has an instance of its own.
    _left_alone_until: dict[str, float] = {}

    def __init__(self, server, params):
        # A connection that was open when Redis was restarted fails once.
        options = {
            "socket_timeout": PATIENCE,
            "socket_connect_timeout": PATIENCE,
            "retry": Retry(NoBackoff(), 1),
        }
        super().__init__(server, params | {"OPTIONS": options | params.get("OPTIONS", {})})
        self._name = str(server)

    def is_left_alone(self) -> bool:
        return time.monotonic() < self._left_alone_until.get(self._name, 0)

    def leave_alone(self, error: Exception) -> None:
        # The class only: the text of the error may have the address with its password.
        logger.warning("The shared cache does not answer (%s). The site goes on without it.", type(error).__name__)
        self._left_alone_until[self._name] = time.monotonic() + LEFT_ALONE

    def answers(self) -> bool:
        try:
            return bool(self._cache.get_client().ping())
        except RedisError:
            return False

    get = _or(lambda key, default=None, version=None: default)(RedisCache.get)
    get_many = _or(lambda keys, version=None: {})(RedisCache.get_many)
    has_key = _or(lambda key, version=None: False)(RedisCache.has_key)
    # True, as for a key that was not there yet: a code that staff type is then looked up in the database.
    add = _or(lambda key, value, timeout=DEFAULT_TIMEOUT, version=None: True)(RedisCache.add)
    set = _or(lambda key, value, timeout=DEFAULT_TIMEOUT, version=None: None)(RedisCache.set)
    set_many = _or(lambda data, timeout=DEFAULT_TIMEOUT, version=None: list(data))(RedisCache.set_many)
    touch = _or(lambda key, timeout=DEFAULT_TIMEOUT, version=None: False)(RedisCache.touch)
    delete = _or(lambda key, version=None: False)(RedisCache.delete)
    delete_many = _or(lambda keys, version=None: None)(RedisCache.delete_many)
    clear = _or(lambda: False)(RedisCache.clear)
