"""A bank's raw tables filled row by row, as if landing had loaded them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from dagster_pipelines.analytics.registry import ANALYSES
from dagster_pipelines.analytics.run import create_result_tables
from dagster_pipelines.transformation.customer_keys import write_customer_keys
from expectations.results import create_quality_tables
from needloop.contract.model import load_contract
from needloop.settings import Settings
from needloop.warehouse.connection import warehouse
from needloop.warehouse.schema import bring_up_to_date

Row = Mapping[str, Any]
LOADED_AT = datetime(2026, 11, 22, 10)
LOAD_DATE = date(2026, 11, 22)
CUSTOMER_KEY_SECRET = b"a bank of the tests"


def new_bank(folder: Path, as_of: date | None) -> Settings:
    """Settings of a data folder with a new, empty warehouse, whose run asks for that as_of."""
    settings = Settings(data=folder, as_of=as_of, memory_limit="1GB", threads=2)
    settings.warehouse_file.unlink(missing_ok=True)
    with warehouse(settings) as connection:
        bring_up_to_date(connection, load_contract())
        create_quality_tables(connection)
        create_result_tables(connection, ANALYSES)
        connection.execute("insert into pipeline.run_parameters values ('test', ?, ?)", [LOAD_DATE, as_of])
    return settings


def deliver(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Row]) -> None:
    """Appends rows to the raw table of `table` (system.table) as one file that is loaded after all before it."""
    raw = f"raw.{load_contract().table(table).raw_name}"
    last = connection.execute(f"select coalesce(max(_load_id), 0) from {raw}").fetchone()
    assert last is not None
    for line, row in enumerate(rows, start=2):
        full = {
            **row,
            "_file": f"{table}/{last[0] + 1}.csv",
            "_line": line,
            "_loaded_at": LOADED_AT,
            "_batch_id": "test",
            "_load_id": last[0] + 1,
        }
        columns = ", ".join(f'"{name}"' for name in full)
        places = ", ".join("?" for _ in full)
        connection.execute(f"insert into {raw} ({columns}) values ({places})", list(full.values()))
    if table == "crm.customers":
        write_customer_keys(connection, CUSTOMER_KEY_SECRET)
