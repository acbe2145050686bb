"""Rewrite the warehouse file so that deleted rows are gone from disk.

DuckDB only marks deleted rows and reuses their space later; until then their bytes stay in the file.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from needloop.durable_files import sync_path
from needloop.settings import Settings
from needloop.sql_text import sql_literal


class NotRewrittenError(Exception):
    """The file is unchanged and still holds deleted data; the message says what to do."""


def rewrite_warehouse(settings: Settings) -> None:
    """Replace the warehouse file with a copy of its live data. Needs as much free space as the file's size.

    Nobody may have it open. Raises NotRewrittenError when there is no space or the file cannot be read.
    """
    file = settings.warehouse_file
    fresh = file.with_name(file.name + ".rewriting")
    try:
        _remove(fresh)
        with duckdb.connect(config=settings.duckdb_config) as connection:
            # Views refer to the catalog by name, which comes from the file name.
            connection.execute(f"attach {sql_literal(file)} as {file.stem} (read_only)")
            connection.execute(f"attach {sql_literal(fresh)} as rewritten")
            connection.execute(f"copy from database {file.stem} to rewritten")
            if _row_counts(connection, file.stem) != _row_counts(connection, "rewritten"):
                raise NotRewrittenError("The copy is not complete. Run the command again.")
            connection.execute("detach rewritten")
        sync_path(fresh)
        fresh.replace(file)
    except (duckdb.Error, OSError) as error:
        _remove(fresh)
        raise NotRewrittenError(
            f"{file} could not be rewritten, so deleted data is still on disk: "
            f"{str(error).splitlines()[0].rstrip('.')}. Free up as much space as the file takes, and "
            "run the command again."
        ) from error


def _row_counts(connection: duckdb.DuckDBPyConnection, catalog: str) -> list[tuple[str, int]]:
    tables = connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = ? order by all", [catalog]
    ).fetchall()
    return [
        (f"{schema}.{table}", connection.execute(f'select count(*) from {catalog}.{schema}."{table}"').fetchall()[0][0])
        for schema, table in tables
    ]


def _remove(fresh: Path) -> None:
    for file in (fresh, fresh.with_name(fresh.name + ".wal")):
        file.unlink(missing_ok=True)
