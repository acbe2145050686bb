"""Writing the warehouse into a new file, which then takes its place: what was deleted is no longer on the disk.

DuckDB marks deleted rows and reuses their space later; until then their bytes stay in the file.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from needloop.durable_files import sync_path
from needloop.settings import Settings
from needloop.sql_text import sql_literal


class NotRewrittenError(Exception):
    """A file is as it was and still holds the bytes of what was deleted; the text says what to do."""


def rewrite_warehouse(settings: Settings) -> None:
    """Replaces the warehouse file by a copy of what it holds; takes as much free space as it has bytes.

    Nobody may have it open. Raises NotRewrittenError when there is no space, or it cannot be read.
    """
    file = settings.warehouse_file
    fresh = file.with_name(file.name + ".rewriting")
    try:
        _remove(fresh)
        with duckdb.connect(config=settings.duckdb_config) as connection:
            # The views name the catalog, which is called after the file.
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
            f"{file} could not be rewritten, so the disk still has the bytes of what was deleted: "
            f"{str(error).splitlines()[0].rstrip('.')}. Make room, as much as the file has, and run the command again."
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
