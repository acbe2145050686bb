"""Sends pending notices: grouped, outside quiet hours, rate-limited. Failed deliveries stay queued and are retried."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, takewhile

from filelock import FileLock, Timeout

from dagster_pipelines.alerts.configuration import AlertsConfiguration, Delivery
from dagster_pipelines.alerts.incident import Attempt, Event, Notice
from dagster_pipelines.alerts.quiet_hours import is_quiet
from dagster_pipelines.alerts.record import Record
from dagster_pipelines.alerts.wording import Writing, incidents_message
from expectations.check import Severity
from needloop.settings import Settings

_SECONDS_TO_SPARE = 30
_ORDER: tuple[tuple[Severity, Event], ...] = (
    ("blocking", "opened"),
    ("blocking", "still_open"),
    ("warning", "opened"),
    ("warning", "still_open"),
    ("blocking", "resolved"),
    ("warning", "resolved"),
)
"""Priority when the rate limit does not allow everything."""


@dataclass(frozen=True)
class Sent:
    """How many messages were delivered and how many failed."""

    delivered: int
    failed: int


@dataclass(frozen=True)
class _Group:
    """The notices of one message."""

    target: str
    event: Event
    severity: Severity
    notices: tuple[Notice, ...]


def send_waiting(record: Record, configuration: AlertsConfiguration, settings: Settings, now: datetime) -> Sent:
    """Sends everything that may go out now. Messages to an unreachable target stay queued."""
    with sending_lock(settings, configuration.delivery):
        notices = list(_still_relevant(record, configuration, now))
        quiet = is_quiet(configuration.quiet_hours, now, settings.time_zone)
        groups = {
            target: groups
            for target, its in groupby(sorted(notices, key=_by_target), key=_by_target)
            if (groups := _groups(record, configuration, target, list(its), now=now, quiet=quiet))
        }
        if not groups:
            return Sent(0, 0)
        outcomes: list[tuple[_Group, Attempt]] = []
        with ThreadPoolExecutor(max_workers=len(groups)) as together:
            sending = [
                together.submit(_send, configuration, settings, target, its, now) for target, its in groups.items()
            ]
            # Recorded as each target finishes, so that a slow one cannot make the others receive a message twice.
            for sent in as_completed(sending):
                _keep(record, sent.result(), now)
                outcomes += sent.result()
    return Sent(
        sum(attempt.delivered for _, attempt in outcomes), sum(not attempt.delivered for _, attempt in outcomes)
    )


def _still_relevant(record: Record, configuration: AlertsConfiguration, now: datetime) -> Iterator[Notice]:
    """The one notice per target and incident that still matters; the others are settled."""
    oldest = now - timedelta(hours=configuration.delivery.give_up_after_hours)
    with record.change():
        queued: set[tuple[str, int]] = set()
        relevant: list[Notice] = []
        for notice in record.waiting():
            about = (notice.target, notice.incident.incident_id)
            over = notice.incident.resolved_at is not None
            unknown = not record.was_notified(notice.incident, notice.target)
            if notice.target not in configuration.targets or (notice.tries and notice.created_at < oldest):
                record.settle(notice, "given_up", now)
            elif about in queued or (notice.event != "resolved" and over) or (notice.event == "resolved" and unknown):
                record.settle(notice, "needless", now)
            else:
                queued.add(about)
                relevant.append(notice)
    yield from relevant


def _groups(
    record: Record,
    configuration: AlertsConfiguration,
    target: str,
    notices: Sequence[Notice],
    *,
    now: datetime,
    quiet: bool,
) -> list[_Group]:
    """What may be sent to the target now, the most urgent first."""
    if now < pause_ends(record, target, now):
        return []
    limit = configuration.rate_limit
    sent = [one for one in record.attempts(now - timedelta(minutes=limit.minutes)) if one.target == target]
    allowed = limit.messages - sum(one.delivered for one in sent)
    groups = [
        _Group(target, event, severity, its)
        for severity, event in _ORDER
        if not (quiet and severity == "warning")
        and (its := tuple(n for n in notices if n.event == event and n.incident.severity == severity))
    ]
    return groups[: max(0, allowed)]


def pause_ends(record: Record, target: str, now: datetime) -> datetime:
    """When a failing target is retried: exponential back-off of 2, 4, 8 … minutes, at most an hour."""
    latest = [one for one in record.attempts(now - timedelta(days=1)) if one.target == target]
    failures = len(list(takewhile(lambda one: not one.delivered, latest)))
    return latest[0].at + timedelta(minutes=min(2**failures, 60)) if failures else now


def _send(
    configuration: AlertsConfiguration, settings: Settings, name: str, groups: Iterable[_Group], now: datetime
) -> list[tuple[_Group, Attempt]]:
    from dagster_pipelines.alerts.targets.target import (  # noqa: PLC0415 - half a second, and mostly there is nothing to send
        MOST_BYTES,
        Message,
        OpenTarget,
        TargetError,
    )

    outcomes: list[tuple[_Group, Attempt]] = []
    target = configuration.targets[name]
    writing = Writing.of(settings, configuration.language_of(name), configuration.data_docs)
    for group in groups:
        incidents = sorted((n.incident for n in group.notices), key=lambda one: (one.system, one.where, one.key))
        subject, body = incidents_message(group.event, incidents, writing, now, MOST_BYTES[target.service])
        tone = "good" if group.event == "resolved" else group.severity
        try:
            opened = OpenTarget(name, target, settings.secret)
            error = opened.send(Message(subject, body, tone), configuration.delivery)
        except TargetError as problem:
            error = str(problem)
        outcomes.append((group, Attempt(name, subject, error is None, error, now)))
        if error is not None:
            break  # the other messages would time out as well
    return outcomes


def _keep(record: Record, outcomes: Iterable[tuple[_Group, Attempt]], now: datetime) -> None:
    with record.change():
        for group, attempt in outcomes:
            record.keep_attempt(attempt)
            for notice in group.notices:
                if attempt.delivered:
                    record.settle(notice, "told", now)
                else:
                    record.tried(notice)


@contextmanager
def sending_lock(settings: Settings, delivery: Delivery) -> Iterator[None]:
    """Keeps two processes from sending the same message. Without a lock a duplicate is better than silence.

    The timeout exceeds the longest time that an unreachable target can hold the lock.
    """
    lock = FileLock(settings.alerts_folder / "sending.lock", timeout=delivery.seconds_at_most + _SECONDS_TO_SPARE)
    with suppress(OSError, Timeout):
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _by_target(notice: Notice) -> str:
    return notice.target
