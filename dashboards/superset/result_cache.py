"""Superset's caches in Redis: what each holds, for how long, and under which keys.

A result is kept under the release that it was read from, so a new release shows with the next request. Superset
itself puts a user's row-level security into the key. Without Redis, results are not cached at all: each server process
would have a cache of its own, and the marts answer in milliseconds.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask_caching.backends.rediscache import RedisCache
from redis.exceptions import RedisError

from dashboards.superset.installation import installation
from dashboards.superset.published_release import release_of_this_request
from needloop.release.reader import NoReleaseError

# The age of the release, which the quality dashboard shows, is the only thing that changes without a release.
RESULTS_SECONDS = 10 * 60
STATE_SECONDS = 90 * 24 * 60 * 60  # links with chosen filters work for a quarter, as they do without Redis
ANSWERS_WITHIN_SECONDS = 2
_log = logging.getLogger(__name__)


def caches(redis_url: str | None) -> dict[str, Any]:
    """Superset's settings of its caches and of the counts of logins."""
    if redis_url is None:
        nothing = {"CACHE_TYPE": "NullCache"}
        return {"CACHE_CONFIG": nothing, "DATA_CACHE_CONFIG": dict(nothing), "RATELIMIT_STORAGE_URI": "memory://"}
    timeouts = {"socket_connect_timeout": ANSWERS_WITHIN_SECONDS, "socket_timeout": ANSWERS_WITHIN_SECONDS}

    def cache(prefix: str | Callable[[], str], seconds: int) -> dict[str, Any]:
        return {
            "CACHE_TYPE": f"{__name__}.{OptionalRedisCache.__name__}",
            "CACHE_REDIS_URL": redis_url,
            "CACHE_OPTIONS": dict(timeouts),
            "CACHE_KEY_PREFIX": prefix,
            "CACHE_DEFAULT_TIMEOUT": seconds,
            "REFRESH_TIMEOUT_ON_RETRIEVAL": True,  # of chosen filters: what is used stays
        }

    return {
        "CACHE_CONFIG": cache(_of_this_release("metadata"), RESULTS_SECONDS),
        "DATA_CACHE_CONFIG": cache(_of_this_release("data"), RESULTS_SECONDS),
        "FILTER_STATE_CACHE_CONFIG": cache("needloop:filter_state:", STATE_SECONDS),
        "EXPLORE_FORM_DATA_CACHE_CONFIG": cache("needloop:form_data:", STATE_SECONDS),
        "RATELIMIT_STORAGE_URI": redis_url,
        "RATELIMIT_STORAGE_OPTIONS": timeouts,
        "RATELIMIT_KEY_PREFIX": "needloop",
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
    }


def _of_this_release(kind: str) -> Callable[[], str]:
    def prefix() -> str:
        try:
            release = release_of_this_request(installation().published_file).parent.name
        except NoReleaseError:
            release = "none"
        return f"needloop:{kind}:{release}:"

    return prefix


def _or_else(answer: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The method, or this answer when Redis does not answer."""

    def tolerant(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def asked(*arguments: Any, **options: Any) -> Any:
            try:
                return method(*arguments, **options)
            except RedisError as error:
                _log.warning("Redis does not answer (%s): nothing is cached meanwhile", type(error).__name__)
                return answer

        return asked

    return tolerant


class OptionalRedisCache(RedisCache):
    """A cache that is empty while its server is away: the dashboards get slower, and stay up."""

    get = _or_else(None)(RedisCache.get)
    set = _or_else(False)(RedisCache.set)
    add = _or_else(False)(RedisCache.add)
    has = _or_else(False)(RedisCache.has)
    delete = _or_else(False)(RedisCache.delete)

    def unlink(self, *keys: str) -> int:
        """Deletes keys; the library's own takes the prefix for a text, which may be a function here."""
        return sum(bool(self.delete(key)) for key in keys)
