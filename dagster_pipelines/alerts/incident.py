"""An incident: one problem from the moment it was first seen until it is gone. And a message that was tried."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dagster_pipelines.alerts.problem import Kind
from expectations.check import Severity, Text

Event = Literal["opened", "still_open", "resolved"]


@dataclass(frozen=True)
class Incident:
    """What is known of it now; times are aware, in UTC."""

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
    """How often it was told again because it was still open."""


@dataclass(frozen=True)
class Notice:
    """One thing to be told to one target. Several become one message."""

    notice_id: int
    target: str
    event: Event
    created_at: datetime
    tries: int
    incident: Incident


@dataclass(frozen=True)
class Attempt:
    """A message that was sent, or that could not be."""

    target: str
    subject: str
    delivered: bool
    error: str | None
    """Why not, without secrets."""
    at: datetime
