"""From what Great Expectations says of a check to its results: one per table, with counts, keys and messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import duckdb

from expectations.check import Check, DeliveryCheck, ProfileCheck, Stage, TableSuite, Text
from expectations.deliveries import DELIVERIES
from expectations.failing_keys import failing_keys, keep_failing_keys
from expectations.profile_messages import UnusualMeasure, sentence
from expectations.profiles import PROFILES, measures_of
from expectations.results import CheckResult
from expectations.thresholds import load_thresholds
from needloop.contract.model import load_contract

MOST_SAMPLE_KEYS = 20
_COULD_NOT_RUN = Text(
    "检查未能执行，按未通过处理。请修复所述原因后重新运行 needloop run；若原因不明，请报告此信息。",
    "The check could not run, which counts as failed. Fix the cause named and run needloop run again; if the cause is "
    "unclear, report this message.",
)


@dataclass(frozen=True)
class Verdict:
    """What Great Expectations says of one check; failed_rows is None where the expectation counts no rows."""

    passed: bool
    failed_rows: int | None = None
    error: str | None = None
    """Why the check could not run."""


@dataclass(frozen=True)
class Run:
    """What all results of one call have in common."""

    stage: Stage
    load_date: date
    checked_at: datetime
    since: dict[tuple[str, str], datetime]
    """{(table, check): the first failure after which the check never passed}."""


def table_results(
    connection: duckdb.DuckDBPyConnection, suite: TableSuite, verdicts: dict[tuple[str, str], Verdict], run: Run
) -> list[CheckResult]:
    """The results of a table's own checks."""
    rows = _count(connection, suite.relation)
    return [
        _table_result(connection, suite, check, verdicts[suite.table_name, check.name], run, rows=rows)
        for check in suite.checks
    ]


def _table_result(
    connection: duckdb.DuckDBPyConnection, suite: TableSuite, check: Check, verdict: Verdict, run: Run, *, rows: int
) -> CheckResult:
    if verdict.error is not None:
        return could_not_run(suite, check, verdict.error, run)
    failed = 0 if verdict.passed else max(1, verdict.failed_rows or 0)
    keys = () if verdict.passed else _sample_keys(connection, suite, check, run)
    message = _rows_message(suite, check, failed, rows)
    passed = verdict.passed
    return _result(suite, check, run, passed=passed, counts=(failed, rows), message=message, sample_keys=keys)


def delivery_results(
    connection: duckdb.DuckDBPyConnection,
    one: DeliveryCheck,
    suites: Sequence[TableSuite],
    verdict: Verdict,
    run: Run,
) -> list[CheckResult]:
    """The results of a check of deliveries, one a table."""
    if verdict.error is not None:
        return [could_not_run(suite, one.check, verdict.error, run) for suite in suites]
    failing = set()
    if not verdict.passed:
        failing_tables = one.check.rule.failing_keys(("table_name",), DELIVERIES, run.load_date)
        failing = {table for (table,) in connection.execute(failing_tables).fetchall()}
    cursor = connection.execute(f"select *, {one.failed} as _failed, {one.checked} as _checked from {DELIVERIES}")
    names = [column[0] for column in cursor.description or ()]
    lines = {line[names.index("table_name")]: dict(zip(names, line, strict=True)) for line in cursor.fetchall()}
    return [_delivery_result(suite, one, lines[suite.table_name], suite.table_name in failing, run) for suite in suites]


def _delivery_result(
    suite: TableSuite, one: DeliveryCheck, line: dict[str, Any], is_failing: bool, run: Run
) -> CheckResult:
    said = one.failed_message if is_failing else one.passed_message
    message = Text(said.zh.format_map(_readable(line, "无")), said.en.format_map(_readable(line, "none")))
    counts = (int(line["_failed"]) if is_failing else 0, int(line["_checked"]))
    return _result(suite, one.check, run, passed=not is_failing, counts=counts, message=message)


def profile_results(
    connection: duckdb.DuckDBPyConnection,
    one: ProfileCheck,
    suites: Sequence[TableSuite],
    verdict: Verdict,
    run: Run,
) -> list[CheckResult]:
    """The results of a check of columns, one for each table that has one of its measures."""
    contract = load_contract()
    suites = [suite for suite in suites if measures_of(contract.table(suite.table_name)) & one.measures.keys()]
    if verdict.error is not None:
        return [could_not_run(suite, one.check, verdict.error, run) for suite in suites]
    lines = connection.execute(
        f"select table_name, is_unusual, column_name, measure, value_name, now, usual, period from {PROFILES} "
        "where list_contains(?, measure) order by all",
        [list(one.measures)],
    ).fetchall()
    results = []
    for suite in suites:
        measured = [line for line in lines if line[0] == suite.table_name]
        unusual = [UnusualMeasure(*line[2:]) for line in measured if line[1]]
        message, counts = sentence(one, unusual, len(measured)), (len(unusual), len(measured))
        results.append(_result(suite, one.check, run, passed=not unusual, counts=counts, message=message))
    return results


def could_not_run(suite: TableSuite, check: Check, error: str, run: Run) -> CheckResult:
    """The result of a check that failed to run: it blocks, whatever its severity."""
    message = Text(f"检查未能执行：{error}。", f"The check could not run: {error}.")
    result = _result(suite, check, run, passed=False, counts=(0, 0), message=message)
    return replace(
        result,
        severity="blocking",
        message_zh=message.zh,
        message_en=message.en,
        remedy_zh=_COULD_NOT_RUN.zh,
        remedy_en=_COULD_NOT_RUN.en,
    )


def _result(
    suite: TableSuite,
    check: Check,
    run: Run,
    *,
    passed: bool,
    counts: tuple[int, int],
    message: Text,
    sample_keys: tuple[str, ...] = (),
) -> CheckResult:
    since = Text("", "") if passed else _since(run.since.get((suite.table_name, check.name)))
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
        message_zh=message.zh + since.zh,
        message_en=message.en + since.en,
        remedy_zh=check.remedy.zh,
        remedy_en=check.remedy.en,
        checked_at=run.checked_at,
        sample_keys=sample_keys,
    )


def _rows_message(suite: TableSuite, check: Check, failed: int, rows: int) -> Text:
    title = f"{suite.title.zh}（{suite.table_name}）"
    if not failed:
        return Text(f"{title}：{rows:,} 行均符合。", f"All {rows:,} rows of {suite.table_name} pass.")
    columns = ", ".join(check.rule.columns)
    in_columns = f" (column{'s' if ',' in columns else ''} {columns})" if columns else ""
    return Text(
        f"{title}：{rows:,} 行中有 {failed:,} 行不符合" + (f"（列 {columns}）。" if columns else "。"),
        f"{failed:,} of {rows:,} rows of {suite.table_name} fail{in_columns}.",
    )


def _since(since: datetime | None) -> Text:
    if since is None:
        return Text("", "")
    return Text(f"自 {since:%Y-%m-%d} 的运行起一直如此。", f" Failing since the run of {since:%Y-%m-%d}.")


def _readable(line: dict[str, Any], none: str) -> dict[str, str]:
    def said(value: Any) -> str:
        if value is None:
            return none
        if isinstance(value, float):
            return f"{value:,.1f}"
        return f"{value:,}" if isinstance(value, int) else str(value)

    return {name: said(value) for name, value in line.items()}


def _sample_keys(connection: duckdb.DuckDBPyConnection, suite: TableSuite, check: Check, run: Run) -> tuple[str, ...]:
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
