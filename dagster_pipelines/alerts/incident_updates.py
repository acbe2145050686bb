"""Turns findings into incidents and notices: opens, resolves and sends reminders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from dagster_pipelines.alerts.configuration import AlertsConfiguration
from dagster_pipelines.alerts.incident import Incident
from dagster_pipelines.alerts.problem import Findings
from dagster_pipelines.alerts.record import Record


@dataclass(frozen=True)
class Changes:
    """How many incidents were opened and resolved."""

    opened: int
    resolved: int


def update_incidents(record: Record, configuration: AlertsConfiguration, findings: Findings, now: datetime) -> Changes:
    """Opens an incident for each new problem, resolves those that are gone, and queues notices."""
    opened = resolved = 0
    with record.change():
        known = record.open_incidents()
        for problem in {problem.key: problem for problem in findings.problems}.values():
            if problem.key in known:
                record.refresh(known[problem.key], problem, now)
                continue
            opened += 1
            incident = record.open(problem, now)
            for target in configuration.targets_for(incident.severity, incident.system, incident.owner):
                record.add_notice(incident, target, "opened", now)
        for incident in known.values():
            if findings.clears(incident.key):
                resolved += 1
                for target in record.notified_targets(incident):
                    record.add_notice(incident, target, "resolved", now)
                record.resolve(incident, now)
    return Changes(opened, resolved)


def remind(record: Record, configuration: AlertsConfiguration, now: datetime) -> int:
    """Queues reminders of incidents that have been open too long; returns how many."""
    with record.change():
        due = [one for one in record.open_incidents().values() if now >= _next_reminder(one, configuration)]
        for incident in due:
            for target in configuration.targets_for(incident.severity, incident.system, incident.owner):
                record.add_notice(incident, target, "still_open", now)
            record.reminded(incident)
    return len(due)


def _next_reminder(incident: Incident, configuration: AlertsConfiguration) -> datetime:
    """After N hours, then 2 N, 4 N …: the interval doubles to keep the noise down."""
    hours = configuration.reminders.hours(incident.severity) * 2**incident.reminders
    return incident.opened_at + timedelta(hours=hours)
