"""The daemon's part of alerts: reports every run that ended, and checks the installation between runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import dagster as dg

from dagster_pipelines.alerts.notify import AlertsOutcome, check_installation, notify_run
from dagster_pipelines.run_end import RunEnd
from dagster_pipelines.run_events import run_end_of
from needloop.settings import Settings

SECONDS_BETWEEN_LOOKS = 60
_ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
_LOOK_BACK = timedelta(hours=1)
"""A run is reported once however often it is seen, so looks may overlap."""


def alerts_sensor(settings: Settings) -> dg.SensorDefinition:
    """Reports every run that ended, even when its process died, and what goes wrong without a run."""

    @dg.sensor(
        name="alerts",
        minimum_interval_seconds=SECONDS_BETWEEN_LOOKS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Notifies of failed runs, low disk, an old release and missing deliveries; sends digests.",
    )
    def alerts(context: dg.SensorEvaluationContext) -> dg.SkipReason:
        now = datetime.now(UTC)
        since = datetime.fromisoformat(context.cursor) if context.cursor else now
        told = [notify_run(settings, end) for end in ended_runs(context.instance, since - _LOOK_BACK)]
        told.append(check_installation(settings))
        context.update_cursor(now.isoformat())
        return dg.SkipReason(_said(told))

    return alerts


def ended_runs(instance: dg.DagsterInstance, since: datetime) -> Iterator[RunEnd]:
    """Runs that ended after that moment, the oldest first: of the job, and of assets launched from their own page."""
    ended = dg.RunsFilter(statuses=_ENDED, updated_after=since)
    for record in instance.get_run_records(filters=ended, order_by="update_timestamp", ascending=True):
        yield run_end_of(instance, record)


def _said(told: list[AlertsOutcome]) -> str:
    return " ".join(text for one in told for text in (str(one), one.trouble or "") if text) or "Nothing to report."
