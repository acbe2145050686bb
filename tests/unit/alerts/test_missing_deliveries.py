"""A delivery that does not come is seen on days without a run, at the limit of the check."""

from __future__ import annotations

from datetime import datetime, timedelta

from dagster_pipelines.alerts.sources.checks import check_findings, delivered_lately_key
from dagster_pipelines.alerts.sources.installation import missing_deliveries
from expectations.thresholds import load_thresholds
from tests.unit.alerts.problems import check_result

NOW = datetime(2026, 9, 30, 9, 0)
ALLOWED = load_thresholds().days_between_deliveries("crm.needs")


def _find(days: int, table: str = "crm.needs") -> set[str]:
    found = missing_deliveries({table: NOW.replace(hour=23) - timedelta(days=days)}, NOW)
    return {problem.key for problem in found.problems}


def test_the_limit_itself_is_in_time_and_a_day_more_is_not() -> None:
    assert ALLOWED is not None
    assert _find(ALLOWED) == set()
    assert _find(ALLOWED + 1) == {"delivery/crm.needs"}


def test_tables_that_stay_as_they_are_for_years_are_not_awaited() -> None:
    assert _find(2000, "org.branches") == set()


def test_the_check_of_a_run_and_the_look_between_runs_are_one_incident() -> None:
    (problem,) = check_findings("raw", [check_result(check_name="delivered_lately")]).problems
    assert problem.key == delivered_lately_key("crm.needs")
    assert problem.kind == "delivery"
