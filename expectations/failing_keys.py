"""Which rows failed in the latest checks of a stage: quality.failing_keys, and a CSV a table beside the data docs.

Both hold keys of rows and no other values. A customer's number is replaced by the key that releases use, as the files
may lie where the data docs lie; in the warehouse pipeline.customer_keys leads back to the number.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection
from pathlib import Path

import duckdb

from expectations.check import Check, Stage, TableSuite

FAILING_KEYS = "quality.failing_keys"
FAILING_KEYS_TABLE = f"""
create table if not exists {FAILING_KEYS} (
    stage varchar not null, table_name varchar not null, check_name varchar not null, severity varchar not null,
    owner varchar not null, "key" varchar not null
)
"""
BETWEEN_PARTS = " / "
"""Between the columns of a key that has more than one."""
_CUSTOMER = "customer_id"
_NOT_SHOWN = "…"


def forget_failing_keys(connection: duckdb.DuckDBPyConnection, stage: Stage) -> None:
    """Deletes the keys of the stage before it is checked again."""
    connection.execute(f"delete from {FAILING_KEYS} where stage = ?", [stage])


def keep_failing_keys(
    connection: duckdb.DuckDBPyConnection,
    suite: TableSuite,
    check: Check,
    failing: str,
    *,
    stage: Stage,
    kept_back: Collection[str],
    most: int,
) -> None:
    """Stores the first `most` keys that `failing`, a select of key columns, finds.

    Values of the columns `kept_back` may not leave the warehouse.
    """
    key = ", ".join(_said(column, kept_back) for column in suite.key)
    connection.execute(
        f"""
        insert into {FAILING_KEYS}
        select ?, ?, ?, ?, ?, said from (select concat_ws('{BETWEEN_PARTS}', {key}) as said from ({failing}) as failing)
        order by said limit {most}
        """,
        [stage, suite.table_name, check.name, check.severity, suite.owner],
    )


def failing_keys(
    connection: duckdb.DuckDBPyConnection, stage: Stage, table_name: str, check_name: str, most: int
) -> tuple[str, ...]:
    """The first `most` stored keys of a check."""
    rows = connection.execute(
        f'select "key" from {FAILING_KEYS} where stage = ? and table_name = ? and check_name = ? order by 1 limit ?',
        [stage, table_name, check_name, most],
    ).fetchall()
    return tuple(row[0] for row in rows)


def failing_keys_file(quality: Path, stage: Stage, table_name: str) -> Path:
    """The file for the keys of a table, beside the data docs."""
    return quality / "failing_keys" / stage / f"{table_name}.csv"


def write_failing_keys(connection: duckdb.DuckDBPyConnection, quality: Path, stage: Stage) -> None:
    """Writes a CSV per table with failing keys, replacing those of the previous checks. Raises OSError."""
    folder = failing_keys_file(quality, stage, "any").parent
    shutil.rmtree(folder, ignore_errors=True)
    tables = connection.execute(
        f"select distinct table_name from {FAILING_KEYS} where stage = ? order by 1", [stage]
    ).fetchall()
    if tables:
        folder.mkdir(parents=True)
    for (table,) in tables:
        rows = connection.sql(
            f'select table_name, check_name, severity, owner, "key" from {FAILING_KEYS} '
            "where stage = ? and table_name = ? order by severity, check_name, 5",
            params=[stage, table],
        )
        rows.write_csv(str(failing_keys_file(quality, stage, table)))


def _said(column: str, kept_back: Collection[str]) -> str:
    if column not in kept_back:
        return f'cast(failing."{column}" as varchar)'
    if column != _CUSTOMER:
        return f"'{_NOT_SHOWN}'"
    known = f"select customer_key from pipeline.customer_keys as known where known.{_CUSTOMER} = failing.{_CUSTOMER}"
    return f"coalesce(({known}), '{_NOT_SHOWN}')"
