"""What the raw checks read: the rows that count today, in an in-memory catalog beside the warehouse.

Of an upsert table these are the current versions (greatest updated_at; equal: the later loaded) that are not deleted,
of an append table the events that are not voided. Names, numbers and free text of customers are left out, so no check
can show them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from needloop.contract.model import Column, Contract, Table

CATALOG = "checked_rows"


@contextmanager
def checked_rows(connection: duckdb.DuckDBPyConnection, contract: Contract) -> Iterator[dict[str, str]]:
    """Makes CATALOG with one table or view per raw table; every connection of the process sees it until the end.

    Yields {table: error} of the tables that cannot be read because the warehouse does not match the contract.
    """
    connection.execute(f"attach ':memory:' as {CATALOG}")
    try:
        [warehouse] = connection.execute("select current_database()").fetchall()[0]
        faults = {}
        for table in contract.tables:
            try:
                rows = _current_versions(table, warehouse) if table.load == "upsert" else _events(table, warehouse)
                connection.execute(rows)
            except duckdb.Error as fault:
                faults[table.full_name] = str(fault).splitlines()[0]
        yield faults
    finally:
        connection.execute(f"detach {CATALOG}")


def relation(table: Table) -> str:
    """The table's name in CATALOG."""
    return f"{CATALOG}.{table.raw_name}"


def _current_versions(table: Table, warehouse: str) -> str:
    # rank, not row_number: a row that was loaded twice must stay, for the key check to find it
    return f"""
        create table {relation(table)} as
        select {_columns(table)} from (
            select * from "{warehouse}".raw.{table.raw_name}
            qualify rank() over (partition by {_key(table)} order by updated_at desc, _load_id desc, _line desc) = 1
        ) where deleted is not true
    """


def _events(table: Table, warehouse: str) -> str:
    raw = f'"{warehouse}".raw.{table.raw_name}'
    return f"""
        create view {relation(table)} as
        select {_columns(table)} from {raw} as event
        anti join (select {_key(table)} from {raw} where void) as taken_back using ({_key(table)})
        where void is not true
    """


def _columns(table: Table) -> str:
    names = [column.name for column in table.columns if may_be_checked(column)]
    return ", ".join(f'"{name}"' for name in dict.fromkeys((*names, table.written_column)))


def may_be_checked(column: Column) -> bool:
    """Personal texts and free text are not; a date of birth is, since checks compare dates but never show values."""
    return not column.is_kept_back or column.type != "text"


def _key(table: Table) -> str:
    return ", ".join(f'"{name}"' for name in table.key)
