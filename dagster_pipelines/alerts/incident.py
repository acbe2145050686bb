"""Incidents, the notices about them, and attempts to deliver a message.

An incident is one problem from when it is first seen until it is resolved.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dagster_pipelines.alerts.problem import Kind
from expectations.check import Severity, Text

Event = Literal["opened", "still_open", "resolved"]


@dataclass(frozen=True)
class Incident:
    """The current state of an incident; times are aware, in UTC."""

    incident_id: int
    key: str
    kind: Kind
    severity: Severity
    system: str
    owner: str
    where: str
    title: Text
    what: Text
    remedy: Text
    rows: int | None
    checked_rows: int | None
    details: str | None
    keys: str | None
    opened_at: datetime
    last_seen_at: datetime
    resolved_at: datetime | None
    reminders: int
    """Reminders sent while it was open."""


@dataclass(frozen=True)
class Notice:
    """A pending notification of one target about one incident. Several are grouped into one message."""

    notice_id: int
    target: str
    event: Event
    created_at: datetime
    tries: int
    incident: Incident


@dataclass(frozen=True)
class Attempt:
    """An attempt to send a message."""

    target: str
    subject: str
    delivered: bool
    error: str | None
    """Why it failed, without secrets."""
    at: datetime
