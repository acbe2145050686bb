"""The raw tables: the contract's columns with their types plus bookkeeping, and how they follow the contract."""

from __future__ import annotations

import duckdb

from needloop.contract.model import Column, Contract, Table

RAW_BOOKKEEPING = (
    ("_file", "VARCHAR"),
    ("_line", "BIGINT"),
    ("_loaded_at", "TIMESTAMP"),
    ("_batch_id", "VARCHAR"),
    ("_load_id", "BIGINT"),
)
"""Columns of every raw table, after those of the contract. (_load_id, _line) gives the load order."""

ID_COMPRESSION = " using compression zstd"
"""Ids rarely repeat: the dictionary encoding that DuckDB would choose takes 50 % longer to write, and more space."""


class RawTablesError(Exception):
    """A raw table does not match the contract and needs a migration."""


def follow_contract(connection: duckdb.DuckDBPyConnection, contract: Contract) -> tuple[str, ...]:
    """Create missing raw tables and add optional columns that the contract has gained. Returns the changed tables.

    Columns that the contract has dropped stay, with their data. Raises RawTablesError when a column's type differs from
    the contract's or a required column is missing; then no table is changed.
    """
    there = _columns(connection)
    missing = {
        table.raw_name: _missing_columns(table, there[table.raw_name])
        for table in contract.tables
        if table.raw_name in there
    }
    for table in contract.tables:
        if table.raw_name not in there:
            connection.execute(_create_table(table))
        for column in missing.get(table.raw_name, ()):
            connection.execute(f'alter table raw.{table.raw_name} add column "{column.name}" {column.sql_type}')
    return tuple(t.full_name for t in contract.tables if t.raw_name not in there or missing[t.raw_name])


def _columns(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    rows = connection.execute(
        "select table_name, column_name, data_type from duckdb_columns() where schema_name = 'raw' and not internal"
    ).fetchall()
    tables: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        tables.setdefault(table, {})[column] = kind
    return tables


def _missing_columns(table: Table, there: dict[str, str]) -> list[Column]:
    for column in table.columns:
        if column.name in there and there[column.name] != column.sql_type:
            raise RawTablesError(
                f"{table.full_name}.{column.name} is {there[column.name]} in the warehouse but {column.sql_type} in "
                "the source contract. Nothing was changed. Restore this version's contract files, or add a "
                "migration that changes the column."
            )
        if column.name not in there and column.required:
            raise RawTablesError(
                f"{table.full_name}.{column.name} is required by the source contract but missing from the "
                "warehouse. Nothing was changed. Restore this version's contract files, or add a migration that "
                "creates the column and fills it for existing rows."
            )
    return [column for column in table.columns if column.name not in there]


def _create_table(table: Table) -> str:
    columns = [
        f'"{c.name}" {c.sql_type}{" not null" if c.required else ""}{ID_COMPRESSION if c.type == "id" else ""}'
        for c in table.columns
    ]
    columns += [f"{name} {sql_type} not null" for name, sql_type in RAW_BOOKKEEPING]
    return f"create table raw.{table.raw_name} ({', '.join(columns)})"
