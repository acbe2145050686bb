"""The door of this package: what a run, a sensor or a command calls. Nothing here raises; what fails is said."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
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
    """What came of it."""

    opened: int = 0
    resolved: int = 0
    delivered: int = 0
    failed: int = 0
    trouble: str | None = None
    """Why alerts could not work as they should, and what to do."""

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
    """Takes account of a stage's results as soon as they are there; they are told at the end of the run.

    After the last stage the record is copied into the warehouse, to be published.
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
    """Takes account of how a run ended, once for each run, looks around and sends what is to be told."""

    def observe(record: Record, _now: datetime) -> Findings:
        if record.is_run_handled(end.ended_at, end.run_id):
            return Findings()
        with suppress(OSError):  # a full disk must not keep the failure from being told
            if not end.succeeded:
                keep_trace(settings, end)
        return run_findings(end, settings)

    return _tell(settings, observe, lambda record, now: record.mark_run_handled(end.run_id, end.ended_at, now))


def notify_failure(settings: Settings, error: str) -> AlertsOutcome:
    """A run that could not even begin as it should."""
    return _tell(settings, lambda _record, _now: failed_run(error.rstrip("."), None))


def notify_up_to_date(settings: Settings) -> AlertsOutcome:
    """A run that found nothing new, which is a good end."""
    return _tell(settings, lambda _record, _now: run_without_error(settings))


def check_installation(settings: Settings) -> AlertsOutcome:
    """Between runs: disk, age of the release, deliveries that stay out, reminders, digests, what is waiting."""
    return _tell(settings, lambda _record, _now: Findings())


def _tell(
    settings: Settings,
    observe: Callable[[Record, datetime], Findings],
    when_recorded: Callable[[Record, datetime], None] | None = None,
) -> AlertsOutcome:
    """`when_recorded` comes after, so that what was interrupted is looked at again: twice opens nothing new."""

    def account_and_send(record: Record, configuration: AlertsConfiguration) -> AlertsOutcome:
        now = datetime.now(UTC)
        of_this = update_incidents(record, configuration, observe(record, now), now)
        if when_recorded is not None:
            when_recorded(record, now)
        around = installation_findings(settings, configuration.limits, record.last_deliveries(), now)
        changes = update_incidents(record, configuration, around, now)
        remind(record, configuration, now)
        sent = send_waiting(record, configuration, settings, now)
        digests = send_digests(record, configuration, settings, now)
        return AlertsOutcome(
            of_this.opened + changes.opened,
            of_this.resolved + changes.resolved,
            sent.delivered + digests,
            sent.failed,
        )

    return _safely(settings, account_and_send)


def _safely(settings: Settings, act: Callable[[Record, AlertsConfiguration], AlertsOutcome]) -> AlertsOutcome:
    """Whatever goes wrong with alerts must not end a run: it is logged, and said where somebody looks."""
    trouble = None
    try:
        try:
            configuration = load_configuration(settings)
        except AlertsConfigurationError as error:
            trouble = f"Alerts are recorded but nobody is written to: {error}"
            configuration = load_configuration(settings.model_copy(update={"alerts": SHIPPED}))
        with incident_record(settings) as record:
            told = act(record, configuration)
    except Exception as error:  # noqa: BLE001 - see above
        _log.exception("Alerts failed.")
        return AlertsOutcome(trouble=f"Alerts failed ({type(error).__name__}): run needloop alerts check to see why.")
    return told if trouble is None else AlertsOutcome(told.opened, told.resolved, told.delivered, told.failed, trouble)
