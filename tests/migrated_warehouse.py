"""A warehouse that has all of its tables: migrated once a process, then copied, which takes a third of the time."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

import duckdb

from needloop.contract.model import load_contract
from needloop.sql_text import sql_literal
from needloop.warehouse.schema import bring_up_to_date


@cache
def template() -> Path:
    """The file of an empty warehouse; read it, copy it, never write it."""
    folder = Path(tempfile.mkdtemp(prefix="needloop-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / "needloop.duckdb"
    with duckdb.connect(str(file)) as connection:
        bring_up_to_date(connection, load_contract())
    return file


def migrated_connection(threads: int = 2) -> duckdb.DuckDBPyConnection:
    """A connection to a migrated warehouse in memory."""
    connection = duckdb.connect(config={"threads": threads})
    connection.execute(f"attach {sql_literal(template())} as template (read_only)")
    connection.execute("copy from database template to memory")
    connection.execute("detach template")
    return connection
