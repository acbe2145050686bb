"""Failed checks of a stage, each a problem assigned to the table's owner."""

from __future__ import annotations

from collections.abc import Iterable

from dagster_pipelines.alerts.problem import Findings, Problem
from dagster_pipelines.alerts.redaction import redact
from expectations.check import Stage, Text
from expectations.results import CheckResult


def check_findings(stage: Stage, results: Iterable[CheckResult]) -> Findings:
    """Findings of one stage. Checks that pass, or no longer exist, resolve their incidents.

    Keys of delivery checks leave out the stage, since deliveries are also checked between runs.
    """
    all_results = tuple(results)
    return Findings(
        problems=tuple(_problem(stage, result) for result in all_results if not result.passed),
        cleared=frozenset(_key(stage, result) for result in all_results if result.passed),
        complete_prefixes=(f"check/{stage}/",),
    )


def delivered_lately_key(table: str) -> str:
    """The key of a missing delivery: the same in a run and between runs."""
    return f"delivery/{table}"


def _problem(stage: Stage, result: CheckResult) -> Problem:
    was_run = result.checked_rows > 0 or result.failed_rows > 0
    return Problem(
        key=_key(stage, result),
        kind="delivery" if result.check_name == "delivered_lately" else "check",
        severity=result.severity,
        system=result.system,
        owner=result.owner,
        where=result.table_name,
        title=Text(result.label_zh, result.label_en),
        what=Text(redact(result.message_zh), redact(result.message_en)),
        remedy=Text(result.remedy_zh, result.remedy_en),
        rows=result.failed_rows if was_run else None,
        checked_rows=result.checked_rows if was_run else None,
        details=f"quality/data_docs/{stage}/index.html",
        keys=f"quality/failing_keys/{stage}/{result.table_name}.csv" if result.sample_keys else None,
    )


def _key(stage: Stage, result: CheckResult) -> str:
    if result.check_name == "delivered_lately" and result.severity == "warning":
        return delivered_lately_key(result.table_name)
    return f"check/{stage}/{result.severity}/{result.table_name}/{result.check_name}"
