"""Closes a quarter: archives the published numbers and their inputs in one transaction."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from dagster_pipelines.closing.errors import ClosingError
from needloop.contract.model import load_contract
from needloop.release.publishing import MARTS_SCHEMA, Release, read_release
from needloop.settings import Settings
from needloop.sql_text import sql_literal
from needloop.warehouse.builds import Build, build_of
from needloop.warehouse.closing_schema import archive_schema
from needloop.warehouse.connection import warehouse
from needloop.warehouse.run_lock import run_lock
from needloop.warehouse.schema import bring_up_to_date

_QUARTER = re.compile(r"[0-9]{4}Q[1-4]")
_RELEASE = "closed_release"
# Needed to read the numbers of any period: archived in full.
_DEFINITIONS = ("dim_metric", "dim_group_value", "dim_period")


@dataclass(frozen=True)
class ClosedQuarter:
    """What was archived."""

    quarter: str
    release_id: str
    numbers: int
    """Rows of metric_values: the quarter's and those of its months."""
    tables: tuple[str, ...]
    """Other published tables that were archived."""


def close_quarter(settings: Settings, quarter: str) -> ClosedQuarter:
    """Archives a complete quarter of the published release in the warehouse, under the run lock.

    Raises ClosingError when the quarter cannot be closed, AnotherRunError while a run works on the data folder, and
    duckdb.Error when the warehouse or the release cannot be read. On error nothing is archived.
    """
    if not _QUARTER.fullmatch(quarter):
        raise ClosingError(f"{quarter!r} is not a quarter; write it as 2026Q2.")
    with run_lock(settings):
        release = read_release(settings)
        if release is None or not settings.published_file.exists() or not settings.warehouse_file.exists():
            raise ClosingError(f"Nothing is published in {settings.data} yet. Run `needloop run` first.")
        if not release.is_checked:
            raise ClosingError(
                f"The published release {release.release_id} has no check results, so its numbers are unchecked. "
                "Run `needloop run` to replace it, then close the quarter."
            )
        with warehouse(settings) as connection:
            bring_up_to_date(connection, load_contract())
            _refuse_closed(connection, quarter)
            build = build_of(connection, release.release_id)
            if build is None:
                raise ClosingError(
                    f"The published release {release.release_id} was not built from this warehouse, so later rows "
                    "cannot be told from earlier ones. Run `needloop run --full-refresh`, then close the quarter."
                )
            connection.execute(f"attach {sql_literal(settings.published_file.resolve())} as {_RELEASE} (read_only)")
            try:
                _refuse_unless_whole(connection, quarter, release)
                return _archive(connection, quarter, release, build)
            finally:
                connection.execute(f"detach {_RELEASE}")


def _refuse_closed(connection: duckdb.DuckDBPyConnection, quarter: str) -> None:
    row = connection.execute(
        "select closed_at, release_id from closing.quarters where quarter = ?", [quarter]
    ).fetchone()
    if row is not None:
        raise ClosingError(
            f"{quarter} was closed at {row[0]:%Y-%m-%d %H:%M} UTC with release {row[1]}. A closed quarter cannot "
            "be changed; see mart_restatements and the report for later restatements."
        )


def _refuse_unless_whole(connection: duckdb.DuckDBPyConnection, quarter: str, release: Release) -> None:
    quarters = connection.execute(
        f"select period, in_progress, covered_until, ends_on from {_RELEASE}.{MARTS_SCHEMA}.dim_period "
        "where period_type = 'quarter' order by period"
    ).fetchall()
    found = {period: (in_progress, until, ends_on) for period, in_progress, until, ends_on in quarters}
    if quarter not in found:
        whole = [period for period, (in_progress, *_) in found.items() if not in_progress]
        known = (
            f"Choose a complete one: {whole[0]} to {whole[-1]}."
            if whole
            else "It has no complete quarter yet; load more data first."
        )
        raise ClosingError(f"The published release {release.release_id} has no quarter {quarter}. {known}")
    in_progress, until, ends_on = found[quarter]
    if in_progress:
        raise ClosingError(
            f"{quarter} is in progress: the published release covers it up to {until}. Close it after a run "
            f"with data up to {ends_on}."
        )


def _archive(connection: duckdb.DuckDBPyConnection, quarter: str, release: Release, build: Build) -> ClosedQuarter:
    connection.execute("begin")
    try:
        numbers = _archive_numbers(connection, quarter)
        tables = _archive_tables(connection, quarter)
        connection.execute(
            "insert into closing.quarters values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                quarter,
                datetime.now(UTC).replace(tzinfo=None, microsecond=0),
                release.release_id,
                release.run_id,
                release.created_at.astimezone(UTC).replace(tzinfo=None),
                release.as_of,
                release.product_version,
                release.contract_version,
                build.fingerprint,
                build.load_id,
                numbers,
            ],
        )
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")
    return ClosedQuarter(quarter, release.release_id, numbers, tables)


def _archive_numbers(connection: duckdb.DuckDBPyConnection, quarter: str) -> int:
    """Archives the numbers of the quarter and its months, and each metric's inputs and published groupings."""
    marts = f"{_RELEASE}.{MARTS_SCHEMA}"
    row = connection.execute(
        f"""
        insert into closing.metric_values by name
        select $quarter as quarter, metric, period_type, period, group_by, group_value,
            numerator, denominator, value, n
        from {marts}.metric_values as shown
        semi join (
            select period_type, period from {marts}.dim_period as part
            semi join (
                select starts_on as first_day, ends_on as last_day from {marts}.dim_period
                where period_type = 'quarter' and period = $quarter
            ) as closed on part.starts_on >= first_day and part.ends_on <= last_day
        ) as closed_periods using (period_type, period)
        """,
        {"quarter": quarter},
    ).fetchone()
    connection.execute(
        f"insert into closing.metric_inputs by name select $quarter as quarter, * from {marts}.mart_metric_inputs "
        "union all by name select distinct $quarter as quarter, metric, 'grouping' as kind, group_by as input_name, "
        f"'' as fingerprint from {marts}.metric_values",
        {"quarter": quarter},
    )
    return int(row[0]) if row else 0


def _archive_tables(connection: duckdb.DuckDBPyConnection, quarter: str) -> tuple[str, ...]:
    """Archives the definitions, and the quarter's rows of every published table that has a period."""
    schema = archive_schema(quarter)
    connection.execute(f"create schema {schema}")
    rows = connection.execute(
        f"select distinct table_name from duckdb_columns() where database_name = '{_RELEASE}' "
        f"and schema_name = '{MARTS_SCHEMA}' and column_name = 'period' order by table_name"
    ).fetchall()
    by_period = [name for (name,) in rows if name not in _DEFINITIONS]
    for table in (*_DEFINITIONS, *by_period):
        chosen = f" where period = '{quarter}'" if table in by_period else ""
        connection.execute(
            f'create table {schema}."{table}" as select * from {_RELEASE}.{MARTS_SCHEMA}."{table}"{chosen}'
        )
    return (*_DEFINITIONS, *by_period)
