"""Superset's connections to the published release: always the current one, never able to write or to look elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import has_request_context, request
from sqlalchemy.engine.url import URL
from sqlalchemy.pool import NullPool

from needloop.release.reader import LOCKED_IN, MEMORY_LIMIT, release_file

# DuckDB opens a file twice in one process only with the same configuration, so it is fixed here: Superset would put
# the page's name into the user agent.
CONNECTION_CONFIG: dict[str, Any] = {
    "custom_user_agent": "needloop-dashboards",
    "memory_limit": MEMORY_LIMIT,
    "threads": 2,
    **LOCKED_IN,
}
_OF_THIS_REQUEST = "needloop.release"


def release_of_this_request(published_file: Path) -> Path:
    """The file of the release that is current when a request first asks; the same to its end.

    A result is cached under the release that it came from. Were a new one published between the query and the caching
    of its result, the old numbers would stand under the new release's name.

    Raises:
        NoReleaseError: nothing is published there.
    """
    if not has_request_context():
        return release_file(published_file)
    pinned: Path | None = request.environ.get(_OF_THIS_REQUEST)
    if pinned is None or not pinned.exists():  # a long request may outlive the release that it began with
        pinned = request.environ[_OF_THIS_REQUEST] = release_file(published_file)
    return pinned


def pin_to_current_release(
    uri: URL, engine_arguments: dict[str, Any], _username: str, _security_manager: Any, _source: Any
) -> tuple[URL, dict[str, Any]]:
    """Open the current release, read-only and locked in: Superset's hook before each connection."""
    if not uri.drivername.startswith("duckdb"):
        return uri, engine_arguments
    file = release_of_this_request(Path(uri.database or ""))
    connect_args = {"read_only": True, "config": dict(CONNECTION_CONFIG)}
    return uri.set(database=str(file)), {**engine_arguments, "poolclass": NullPool, "connect_args": connect_args}
