"""The servers that an installation may lean on: PostgreSQL for the metadata, Redis for the caches.

They are asked before Superset starts, which would answer a wrong setting with a page of traceback.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from dashboards.superset.installation import METADATA_URI, REDIS_URL, Installation, InstallationError
from needloop.postgresql import PostgresqlError, postgresql

_REDIS_SCHEMES = ("redis", "rediss", "unix")
_SECONDS_TO_CONNECT = 5


def check_servers(here: Installation) -> None:
    """Raises InstallationError, which says what to do, when a server that the settings name cannot be used."""
    if here.given_metadata_uri is not None:
        _ask_postgresql(here.given_metadata_uri, "select 1")
    if here.redis_url is not None:
        _ask_redis(here.redis_url)


def must_be_provisioned(here: Installation) -> None:
    """Raises InstallationError when Superset's metadata is not there yet, or cannot be looked for."""
    provisioned = (
        here.metadata_file.exists()
        if here.given_metadata_uri is None
        else _ask_postgresql(here.given_metadata_uri, "select to_regclass('ab_user')") is not None
    )
    if not provisioned:
        raise InstallationError(
            f"Superset is not provisioned for {here.data}: run `python {Path(__file__).with_name('provision.py')}"
            f" --data {here.data}` first"
        )


def _ask_postgresql(uri: str, query: str) -> object:
    try:
        return postgresql(METADATA_URI, uri).answer(query)
    except PostgresqlError as error:
        raise InstallationError(f"Superset's metadata cannot be kept: {error}") from None


def _ask_redis(url: str) -> None:
    import redis  # noqa: PLC0415 - only where there is one

    form = f"{REDIS_URL} is not of the form redis://:PASSWORD@HOST:PORT/NUMBER; write @, / and # of its password as"
    form += " %40, %2F and %23"
    try:
        if urlsplit(url).scheme not in _REDIS_SCHEMES:
            raise InstallationError(form)
        client = redis.Redis.from_url(
            url, socket_connect_timeout=_SECONDS_TO_CONNECT, socket_timeout=_SECONDS_TO_CONNECT
        )
    except ValueError:
        raise InstallationError(form) from None
    try:
        client.ping()
    except redis.AuthenticationError:
        reason = "it refuses the password, or wants one"
    except redis.ConnectionError:
        reason = "nothing listens there, or the password is wrong"
    except redis.RedisError as error:
        reason = type(error).__name__
    else:
        return
    finally:
        client.close()
    raise InstallationError(
        f"the Redis that {REDIS_URL} names does not answer: {reason}. See that it runs and mend the setting, or unset"
        " it to do without a cache"
    )
