"""The fast path for large CSV and Parquet files: rows proven plain go into the raw table without the rules for texts.

Each format (fast_csv, fast_parquet) provides its rows as the relation PLAIN, with the table's columns and _line, once
all of them are proven. Any other file takes the full path. For a plain file both paths give the same result; the full
path is slower. Events also need new keys: duplicates take the full path.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from dagster_pipelines.landing.header import Header
from needloop.contract.model import Table
from needloop.sql_text import sql_name

PLAIN = "landing_plain"
FAST_PATH_FROM = 2**16
"""Size in bytes from which the fast path is worth trying."""


@dataclass(frozen=True)
class PlainFile:
    """A file whose rows are all plain and available in PLAIN."""

    rows: int
    header: Header
    encoding: str | None


def holds(connection: duckdb.DuckDBPyConnection, expression: str) -> bool:
    """Whether the expression is true."""
    return connection.execute(f"select {expression}").fetchall()[0][0] is True


def keys_are_new(connection: duckdb.DuckDBPyConnection, table: Table, rows: int) -> bool:
    """Whether PLAIN has no duplicate key, within itself or with the raw table; only events need this."""
    if table.load == "upsert":
        return True
    if len(table.key) != 1:
        return False
    key, raw = sql_name(table.key[0]), f"raw.{table.raw_name}"
    ascending = f"""(select count(*) = 0
        from (select {key} as this, lag({key}) over () as before from {PLAIN}) where this <= before)"""
    distinct = f"(select count(distinct hash({key})) = {rows} from {PLAIN})"
    if not holds(connection, ascending) and not holds(connection, distinct):
        return False
    if holds(connection, f"not exists (select 1 from {raw})"):
        return True
    apart = f"""(select old.greatest < new.least or old.least > new.greatest
        from (select min({key}) as least, max({key}) as greatest from {raw}) as old,
             (select min({key}) as least, max({key}) as greatest from {PLAIN}) as new)"""
    shared = f"(select 1 from {raw} semi join {PLAIN} using ({key}))"
    return holds(connection, apart) or holds(connection, f"not exists {shared}")
