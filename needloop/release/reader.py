"""The only way to read a published release: a single snapshot, read-only, without access to other files.

Superset's environment imports this too, but opens its own connections from `release_file` and `LOCKED_IN`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

from needloop.sql_text import sql_literal

_CATALOG = "release_file"
_SCHEMA = "marts"
MEMORY_LIMIT = "1GB"
LOCKED_IN: Mapping[str, bool] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "enable_external_access": False,
    "lock_configuration": True,
}
"""Read-only is not enough: SQL could still read and write other files. Apply in this order; the lock comes last."""


class NoReleaseError(Exception):
    """Nothing is published yet."""


class UnreadableReleaseError(Exception):
    """The published release is damaged or lacks what the reader needs; the message says what to do."""


def release_file(published_file: Path) -> Path:
    """The file behind the `current` symlink. Resolve it once for everything that must come from one release.

    DuckDB reuses a file that the process already has open under the same path, so a reader that opened the link would
    see the old release for as long as another query of the process runs.

    Raises NoReleaseError before the first release.
    """
    try:
        return published_file.resolve(strict=True)
    except OSError as error:
        raise NoReleaseError(
            f"There is no published release at {published_file}. Publish one with `needloop run`."
        ) from error


@contextmanager
def open_release(
    published_file: Path, *, tables: frozenset[str] = frozenset(), memory_limit: str = MEMORY_LIMIT
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection whose default schema holds the release's marts.

    It is unaffected by releases published later. The file is attached to an in-memory connection, whose settings
    cannot clash with those of other readers in the process.

    Raises NoReleaseError before the first release, UnreadableReleaseError when the file is damaged, lacks one of
    `tables`, or when a query of the caller fails.
    """
    file = release_file(published_file)
    connection = duckdb.connect(config={"memory_limit": memory_limit, "threads": 1})
    try:
        connection.execute(f"attach {sql_literal(file)} as {_CATALOG} (read_only)")
        for setting, value in LOCKED_IN.items():
            connection.execute(f"set {setting} = {value}")
        _require_tables(connection, tables)
        connection.execute(f"use {_CATALOG}.{_SCHEMA}")
        yield connection
    except duckdb.Error as error:
        raise UnreadableReleaseError(
            f"The published release {published_file} cannot be read: {str(error).splitlines()[0].rstrip('.')}. "
            "Run `needloop run --full-refresh` to publish it again."
        ) from error
    finally:
        connection.close()


def published_tables(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Names of the marts in the open release."""
    rows = connection.execute(
        "select table_name from duckdb_tables() where database_name = ? and schema_name = ?", [_CATALOG, _SCHEMA]
    ).fetchall()
    return frozenset(name for (name,) in rows)


def _require_tables(connection: duckdb.DuckDBPyConnection, tables: frozenset[str]) -> None:
    missing = sorted(tables - published_tables(connection))
    if missing:
        raise UnreadableReleaseError(
            f"The published release has no table {', '.join(missing)}: another version made it. "
            "Run `needloop run --full-refresh` to publish it again."
        )
