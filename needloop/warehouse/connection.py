"""Open the warehouse file for writing, with the limits of the settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from needloop.settings import Settings


@contextmanager
def warehouse(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the warehouse, closed on exit so that the next step of the run sees what was written.

    Raises duckdb.IOException when another process has the file open.
    """
    settings.warehouse_file.parent.mkdir(parents=True, exist_ok=True)
    settings.scratch.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(str(settings.warehouse_file), config=settings.duckdb_config)
    try:
        yield connection
    finally:
        connection.close()
