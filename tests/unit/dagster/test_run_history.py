"""What is kept of earlier runs: those of the last days, and the latest that succeeded however old it is."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
import yaml

from dagster_pipelines.dagster_instance import OURS, prepare_instance
from dagster_pipelines.run_history import forget_old_runs
from needloop.settings import Settings

KEPT_DAYS = 30


@dg.job
def nothing() -> None:
    """A run without a step."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, keep_history_days=KEPT_DAYS)


def ran(instance: dg.DagsterInstance) -> str:
    return str(nothing.execute_in_process(instance=instance).run_id)


def in_days(days: float) -> datetime:
    """Everything that happens in a test is this many days old then."""
    return datetime.now(UTC) + timedelta(days=days)


def test_runs_older_than_the_setting_go_and_the_latest_success_stays(settings: Settings) -> None:
    with dg.DagsterInstance.from_config(str(prepare_instance(settings))) as instance:
        first, second = ran(instance), ran(instance)
        files = settings.dagster_home / "history" / "runs"
        captured = settings.dagster_home / "storage" / first / "compute_logs"
        captured.mkdir(parents=True, exist_ok=True)
        assert forget_old_runs(instance, settings, in_days(KEPT_DAYS - 0.01)) == 0
        assert {run.run_id for run in instance.get_runs()} == {first, second}
        assert forget_old_runs(instance, settings, in_days(KEPT_DAYS + 0.01)) == 1
        assert {run.run_id for run in instance.get_runs()} == {second}
        assert instance.all_logs(second)
        assert (files / f"{second}.db").exists()
        assert not captured.exists()
    assert not list(files.glob(f"{first}*"))


def test_logs_of_failed_runs_go_with_them(settings: Settings) -> None:
    logs = settings.data / "logs"
    logs.mkdir()
    now = datetime.now(UTC)
    for name, days in (("run-young.log", KEPT_DAYS - 0.01), ("run-old.log", KEPT_DAYS + 0.01), ("notes.txt", 999)):
        (logs / name).touch()
        os.utime(logs / name, (0, (now - timedelta(days=days)).timestamp()))
    with dg.DagsterInstance.from_config(str(prepare_instance(settings))) as instance:
        forget_old_runs(instance, settings, now)
    assert {file.name for file in logs.iterdir()} == {"run-young.log", "notes.txt"}


def test_dagsters_settings_follow_ours_and_a_banks_own_stay(settings: Settings) -> None:
    file = prepare_instance(settings) / "dagster.yaml"
    written = yaml.safe_load(file.read_text("utf-8"))
    assert written["retention"]["schedule"] == {"purge_after_days": KEPT_DAYS}
    assert written["telemetry"] == {"enabled": False}
    prepare_instance(settings.model_copy(update={"keep_history_days": 7}))
    assert yaml.safe_load(file.read_text("utf-8"))["retention"]["schedule"] == {"purge_after_days": 7}
    own = file.read_text("utf-8").removeprefix(OURS)
    file.write_text(own, "utf-8")
    prepare_instance(settings)
    assert file.read_text("utf-8") == own


def test_settings_that_an_earlier_version_wrote_are_replaced(settings: Settings) -> None:
    settings.dagster_home.mkdir()
    file = settings.dagster_home / "dagster.yaml"
    file.write_text("telemetry:\n  enabled: false\nconcurrency:\n  runs:\n    max_concurrent_runs: 1\n", "utf-8")
    prepare_instance(settings)
    assert file.read_text("utf-8").startswith(OURS)
