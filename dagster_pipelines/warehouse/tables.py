"""The tables that the pipeline writes itself: raw data, the landing records, the parameters of a run,
the closed quarters.

Everything else in the warehouse is built by dbt.
"""

from __future__ import annotations

import duckdb

from dagster_pipelines.landing.contract import Contract, Table
from dagster_pipelines.warehouse.closing_tables import CLOSING_TABLES
from dagster_pipelines.warehouse.erasure_tables import ERASURE_TABLES

RAW_BOOKKEEPING = (
    ("_file", "VARCHAR"),
    ("_line", "BIGINT"),
    ("_loaded_at", "TIMESTAMP"),
    ("_batch_id", "VARCHAR"),
    ("_load_id", "BIGINT"),
)
"""Columns that every raw table has after those of the contract. (_load_id, _line) is the order of loading."""

LANDING_TABLES = """
create schema if not exists raw;
create schema if not exists landing;
create schema if not exists pipeline;
create sequence if not exists landing.load_ids;
create table if not exists landing.loads (
    load_id bigint not null, batch_id varchar not null, file varchar not null, table_name varchar not null,
    status varchar not null, reason varchar, message varchar, repeat_of varchar, content_hash varchar,
    bytes bigint not null, encoding varchar, rows_in_file bigint not null, loaded bigint not null,
    ignored bigint not null, rejected bigint not null, loaded_at timestamp not null, seconds double not null
);
create table if not exists landing.rejects (
    load_id bigint not null, file varchar not null, line bigint not null, table_name varchar not null,
    column_name varchar, reason varchar not null, message varchar not null, header varchar, record varchar
);
create table if not exists landing.notices (
    batch_id varchar not null, file varchar not null, kind varchar not null, subject varchar not null,
    message varchar not null, noticed_at timestamp not null
);
create table if not exists pipeline.run_parameters (
    run_id varchar not null, load_date date not null, requested_as_of date
);
create table if not exists pipeline.customer_keys (
    customer_id varchar not null, customer_key varchar not null
);
create table if not exists pipeline.product (version varchar not null, fingerprint varchar not null);
"""

ID_COMPRESSION = " using compression zstd"
"""Ids hardly repeat: the dictionary that DuckDB would choose takes half as long again to write, and more space."""


def create_tables(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Creates what is missing; leaves what is there."""
    connection.execute(LANDING_TABLES)
    connection.execute(CLOSING_TABLES)
    connection.execute(ERASURE_TABLES)
    for table in contract.tables:
        connection.execute(raw_table_ddl(table))


def raw_table_ddl(table: Table) -> str:
    """The create statement of a raw table: the contract's columns with their types, then the bookkeeping."""
    columns = [
        f'"{c.name}" {c.sql_type}{" not null" if c.required else ""}{ID_COMPRESSION if c.type == "id" else ""}'
        for c in table.columns
    ]
    columns += [f"{name} {sql_type} not null" for name, sql_type in RAW_BOOKKEEPING]
    return f"create table if not exists raw.{table.raw_name} ({', '.join(columns)})"
