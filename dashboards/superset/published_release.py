"""Connections to the published release: always the current one, never able to write or to look elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
from flask import has_request_context, request
from sqlalchemy.engine.url import URL
from sqlalchemy.pool import NullPool

# One process may open a file only with one and the same configuration, so everything that could vary is fixed here:
# Superset would otherwise put the page's name into the user agent.
CONNECTION_CONFIG: dict[str, Any] = {
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "custom_user_agent": "needloop-dashboards",
    "memory_limit": "1GB",
    "threads": 2,
    "lock_configuration": True,
}
_OF_THIS_REQUEST = "needloop.release"


class NoReleaseError(Exception):
    """There is no published release to read."""


def resolved(published_file: Path) -> Path:
    """The real file behind the `current` symlink.

    DuckDB hands a process the file that it has already open under the same path. Each release must therefore be
    opened under its own path, else a worker would show the old release for as long as any of its queries runs.

    Raises:
        NoReleaseError: nothing is published there.
    """
    try:
        return published_file.resolve(strict=True)
    except OSError as error:
        raise NoReleaseError(
            f"no release is published at {published_file}: run `needloop run` first, then try again"
        ) from error


def release_of_this_request(published_file: Path) -> Path:
    """The file of the release that is current when a request first asks; the same to its end.

    A result is cached under the release that it came from. Were a new one published between the query and the noting
    of its result, the old numbers would stand under the new release's name.

    Raises:
        NoReleaseError: nothing is published there.
    """
    if not has_request_context():
        return resolved(published_file)
    pinned: Path | None = request.environ.get(_OF_THIS_REQUEST)
    if pinned is None or not pinned.exists():  # a long request may outlive the release that it began with
        pinned = request.environ[_OF_THIS_REQUEST] = resolved(published_file)
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


def rows(published_file: Path, query: str) -> list[dict[str, Any]]:
    """The rows of a query on the current release, as dictionaries.

    Raises:
        NoReleaseError: nothing is published there.
    """
    with duckdb.connect(str(resolved(published_file)), read_only=True, config=dict(CONNECTION_CONFIG)) as connection:
        cursor = connection.execute(query)
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
