"""The loader finds in the hostile delivery what the generator put there, and the same bank as in the clean one."""

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from dagster_pipelines.landing.load import load_landing_zone
from needloop.contract.model import Table, load_contract
from needloop.warehouse.schema import bring_up_to_date
from seeds.sample import generate

SCALE = 0.1


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deliveries")
    generate(folder / "clean", scale=SCALE, file_format="parquet")
    generate(folder / "messy", scale=SCALE, messy=True)
    return folder


@pytest.fixture(scope="module")
def warehouses(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """One connection with the databases clean and messy."""
    for name in ("clean", "messy"):
        with duckdb.connect(str(folder / f"{name}.duckdb")) as connection:
            bring_up_to_date(connection, load_contract())
            load_landing_zone(
                connection,
                folder / name,
                batch_id="one",
                time_zone="Asia/Shanghai",
                loaded_at=datetime(2026, 10, 1),
                scratch=folder / f"scratch_{name}",
                max_record_bytes=2**20,
            )
    with duckdb.connect() as connection:
        for name in ("clean", "messy"):
            connection.execute(f"attach '{folder}/{name}.duckdb' as {name} (read_only)")
        yield connection


def expected(folder: Path, name: str, columns: tuple[str, ...]) -> set[tuple[str, ...]]:
    with (folder / "messy.expected" / name).open(encoding="utf-8") as file:
        return {tuple(row[column] for column in columns) for row in csv.DictReader(file)}


def test_files_and_rows_are_counted_as_expected(folder: Path, warehouses: duckdb.DuckDBPyConnection) -> None:
    found = warehouses.execute(
        """select file, table_name, rows_in_file::varchar, loaded::varchar, ignored::varchar, rejected::varchar, status,
        coalesce(reason, '') from messy.landing.loads"""
    ).fetchall()
    columns = ("file", "table", "rows", "loaded", "ignored", "rejected", "status", "reason")
    assert set(found) == expected(folder, "loads.csv", columns)


def test_rejects_are_found_with_line_column_and_reason(folder: Path, warehouses: duckdb.DuckDBPyConnection) -> None:
    found = warehouses.execute(
        "select file, line::varchar, table_name, coalesce(column_name, ''), reason from messy.landing.rejects"
    ).fetchall()
    assert set(found) == expected(folder, "rejects.csv", ("file", "line", "table", "column", "reason"))


def test_strays_are_left_alone(folder: Path, warehouses: duckdb.DuckDBPyConnection) -> None:
    found = warehouses.execute("select subject from messy.landing.notices where kind = 'left_alone'").fetchall()
    assert set(found) == expected(folder, "left_alone.csv", ("path",))


@pytest.mark.parametrize("table", load_contract().tables, ids=lambda table: table.full_name)
def test_the_same_rows_are_loaded(warehouses: duckdb.DuckDBPyConnection, table: Table) -> None:
    columns = ", ".join(f'"{c.name}"' for c in table.columns if c.name != table.flag)
    clean = f"select {columns} from clean.raw.{table.raw_name}"
    messy = f"""select {columns} from messy.raw.{table.raw_name}
        where not starts_with({table.key[0]}, 'DEL') and not starts_with({table.key[0]}, 'EV')
            and coalesce({table.flag}, false) = false"""
    assert warehouses.execute(f"{clean} except all {messy}").fetchall() == []
    assert warehouses.execute(f"{messy} except all {clean}").fetchall() == []


def test_rows_put_in_on_top_are_void_or_deleted(warehouses: duckdb.DuckDBPyConnection) -> None:
    """Whatever is not in the clean bank has a version or a void that takes it back."""
    for table in load_contract().tables:
        key = table.key[0]
        left = warehouses.execute(
            f"""select {key} from messy.raw.{table.raw_name}
            where {key} not in (select {key} from clean.raw.{table.raw_name})
            group by {key} having not bool_or(coalesce({table.flag}, false))"""
        ).fetchall()
        assert left == [], table.full_name
