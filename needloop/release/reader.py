"""The one way to open a published release for reading: at one instant, read-only, without access to other files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from needloop.sql_text import sql_literal

_CATALOG = "release_file"
_SCHEMA = "marts"
_MEMORY_LIMIT = "1GB"


class NoReleaseError(Exception):
    """Nothing has been published yet."""


class UnreadableReleaseError(Exception):
    """The published release is damaged or lacks what the reader needs; the message says what to do."""


@contextmanager
def open_release(
    published_file: Path, *, tables: frozenset[str] = frozenset(), memory_limit: str = _MEMORY_LIMIT
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection whose default schema holds the release's marts.

    The link is resolved once, so a release published meanwhile does not mix in. The file is attached to an in-memory
    connection, whose settings cannot clash with those of other readers in the process.

    Raises NoReleaseError before the first release, UnreadableReleaseError when the file is damaged, lacks one of
    `tables`, or a query of the caller fails.
    """
    if not published_file.exists():
        raise NoReleaseError(f"There is no published release at {published_file}. Publish one with `needloop run`.")
    connection = duckdb.connect(config={"memory_limit": memory_limit, "threads": 1})
    try:
        connection.execute(f"attach {sql_literal(published_file.resolve())} as {_CATALOG} (read_only)")
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
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
    """Names of the marts that the open release holds."""
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
