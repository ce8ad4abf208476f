"""A cache that is never missed: while Redis is away every value is simply not there."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.redis import RedisCache
from django.core.serializers.json import DjangoJSONEncoder
from redis import RedisError


class JsonSerializer:
    """Values as JSON text, so that whoever can write to Redis cannot make us run code."""

    def dumps(self, obj: Any) -> int | str:
        return obj if type(obj) is int else json.dumps(obj, cls=DjangoJSONEncoder)

    def loads(self, data: bytes) -> Any:
        return json.loads(data)


def _or(fallback: Callable[..., Any], method: Callable[..., Any]) -> Callable[..., Any]:
    """Answer with `fallback` of the same arguments where `method` finds no Redis."""

    @wraps(method)
    def call(self: RedisCache, *args: Any, **kwargs: Any) -> Any:
        try:
            return method(self, *args, **kwargs)
        except RedisError:
            return fallback(*args, **kwargs)

    return call


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, but without Redis a read finds nothing and a write does nothing."""

    get = _or(lambda key, default=None, version=None: default, RedisCache.get)
    get_many = _or(lambda *args, **kwargs: {}, RedisCache.get_many)
    has_key = _or(lambda *args, **kwargs: False, RedisCache.has_key)
    set = _or(lambda *args, **kwargs: None, RedisCache.set)
    set_many = _or(lambda data, *args, **kwargs: [], RedisCache.set_many)
    add = _or(lambda *args, **kwargs: True, RedisCache.add)
    touch = _or(lambda *args, **kwargs: False, RedisCache.touch)
    delete = _or(lambda *args, **kwargs: False, RedisCache.delete)
    delete_many = _or(lambda *args, **kwargs: None, RedisCache.delete_many)
    incr = _or(lambda key, delta=1, version=None: 0, RedisCache.incr)
    clear = _or(lambda *args, **kwargs: False, RedisCache.clear)
