"""The record of incidents in the warehouse, for the quality dashboard: local times, nothing of what was found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dagster_pipelines.alerts.incident import Incident
from dagster_pipelines.alerts.notify import notify_failure, observe_checks
from dagster_pipelines.alerts.published import copy_incidents
from dagster_pipelines.alerts.record import incident_record
from expectations.results import create_quality_tables
from needloop.contract.model import load_contract
from needloop.settings import Settings
from needloop.warehouse.connection import warehouse
from needloop.warehouse.schema import bring_up_to_date
from tests.unit.alerts.problems import check_result

NOW = datetime(2026, 9, 30, 23, 30, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(data=tmp_path, memory_limit="1GB", threads=2)
    with warehouse(settings) as connection:
        bring_up_to_date(connection, load_contract())
        create_quality_tables(connection)
    return settings


def recorded(settings: Settings) -> list[Incident]:
    with incident_record(settings) as record:
        return record.all_incidents()


def copied(settings: Settings) -> list[tuple[object, ...]]:
    with warehouse(settings) as connection:
        return connection.execute(
            "select kind, place, opened_at, resolved_at, recorded_at, failed_rows from quality.incidents order by all"
        ).fetchall()


def test_incidents_of_the_checks_are_in_the_warehouse_before_publishing(settings: Settings) -> None:
    (settings.data / "landing").mkdir()
    observe_checks(settings, "marts", [check_result(stage="marts", table_name="metric_values", failed_rows=3)])
    observe_checks(settings, "marts", [check_result(stage="marts", table_name="metric_values", failed_rows=4)])
    ((kind, place, opened, resolved, _, rows),) = copied(settings)
    assert (kind, place, resolved, rows) == ("check", "metric_values", None, 4)
    assert isinstance(opened, datetime)
    observe_checks(settings, "marts", [check_result(stage="marts", table_name="metric_values", passed=True)])
    ((*_, resolved, _, _),) = copied(settings)
    assert resolved is not None


def test_times_are_local_and_what_a_release_ends_is_over(settings: Settings) -> None:
    notify_failure(settings, "no space for 张三丰")
    with warehouse(settings) as connection:
        copy_incidents(connection, recorded(settings), "Asia/Shanghai", NOW)
    ((kind, _, _, resolved, recorded_at, rows),) = copied(settings)
    assert (kind, rows) == ("run", None)
    assert resolved == recorded_at == datetime(2026, 10, 1, 7, 30)
    (incident,) = recorded(settings)
    assert incident.resolved_at is None, "the message that it is over comes with the release"


def test_what_was_found_is_left_behind(settings: Settings) -> None:
    notify_failure(settings, "no space for the file of somebody")
    with warehouse(settings) as connection:
        copy_incidents(connection, recorded(settings), "Asia/Shanghai", NOW)
        everything = str(connection.execute("select * from quality.incidents").fetchall())
    assert "somebody" not in everything


def test_a_copy_replaces_the_one_before_and_may_be_empty(settings: Settings) -> None:
    notify_failure(settings, "it broke")
    for incidents in (recorded(settings), recorded(settings), []):
        with warehouse(settings) as connection:
            copy_incidents(connection, incidents, "Asia/Shanghai", NOW + timedelta(days=1))
        assert len(copied(settings)) == len(incidents)
