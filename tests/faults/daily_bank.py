"""A sample bank that delivers day by day, without the dirt that the sample plants, and the way its days are loaded.

The rows are cut by the day on which they were written: events by when they happened, versions by their updated_at. All
before the first day of the feed comes as one delivery.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path

import duckdb

from dagster_pipelines.landing.load import load_landing_zone
from dagster_pipelines.landing.outcome import LoadSummary
from expectations.checkpoint import run_checks
from expectations.results import CheckResult
from expectations.thresholds import load_thresholds
from needloop.contract.model import Table, load_contract
from needloop.settings import Settings
from needloop.warehouse.connection import warehouse
from needloop.warehouse.schema import bring_up_to_date
from seeds.sample.generate import generate

CONTRACT = load_contract()
SEED = 20260930
SLOW_TABLES = {
    table.full_name for table in CONTRACT.tables if not load_thresholds().is_often_delivered(table.full_name)
}
"""Come only on days on which they have rows; the others send a file every day, if only with its header."""


class DailyBank:
    """The days of a sample bank, kept as text in a DuckDB file beside which the deliveries are written."""

    def __init__(self, folder: Path, scale: float) -> None:
        """Generates the bank at `scale` (1: 2 000 customers) into `folder`, which is made."""
        self.folder = folder
        self._file = folder / "bank.duckdb"
        sample = folder / "sample"
        generate(sample, scale=scale, seed=SEED)
        with self.days() as connection:
            for table in CONTRACT.tables:
                files = sample / table.system / table.name / "*.csv"
                has_own_time = any(column.name == table.written_column for column in table.columns)
                written = table.written_column if has_own_time else "date '1900-01-01'"  # moved to what it points to
                connection.execute(
                    f'create table bank."{table.full_name}" as select *, row_number() over () as row_in_bank, '
                    f"cast({written} as date) as written_on "
                    f"from read_csv('{files}', all_varchar = true, union_by_name = true)"
                )
            self._remove_dirt(connection)
            self._after_what_they_point_to(connection)
        shutil.rmtree(sample)

    @contextmanager
    def days(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection to the bank; its tables are bank."<system>.<table>", all columns as delivered text."""
        connection = duckdb.connect()
        try:
            connection.execute(f"attach '{self._file}' as file")
            connection.execute("create schema if not exists file.bank")
            connection.execute("use file.bank")
            yield connection
        finally:
            connection.close()

    def deliver(self, day: date, *, first: bool = False) -> Path:
        """Writes the delivery of a day, or with `first` of all days up to it, and gives its landing zone."""
        zone = self.folder / "deliveries" / f"{day:%Y%m%d}"
        with self.days() as connection:
            for table in CONTRACT.tables:
                self.write(connection, zone, table, rows_of(table, day, first=first), day)
        return zone

    def write(
        self, connection: duckdb.DuckDBPyConnection, zone: Path, table: Table, rows: str, day: date
    ) -> Path | None:
        """Writes the rows of a query as the table's file of that day; None when a slow table has none."""
        [(count,)] = connection.execute(f"select count(*) from ({rows})").fetchall()
        if not count and table.full_name in SLOW_TABLES:
            return None
        path = zone / table.system / table.name / f"{table.name}_{day:%Y%m%d}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        connection.execute(
            f"copy (select * exclude (row_in_bank, written_on) from ({rows}) order by row_in_bank) "
            f"to '{path}' (header, delimiter ',')"
        )
        return path

    def _remove_dirt(self, connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute(
            'delete from bank."crm.interactions" where cast(closed_at as timestamp) < cast(opened_at as timestamp)'
        )
        connection.execute(
            'delete from bank."policy.policies" as policy where exists (select 1 from bank."training.staff" as staff '
            "where staff.staff_id = policy.staff_id "
            "and (policy.applied_on < staff.hired_on or policy.applied_on > staff.left_on))"
        )
        # The sample writes down that an instalment is due only for the latest ones: these come when they are paid.
        connection.execute('delete from bank."policy.premiums" where paid_on is null')
        for _ in range(4):  # what pointed to a removed row goes too
            for table in CONTRACT.tables:
                for column in table.columns:
                    if column.references and column.references != table.full_name:
                        target = CONTRACT.table(column.references)
                        connection.execute(
                            f'delete from bank."{table.full_name}" where {column.name} not in '
                            f'(select {target.key[0]} from bank."{target.full_name}")'
                        )
        units = {"customer": "crm.customers", "staff": "training.staff", "branch": "org.branches", "need": "crm.needs"}
        known = " union all ".join(f'select {unit}_id from bank."{table}"' for unit, table in units.items())
        connection.execute(f'delete from bank."experiment.assignments" where unit_id not in ({known})')

    def _after_what_they_point_to(self, connection: duckdb.DuckDBPyConnection) -> None:
        """A row waits for the rows it points to, which the sample dates later now and then."""
        for _ in range(2):
            for table in CONTRACT.tables:
                for column in table.columns:
                    if column.references:
                        target = CONTRACT.table(column.references)
                        connection.execute(
                            f'update bank."{table.full_name}" as row set written_on = first.written_on '
                            f"from (select {target.key[0]} as id, min(written_on) as written_on "
                            f'from bank."{target.full_name}" group by 1) as first '
                            f"where first.id = row.{column.name} and first.written_on > row.written_on"
                        )


def rows_of(table: Table, day: date, *, first: bool = False) -> str:
    """The query for the rows of a day, or with `first` of all days up to it."""
    return f"select * from bank.\"{table.full_name}\" where written_on {'<=' if first else '='} date '{day}'"


def load(settings: Settings, zone: Path, day: date) -> LoadSummary:
    """Takes a delivery as a run on the morning after that day would."""
    morning = datetime.combine(day + timedelta(days=1), time(6))
    with warehouse(settings) as connection:
        bring_up_to_date(connection, CONTRACT)
        connection.execute("delete from pipeline.run_parameters")
        connection.execute("insert into pipeline.run_parameters values ('faults', ?, null)", [morning.date()])
        return load_landing_zone(
            connection,
            zone,
            batch_id=f"{day}",
            time_zone=settings.time_zone,
            loaded_at=morning,
            scratch=settings.scratch,
            max_record_bytes=settings.max_record_bytes,
        )


def check(settings: Settings, day: date, tables: list[str] | None = None) -> list[CheckResult]:
    """The results of the raw checks on the morning after the day."""
    return run_checks(settings, stage="raw", run_id=f"faults {day}", as_of=day, tables=tables)
