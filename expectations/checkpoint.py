"""Runs the checks of a stage: prepares what they read, validates, stores and returns the results."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta

import duckdb

from expectations.catalogue import delivery_checks, marts_suites, profile_checks, raw_suites
from expectations.check import Check, Stage, TableSuite, Text
from expectations.checked_rows import checked_rows
from expectations.deliveries import DELIVERIES, measure_deliveries
from expectations.failing_keys import forget_failing_keys, write_failing_keys
from expectations.metrics_before import take_metrics_before
from expectations.outcomes import Run, Verdict, could_not_run, delivery_results, profile_results, table_results
from expectations.profiles import PROFILES, measure_profiles
from expectations.results import CheckResult, create_quality_tables, failing_since, keep_results
from expectations.thresholds import load_thresholds
from needloop.contract.model import load_contract
from needloop.settings import Settings
from needloop.warehouse.connection import warehouse
from needloop.warehouse.gates import inputs_now, reset_from

_PROFILES_KEY = ("table_name", "column_name", "measure", "value_name")


def run_checks(
    settings: Settings, *, stage: Stage, run_id: str, as_of: date, tables: Collection[str] | None = None
) -> list[CheckResult]:
    """Runs all checks of a stage on the warehouse and returns what they found, blocking failures included.

    stage `raw`: `tables` are full names (system.table) of the contract, None: all. Stage `marts`: `tables` are the
    marts that a release will hold, None: all of schema marts. The results are kept in quality.check_results, the data
    docs in <quality>/data_docs/<stage>, the keys of failing rows in quality.failing_keys and <quality>/failing_keys.
    A check that cannot run is a failed blocking check. The stage's gate (needloop.warehouse.gates) is reopened at the
    start and decided together with the results.

    Raises FileNotFoundError when there is no warehouse, duckdb.IOException when another process has it open.
    """
    if not settings.warehouse_file.exists():
        raise FileNotFoundError(
            f"There is no warehouse at {settings.warehouse_file}: load the delivered files first with needloop run."
        )
    with warehouse(settings) as connection:
        create_quality_tables(connection)
        reset_from(connection, stage)
        run = Run(
            stage,
            _load_date(connection, as_of),
            datetime.now(UTC).replace(tzinfo=None),
            failing_since(connection, stage),
        )
        forget_failing_keys(connection, stage)
        check = _check_raw if stage == "raw" else _check_marts
        results = check(connection, settings, run, as_of, tables)
        history_days = load_thresholds().history_days
        keep_results(
            connection,
            results,
            run_id=run_id,
            stage=stage,
            history_days=history_days,
            inputs=inputs_now(connection, as_of),
            is_whole=stage == "marts" or tables is None,
        )
        write_failing_keys(connection, settings.quality, stage)
    return results


def _check_raw(
    connection: duckdb.DuckDBPyConnection, settings: Settings, run: Run, as_of: date, tables: Collection[str] | None
) -> list[CheckResult]:
    contract, thresholds = load_contract(), load_thresholds()
    suites = [suite for suite in raw_suites(contract) if tables is None or suite.table_name in tables]
    of_deliveries, of_profiles = delivery_checks(thresholds), profile_checks()
    about_all = [*(one.check for one in of_deliveries), *(one.check for one in of_profiles)]
    with checked_rows(connection, contract) as faults:
        readable = [table for table in contract.tables if table.full_name not in faults]
        measure_deliveries(connection, readable, thresholds, as_of=as_of, load_date=run.load_date)
        last_day = min(as_of, run.load_date - timedelta(days=1))
        measure_profiles(connection, readable, contract, thresholds, last_day=last_day)
        unreadable = [suite for suite in suites if suite.table_name in faults]
        suites = [suite for suite in suites if suite.table_name not in faults]
        deliveries = _measured(DELIVERIES, ("table_name",), [one.check for one in of_deliveries])
        profiles = _measured(PROFILES, _PROFILES_KEY, [one.check for one in of_profiles])
        verdicts = _validate(settings, [*suites, deliveries, profiles], run)
        results = [result for suite in suites for result in table_results(connection, suite, verdicts, run)]
    for suite in unreadable:
        error = faults[suite.table_name]
        results += [could_not_run(suite, check, error, run) for check in (*suite.checks, *about_all)]
    for one in of_deliveries:
        results += delivery_results(connection, one, suites, verdicts[deliveries.table_name, one.check.name], run)
    for kind in of_profiles:
        results += profile_results(connection, kind, suites, verdicts[profiles.table_name, kind.check.name], run)
    return sorted(results, key=lambda result: result.table_name)


def _measured(relation: str, key: tuple[str, ...], checks: Sequence[Check]) -> TableSuite:
    """Checks of the lines that were measured of all tables; each table's result goes to the table's owner."""
    name = relation.rpartition(".")[2]
    return TableSuite(name, system="", owner="", title=Text("", ""), key=key, relation=relation, checks=tuple(checks))


def _check_marts(
    connection: duckdb.DuckDBPyConnection, settings: Settings, run: Run, as_of: date, tables: Collection[str] | None
) -> list[CheckResult]:
    del as_of
    take_metrics_before(connection, settings)
    published = tables if tables is not None else _tables_of_marts(connection)
    suites = marts_suites(load_contract(), load_thresholds(), published)
    verdicts = _validate(settings, suites, run)
    return [result for suite in suites for result in table_results(connection, suite, verdicts, run)]


def _validate(settings: Settings, suites: Sequence[TableSuite], run: Run) -> dict[tuple[str, str], Verdict]:
    from expectations.validation import validate  # noqa: PLC0415 - seconds of import, only where checks run

    docs = settings.quality / "data_docs" / run.stage
    docs.parent.mkdir(parents=True, exist_ok=True)
    return validate(settings, suites, load_date=run.load_date, docs=docs)


def _load_date(connection: duckdb.DuckDBPyConnection, as_of: date) -> date:
    """The day of the run; without run parameters (checks called by hand) the warehouse's day stands in."""
    rows = connection.execute("select max(load_date) from pipeline.run_parameters").fetchall()
    return rows[0][0] or as_of


def _tables_of_marts(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute(
        "select table_name from information_schema.tables where table_schema = 'marts'"
    ).fetchall()
    return [row[0] for row in rows]
