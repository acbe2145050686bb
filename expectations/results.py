"""The result of one check, and quality.check_results, where the results of all runs are kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import duckdb

from expectations.check import Severity, Stage
from expectations.deliveries import DELIVERIES_TABLE
from expectations.failing_keys import FAILING_KEYS_TABLE
from expectations.metrics_before import METRICS_BEFORE_TABLE
from expectations.profiles import PROFILES_TABLE
from needloop.warehouse.gates import Inputs, record_gate

_MOST_NAMED = 3


@dataclass(frozen=True)
class CheckResult:
    """What one check found in one table."""

    table_name: str
    system: str
    check_name: str
    stage: Stage
    severity: Severity
    owner: str
    passed: bool
    failed_rows: int
    checked_rows: int
    label_zh: str
    label_en: str
    message_zh: str
    message_en: str
    remedy_zh: str
    remedy_en: str
    checked_at: datetime
    """UTC, without zone."""
    sample_keys: tuple[str, ...]
    """Keys of at most 20 failing rows: no other values, and no customer numbers."""


def create_quality_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Creates the missing tables of schema quality, so that dbt finds its sources before the first check."""
    connection.execute("create schema if not exists quality")
    connection.execute(DELIVERIES_TABLE)
    connection.execute(FAILING_KEYS_TABLE)
    connection.execute(PROFILES_TABLE)
    connection.execute(METRICS_BEFORE_TABLE)


def failing_since(connection: duckdb.DuckDBPyConnection, stage: Stage) -> dict[tuple[str, str], datetime]:
    """{(table, check): UTC time of the first failure after which the check never passed}."""
    rows = connection.execute(
        """
        select table_name, check_name,
            min(checked_at) filter (not passed and checked_at > coalesce(passed_at, '-infinity'))
        from (
            select *, max(checked_at) filter (passed) over (partition by table_name, check_name) as passed_at
            from quality.check_results where stage = ?
        )
        group by all having arg_max(passed, checked_at) = false
        """,
        [stage],
    ).fetchall()
    return {(table, check): since for table, check, since in rows}


def keep_results(
    connection: duckdb.DuckDBPyConnection,
    results: Sequence[CheckResult],
    *,
    run_id: str,
    stage: Stage,
    history_days: int,
    inputs: Inputs,
    is_whole: bool = True,
) -> None:
    """Writes the results of a run's stage and the verdict of its gate in one transaction; drops old history.

    They replace what an earlier try of the same run left. `is_whole`: every table of the stage was checked.
    """
    import pyarrow as pa  # noqa: PLC0415 - a third of a second, and a run without news has no results to keep

    columns = [{**asdict(result), "run_id": run_id, "sample_keys": list(result.sample_keys)} for result in results]
    connection.execute("begin")
    connection.execute("delete from quality.check_results where run_id = ? and stage = ?", [run_id, stage])
    if columns:
        connection.register("results_of_this_run", pa.Table.from_pylist(columns))
        connection.execute("insert into quality.check_results by name select * from results_of_this_run")
        connection.unregister("results_of_this_run")
        connection.execute(
            f"delete from quality.check_results where checked_at < ? - interval {history_days} day",
            [max(result.checked_at for result in results)],
        )
    record_gate(connection, stage, run_id, inputs, closed_because=_closed_because(results, is_whole=is_whole))
    connection.execute("commit")


def failed(results: Collection[CheckResult], severity: Severity) -> tuple[CheckResult, ...]:
    """The failed checks of that severity, in their order."""
    return tuple(result for result in results if not result.passed and result.severity == severity)


def _closed_because(results: Sequence[CheckResult], *, is_whole: bool) -> str | None:
    """The reason that the gate keeps, without values of rows; None when it is passed."""
    blocking = failed(results, "blocking")
    if blocking:
        named = ", ".join(f"{one.check_name} of {one.table_name}" for one in blocking[:_MOST_NAMED])
        return f"{len(blocking)} blocking checks failed ({named}{', …' if len(blocking) > _MOST_NAMED else ''})"
    return None if results and is_whole else "only some tables were checked"
