"""Entry points of alerting for runs, the sensor and commands. None of them raises; errors are reported."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from dagster_pipelines.alerts.configuration import (
    SHIPPED,
    AlertsConfiguration,
    AlertsConfigurationError,
    load_configuration,
)
from dagster_pipelines.alerts.digest import send_digests
from dagster_pipelines.alerts.dispatch import send_waiting
from dagster_pipelines.alerts.incident_updates import remind, update_incidents
from dagster_pipelines.alerts.problem import Findings
from dagster_pipelines.alerts.published import copy_incidents
from dagster_pipelines.alerts.record import Record, incident_record
from dagster_pipelines.alerts.sources.checks import check_findings
from dagster_pipelines.alerts.sources.installation import installation_findings
from dagster_pipelines.alerts.sources.run import failed_run, run_findings, run_without_error
from dagster_pipelines.run_end import RunEnd, keep_trace
from expectations.check import Stage
from expectations.deliveries import DELIVERIES
from expectations.results import CheckResult
from needloop.settings import Settings
from needloop.warehouse.connection import warehouse

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class AlertsOutcome:
    """What alerting did."""

    opened: int = 0
    resolved: int = 0
    delivered: int = 0
    failed: int = 0
    trouble: str | None = None
    """Why alerting failed or is limited, and what to do."""

    def __str__(self) -> str:
        parts = [
            f"{number} {words}"
            for number, words in (
                (self.opened, "incidents opened"),
                (self.resolved, "resolved"),
                (self.delivered, "messages sent"),
                (self.failed, "not delivered"),
            )
            if number
        ]
        return f"Alerts: {', '.join(parts)} (needloop alerts list)." if parts else ""


def observe_checks(settings: Settings, stage: Stage, results: Sequence[CheckResult]) -> None:
    """Updates incidents from a stage's results; notifications go out at the end of the run.

    After the last stage the incident log is copied into the warehouse, to be published.
    """

    def observe(record: Record, configuration: AlertsConfiguration) -> AlertsOutcome:
        update_incidents(record, configuration, check_findings(stage, results), datetime.now(UTC))
        if stage == "raw":
            with warehouse(settings) as connection:
                rows = connection.execute(
                    f"select table_name, last_loaded_at from {DELIVERIES} where last_loaded_at is not null"
                ).fetchall()
            with record.change():
                record.remember_deliveries(dict(rows))
        else:
            with warehouse(settings) as connection:
                copy_incidents(connection, record.all_incidents(), settings.time_zone, datetime.now(UTC))
        return AlertsOutcome()

    _safely(settings, observe)


def notify_run(settings: Settings, end: RunEnd) -> AlertsOutcome:
    """Updates incidents from the end of a run, once per run, checks the installation and sends notifications."""

    def observe(record: Record, _now: datetime) -> Findings:
        if record.is_run_handled(end.ended_at, end.run_id):
            return Findings()
        with suppress(OSError):  # a full disk must not suppress the notification
            if not end.succeeded:
                keep_trace(settings, end)
        return run_findings(end, settings)

    return _tell(settings, observe, lambda record, now: record.mark_run_handled(end.run_id, end.ended_at, now))


def notify_failure(settings: Settings, error: str) -> AlertsOutcome:
    """Reports a run that failed before the pipeline started."""
    return _tell(settings, lambda _record, _now: failed_run(error.rstrip("."), None))


def notify_up_to_date(settings: Settings) -> AlertsOutcome:
    """Reports a run that found nothing to do, which counts as success."""
    return _tell(settings, lambda _record, _now: run_without_error(settings))


def check_installation(settings: Settings) -> AlertsOutcome:
    """Between runs: checks disk, release age and missing deliveries; sends reminders, digests and the backlog."""
    return _tell(settings, lambda _record, _now: Findings())


def _tell(
    settings: Settings,
    observe: Callable[[Record, datetime], Findings],
    when_recorded: Callable[[Record, datetime], None] | None = None,
) -> AlertsOutcome:
    """`when_recorded` is called last, so an interrupted update is repeated; repeating it opens no second incident."""

    def update_and_send(record: Record, configuration: AlertsConfiguration) -> AlertsOutcome:
        now = datetime.now(UTC)
        of_run = update_incidents(record, configuration, observe(record, now), now)
        if when_recorded is not None:
            when_recorded(record, now)
        findings = installation_findings(settings, configuration.limits, record.last_deliveries(), now)
        changes = update_incidents(record, configuration, findings, now)
        remind(record, configuration, now)
        sent = send_waiting(record, configuration, settings, now)
        digests = send_digests(record, configuration, settings, now)
        return AlertsOutcome(
            of_run.opened + changes.opened,
            of_run.resolved + changes.resolved,
            sent.delivered + digests,
            sent.failed,
        )

    return _safely(settings, update_and_send)


def _safely(settings: Settings, act: Callable[[Record, AlertsConfiguration], AlertsOutcome]) -> AlertsOutcome:
    """An error in alerting must not fail a run: it is logged and returned as `trouble`."""
    trouble = None
    try:
        try:
            configuration = load_configuration(settings)
        except AlertsConfigurationError as error:
            trouble = f"Incidents are recorded but nobody is notified: {error}"
            configuration = load_configuration(settings.model_copy(update={"alerts": SHIPPED}))
        with incident_record(settings) as record:
            outcome = act(record, configuration)
    except Exception as error:  # noqa: BLE001 - see above
        _log.exception("Alerts failed.")
        return AlertsOutcome(
            trouble=f"Alerts failed ({type(error).__name__}): run needloop alerts check for the reason."
        )
    return outcome if trouble is None else replace(outcome, trouble=trouble)
