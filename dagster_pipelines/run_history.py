"""Limits the history of runs: Dagster's records and captured output, and our logs of failed runs.

Dagster purges ticks of schedules and sensors (see dagster_instance.py), but never runs.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg

from needloop.private_interfaces.dagster_storage import remove_events_file
from needloop.settings import Settings

SECONDS_BETWEEN_LOOKS = 60 * 60
_AT_ONCE = 50  # so that lowering the setting after years holds up no run
_ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]


def forget_old_runs(instance: dg.DagsterInstance, settings: Settings, now: datetime) -> int:
    """Deletes ended runs that started more than `keep_history_days` ago; returns how many.

    The latest successful run always stays: it records when each asset was last materialized.
    """
    before = now - timedelta(days=settings.keep_history_days)
    old = instance.get_run_records(
        filters=dg.RunsFilter(statuses=_ENDED, created_before=before), limit=_AT_ONCE, ascending=True
    )
    latest = instance.get_run_records(filters=dg.RunsFilter(statuses=[dg.DagsterRunStatus.SUCCESS]), limit=1)
    kept = {record.dagster_run.run_id for record in latest}
    forgotten = [one.dagster_run.run_id for one in old if one.dagster_run.run_id not in kept]
    for run_id in forgotten:
        _forget(instance, run_id)
    _remove_older(settings.data.glob("logs/run-*.log"), before)
    return len(forgotten)


def history_sensor(settings: Settings) -> dg.SensorDefinition:
    """The same for an installation whose runs Dagster's daemon starts."""

    @dg.sensor(
        name="history",
        minimum_interval_seconds=SECONDS_BETWEEN_LOOKS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=f"Deletes the history of runs that are older than {settings.keep_history_days} days.",
    )
    def history(context: dg.SensorEvaluationContext) -> dg.SkipReason:
        forgotten = forget_old_runs(context.instance, settings, datetime.now(UTC))
        return dg.SkipReason(f"{forgotten} runs were older than {settings.keep_history_days} days and are deleted.")

    return history


def _forget(instance: dg.DagsterInstance, run_id: str) -> None:
    instance.compute_log_manager.delete_logs(prefix=[run_id])
    instance.delete_run(run_id)
    remove_events_file(instance, run_id)


def _remove_older(files: Iterable[Path], before: datetime) -> None:
    for file in files:
        if datetime.fromtimestamp(file.stat().st_mtime, UTC) < before:
            file.unlink(missing_ok=True)
