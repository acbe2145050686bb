"""Runs the checks of a stage: prepares what they read, has them validated, keeps and returns the results."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb

from expectations.batch import Batch, Verdict
from expectations.catalogue import delivery_checks, marts_suites, profile_checks, raw_suites
from expectations.check import Check, DeliveryCheck, ProfileCheck, Stage, TableSuite, Text
from expectations.checked_rows import checked_rows
from expectations.deliveries import DELIVERIES, measure_deliveries
from expectations.failing_keys import failing_keys, forget_failing_keys, keep_failing_keys, write_failing_keys
from expectations.metrics_before import take_metrics_before
from expectations.profile_messages import UnusualMeasure, sentence
from expectations.profiles import PROFILES, measure_profiles, measures_of
from expectations.results import CheckResult, create_quality_tables, failing_since, keep_results
from expectations.thresholds import load_thresholds
from needloop.contract.model import load_contract
from needloop.settings import Settings
from needloop.warehouse.connection import warehouse
from needloop.warehouse.gates import inputs_now, reopen

MOST_SAMPLE_KEYS = 20
_DELIVERIES_BATCH = "deliveries"
_DELIVERIES_KEY = ("table_name",)
_PROFILES_BATCH = "profiles"
_PROFILES_KEY = ("table_name", "column_name", "measure", "value_name")

_COULD_NOT_RUN = Text(
    "检查未能执行，按未通过处理。请修复所述原因后重新运行 needloop run；若原因不明，请报告此信息。",
    "The check could not run, which counts as failed. Fix the cause named and run needloop run again; if the cause is "
    "unclear, report this message.",
)


@dataclass(frozen=True)
class _Run:
    """What all results of one call have in common."""

    stage: Stage
    load_date: date
    checked_at: datetime
    since: dict[tuple[str, str], datetime]


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
        reopen(connection, stage)
        run = _Run(
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
    connection: duckdb.DuckDBPyConnection, settings: Settings, run: _Run, as_of: date, tables: Collection[str] | None
) -> list[CheckResult]:
    contract, thresholds = load_contract(), load_thresholds()
    suites = [suite for suite in raw_suites(contract) if tables is None or suite.table_name in tables]
    of_deliveries, of_profiles = delivery_checks(thresholds), profile_checks()
    with checked_rows(connection, contract) as faults:
        readable = [table for table in contract.tables if table.full_name not in faults]
        measure_deliveries(connection, readable, thresholds, as_of=as_of, load_date=run.load_date)
        measure_profiles(
            connection, readable, contract, thresholds, last_day=min(as_of, run.load_date - timedelta(days=1))
        )
        unreadable = [suite for suite in suites if suite.table_name in faults]
        suites = [suite for suite in suites if suite.table_name not in faults]
        deliveries = Batch(
            name=_DELIVERIES_BATCH,
            relation=DELIVERIES,
            key=_DELIVERIES_KEY,
            owner="",
            checks=tuple(one.check for one in of_deliveries),
        )
        profiles = Batch(
            name=_PROFILES_BATCH,
            relation=PROFILES,
            key=_PROFILES_KEY,
            owner="",
            checks=tuple(one.check for one in of_profiles),
        )
        verdicts = _validate(settings, [*map(_batch, suites), deliveries, profiles], run)
        results = [result for suite in suites for result in _table_results(connection, suite, verdicts, run)]
    for suite in unreadable:
        of_all = [one.check for one in of_deliveries] + [one.check for one in of_profiles]
        for check in (*suite.checks, *of_all):
            results.append(_could_not_run(suite, check, faults[suite.table_name], run))
    for one in of_deliveries:
        results += _delivery_results(connection, one, suites, verdicts[_DELIVERIES_BATCH, one.check.name], run)
    for kind in of_profiles:
        results += _profile_results(connection, kind, suites, verdicts[_PROFILES_BATCH, kind.check.name], run)
    return sorted(results, key=lambda result: result.table_name)


def _check_marts(
    connection: duckdb.DuckDBPyConnection, settings: Settings, run: _Run, as_of: date, tables: Collection[str] | None
) -> list[CheckResult]:
    del as_of
    take_metrics_before(connection, settings)
    published = tables if tables is not None else _tables_of_marts(connection)
    suites = marts_suites(load_contract(), load_thresholds(), published)
    verdicts = _validate(settings, [_batch(suite) for suite in suites], run)
    return [result for suite in suites for result in _table_results(connection, suite, verdicts, run)]


def _validate(settings: Settings, batches: Sequence[Batch], run: _Run) -> dict[tuple[str, str], Verdict]:
    from expectations.validation import validate  # noqa: PLC0415 - seconds of import, only where checks run

    docs = settings.quality / "data_docs" / run.stage
    docs.parent.mkdir(parents=True, exist_ok=True)
    return validate(settings, batches, load_date=run.load_date, docs=docs)


def _batch(suite: TableSuite) -> Batch:
    return Batch(suite.table_name, suite.relation, suite.key, suite.owner, suite.checks)


def _table_results(
    connection: duckdb.DuckDBPyConnection, suite: TableSuite, verdicts: dict[tuple[str, str], Verdict], run: _Run
) -> list[CheckResult]:
    rows = _count(connection, suite.relation)
    return [
        _table_result(connection, suite, check, verdicts[suite.table_name, check.name], rows=rows, run=run)
        for check in suite.checks
    ]


def _table_result(
    connection: duckdb.DuckDBPyConnection, suite: TableSuite, check: Check, verdict: Verdict, *, rows: int, run: _Run
) -> CheckResult:
    if verdict.error is not None:
        return _could_not_run(suite, check, verdict.error, run)
    failed = 0 if verdict.passed else max(1, verdict.failed_rows or 0)
    message = _rows_message(suite, check, failed, rows, run.since.get((suite.table_name, check.name)))
    keys = () if verdict.passed else _sample_keys(connection, suite, check, run)
    return _result(suite, check, run, passed=verdict.passed, counts=(failed, rows), message=message, sample_keys=keys)


def _delivery_results(
    connection: duckdb.DuckDBPyConnection,
    one: DeliveryCheck,
    suites: Sequence[TableSuite],
    verdict: Verdict,
    run: _Run,
) -> list[CheckResult]:
    if verdict.error is not None:
        return [_could_not_run(suite, one.check, verdict.error, run) for suite in suites]
    failing = set()
    if not verdict.passed:
        failing_keys = one.check.rule.failing_keys(_DELIVERIES_KEY, DELIVERIES, run.load_date)
        failing = {table for (table,) in connection.execute(failing_keys).fetchall()}
    cursor = connection.execute(f"select *, {one.failed} as _failed, {one.checked} as _checked from {DELIVERIES}")
    names = [column[0] for column in cursor.description or ()]
    lines = {line[names.index("table_name")]: dict(zip(names, line, strict=True)) for line in cursor.fetchall()}
    return [_delivery_result(suite, one, lines[suite.table_name], suite.table_name in failing, run) for suite in suites]


def _delivery_result(
    suite: TableSuite, one: DeliveryCheck, line: dict[str, Any], is_failing: bool, run: _Run
) -> CheckResult:
    template = one.failed_message if is_failing else one.passed_message
    since = _since_text(run.since.get((suite.table_name, one.check.name)) if is_failing else None)
    message = Text(
        template.zh.format_map(_readable(line, "无")) + since.zh,
        template.en.format_map(_readable(line, "none")) + since.en,
    )
    counts = (int(line["_failed"]) if is_failing else 0, int(line["_checked"]))
    return _result(suite, one.check, run, passed=not is_failing, counts=counts, message=message)


def _profile_results(
    connection: duckdb.DuckDBPyConnection,
    one: ProfileCheck,
    suites: Sequence[TableSuite],
    verdict: Verdict,
    run: _Run,
) -> list[CheckResult]:
    contract = load_contract()
    suites = [suite for suite in suites if measures_of(contract.table(suite.table_name)).intersection(one.measures)]
    if verdict.error is not None:
        return [_could_not_run(suite, one.check, verdict.error, run) for suite in suites]
    measures = ", ".join(f"'{measure}'" for measure in one.measures)
    lines = connection.execute(
        f"select table_name, is_unusual, column_name, measure, value_name, now, usual, period from {PROFILES} "
        f"where measure in ({measures}) order by all"
    ).fetchall()
    of_table = {suite.table_name: [line[1:] for line in lines if line[0] == suite.table_name] for suite in suites}
    return [_profile_result(suite, one, of_table[suite.table_name], run) for suite in suites]


def _profile_result(suite: TableSuite, one: ProfileCheck, lines: list[tuple[Any, ...]], run: _Run) -> CheckResult:
    unusual = [UnusualMeasure(*line[1:]) for line in lines if line[0]]
    said = sentence(one, unusual, len(lines))
    since = _since_text(run.since.get((suite.table_name, one.check.name)) if unusual else None)
    return _result(
        suite,
        one.check,
        run,
        passed=not unusual,
        counts=(len(unusual), len(lines)),
        message=Text(said.zh + since.zh, said.en + since.en),
    )


def _readable(line: dict[str, Any], none: str) -> dict[str, str]:
    def said(value: Any) -> str:
        if value is None:
            return none
        if isinstance(value, float):
            return f"{value:,.1f}"
        return f"{value:,}" if isinstance(value, int) else str(value)

    return {name: said(value) for name, value in line.items()}


def _result(
    suite: TableSuite,
    check: Check,
    run: _Run,
    *,
    passed: bool,
    counts: tuple[int, int],
    message: Text,
    sample_keys: tuple[str, ...] = (),
) -> CheckResult:
    return CheckResult(
        table_name=suite.table_name,
        system=suite.system,
        check_name=check.name,
        stage=run.stage,
        severity=check.severity,
        owner=suite.owner,
        passed=passed,
        failed_rows=counts[0],
        checked_rows=counts[1],
        label_zh=check.label.zh,
        label_en=check.label.en,
        message_zh=message.zh,
        message_en=message.en,
        remedy_zh=check.remedy.zh,
        remedy_en=check.remedy.en,
        checked_at=run.checked_at,
        sample_keys=sample_keys,
    )


def _could_not_run(suite: TableSuite, check: Check, error: str, run: _Run) -> CheckResult:
    return CheckResult(
        table_name=suite.table_name,
        system=suite.system,
        check_name=check.name,
        stage=run.stage,
        severity="blocking",
        owner=suite.owner,
        passed=False,
        failed_rows=0,
        checked_rows=0,
        label_zh=check.label.zh,
        label_en=check.label.en,
        message_zh=f"检查未能执行：{error}。",
        message_en=f"The check could not run: {error}.",
        remedy_zh=_COULD_NOT_RUN.zh,
        remedy_en=_COULD_NOT_RUN.en,
        checked_at=run.checked_at,
        sample_keys=(),
    )


def _rows_message(suite: TableSuite, check: Check, failed: int, rows: int, since: datetime | None) -> Text:
    title = f"{suite.title.zh}（{suite.table_name}）"
    if not failed:
        return Text(f"{title}：{rows:,} 行均符合。", f"All {rows:,} rows of {suite.table_name} pass.")
    columns = ", ".join(check.rule.columns)
    said = _since_text(since)
    return Text(
        f"{title}：{rows:,} 行中有 {failed:,} 行不符合" + (f"（列 {columns}）。" if columns else "。") + said.zh,
        f"{failed:,} of {rows:,} rows of {suite.table_name} fail"
        + (f" (column{'s' if ',' in columns else ''} {columns})." if columns else ".")
        + said.en,
    )


def _since_text(since: datetime | None) -> Text:
    if since is None:
        return Text("", "")
    return Text(f"自 {since:%Y-%m-%d} 的运行起一直如此。", f" Failing since the run of {since:%Y-%m-%d}.")


def _sample_keys(connection: duckdb.DuckDBPyConnection, suite: TableSuite, check: Check, run: _Run) -> tuple[str, ...]:
    keep_failing_keys(
        connection,
        suite,
        check,
        check.rule.failing_keys(suite.key, suite.relation, run.load_date),
        stage=run.stage,
        kept_back=load_contract().names_kept_back,
        most=load_thresholds().failing_keys,
    )
    return failing_keys(connection, run.stage, suite.table_name, check.name, MOST_SAMPLE_KEYS)


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    try:
        rows = connection.execute(f"select count(*) from {relation}").fetchall()
    except duckdb.CatalogException:
        return 0  # the checks of a table that is missing say so themselves
    return int(rows[0][0])


def _load_date(connection: duckdb.DuckDBPyConnection, as_of: date) -> date:
    """The day of the run; without run parameters (checks called by hand) the warehouse's day stands in."""
    rows = connection.execute("select max(load_date) from pipeline.run_parameters").fetchall()
    return rows[0][0] or as_of


def _tables_of_marts(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute(
        "select table_name from information_schema.tables where table_schema = 'marts'"
    ).fetchall()
    return [row[0] for row in rows]
