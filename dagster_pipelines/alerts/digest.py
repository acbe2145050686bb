"""The daily digest to the departments: counts of what is overdue in the published release."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from dagster_pipelines.alerts.configuration import AlertsConfiguration
from dagster_pipelines.alerts.dispatch import pause_ends, sending_lock
from dagster_pipelines.alerts.incident import Attempt
from dagster_pipelines.alerts.quiet_hours import is_quiet
from dagster_pipelines.alerts.record import Record
from dagster_pipelines.alerts.wording import Writing
from expectations.check import Text
from needloop.release.reader import NoReleaseError, UnreadableReleaseError, open_release
from needloop.settings import Settings

_MOST_ANOMALIES = 10
"""The largest deviations; the release lists all of them."""
_NEEDS = """
select department, department_label_zh, department_label_en, as_of, grade, overdue, oldest_due_at,
    newly_overdue, newly_overdue_hours, due_soon, due_soon_hours
from marts.mart_need_board_counts
where department_role = 'owner'
order by department, grade
"""
_COMPLAINTS = """
select as_of, limit_passed, complaints, regulator_referred, due_soon, due_soon_days
from marts.mart_open_complaint_counts
"""
_ANOMALIES = """
select owner_department, owner_department_label_zh, owner_department_label_en, as_of, month_starts_on,
    category_label_zh, category_label_en, product_category_label_zh, product_category_label_en,
    needs, least_usual, most_usual
from marts.mart_demand_anomalies
where is_news
order by owner_department, abs(needs - usual) desc, category, product_category
"""
_NAME = """
select label_zh, label_en from marts.dim_group_value where group_by = 'owner_department' and group_value = ?
"""


@dataclass(frozen=True)
class Overdue:
    """One department's needs past their deadline."""

    overdue: int
    by_grade: tuple[tuple[str, int], ...]
    oldest: datetime | None
    """Local time of the earliest deadline that has passed."""
    newly_overdue: int
    newly_overdue_hours: int
    due_soon: int
    due_soon_hours: int


@dataclass(frozen=True)
class OpenComplaints:
    """Complaints past a regulatory limit, by the latest limit passed."""

    overdue: int
    past_15: int
    past_30: int
    past_60: int
    referred: int
    due_soon: int
    due_soon_days: int


@dataclass(frozen=True)
class DemandAnomaly:
    """A group with unusually many or few needs in the last whole month."""

    month: date
    """Its first day."""
    group: Text
    needs: int
    least_usual: float
    most_usual: float


@dataclass(frozen=True)
class DepartmentDigest:
    """The digest of one department."""

    department: str
    name_zh: str
    name_en: str
    as_of: date
    needs: Overdue | None
    complaints: OpenComplaints | None
    anomalies: tuple[DemandAnomaly, ...] = ()

    @property
    def overdue(self) -> int:
        """All that is past a deadline."""
        return (self.needs.overdue if self.needs else 0) + (self.complaints.overdue if self.complaints else 0)

    @property
    def needs_action(self) -> bool:
        """Whether the department has anything to act on."""
        soon = (self.needs.due_soon if self.needs else 0) + (self.complaints.due_soon if self.complaints else 0)
        return self.overdue + soon + len(self.anomalies) > 0


def read_digests(settings: Settings, complaints_go_to: str) -> list[DepartmentDigest]:
    """The digests of departments that have something to act on, from the published release.

    Empty before the first release, and for a release of an older version without these marts.
    """
    try:
        return _read(settings, complaints_go_to)
    except (NoReleaseError, UnreadableReleaseError):
        return []


def _read(settings: Settings, complaints_go_to: str) -> list[DepartmentDigest]:
    with open_release(settings.published_file) as release:
        digests = _of_needs(_rows_if_published(release, _NEEDS))
        complaints = {row["limit_passed"]: row for row in _rows_if_published(release, _COMPLAINTS)}
        if complaints and complaints["all"]["complaints"]:
            names = release.execute(_NAME, [complaints_go_to]).fetchone() or (complaints_go_to, complaints_go_to)
            _add_complaints(digests, complaints, complaints_go_to, names)
        _add_anomalies(digests, _rows_if_published(release, _ANOMALIES))
    return [digest for _, digest in sorted(digests.items()) if digest.needs_action]


def send_digests(record: Record, configuration: AlertsConfiguration, settings: Settings, now: datetime) -> int:
    """Sends today's due digests outside quiet hours; returns how many messages were delivered.

    A failed delivery is retried later that day.
    """
    local = now.astimezone(ZoneInfo(settings.time_zone))
    if not configuration.digest.routes or local.time() < configuration.digest.not_before:
        return 0
    if is_quiet(configuration.quiet_hours, now, settings.time_zone):
        return 0
    with sending_lock(settings, configuration.delivery):
        return _send_due(record, configuration, settings, now)


def _send_due(record: Record, configuration: AlertsConfiguration, settings: Settings, now: datetime) -> int:
    delivered = 0
    local = now.astimezone(ZoneInfo(settings.time_zone))
    day = local.date().isoformat()
    for digest in read_digests(settings, configuration.digest.complaints_go_to):
        as_of = digest.as_of.isoformat()
        for target in configuration.digest_targets(digest.department):
            is_due = record.digest_is_due(digest.department, as_of, target, day)
            if not is_due or now < pause_ends(record, target, now):
                continue
            attempt = _send(configuration, settings, digest, target, now)
            with record.change():
                record.keep_attempt(attempt)
                record.keep_digest(digest.department, as_of, target, day, delivered=attempt.delivered)
            delivered += attempt.delivered
    return delivered


def digest_message(digest: DepartmentDigest, writing: Writing) -> tuple[str, str]:
    """(subject, body)."""
    words = writing.words["digest"]
    name = digest.name_zh if writing.language == "zh" else digest.name_en
    lines = [words["as_of"].format(as_of=digest.as_of)]
    if digest.needs is not None:
        needs = digest.needs
        lines.append(
            words["needs"].format(
                overdue=needs.overdue,
                grades=", ".join(f"{grade} {count}" for grade, count in needs.by_grade) or "-",
                oldest=f"{needs.oldest:%Y-%m-%d %H:%M}" if needs.oldest else "-",
                new=needs.newly_overdue,
                new_hours=needs.newly_overdue_hours,
                soon=needs.due_soon,
                soon_hours=needs.due_soon_hours,
            )
        )
    if digest.complaints is not None:
        complaints = digest.complaints
        lines.append(
            words["complaints"].format(
                overdue=complaints.overdue,
                past_15=complaints.past_15,
                past_30=complaints.past_30,
                past_60=complaints.past_60,
                referred=complaints.referred,
                soon=complaints.due_soon,
                soon_days=complaints.due_soon_days,
            )
        )
    if digest.anomalies:
        lines.append(words["anomalies"].format(month=f"{digest.anomalies[0].month:%Y-%m}"))
        lines += [
            words["anomaly"].format(
                group=writing.text(one.group),
                needs=one.needs,
                least=math.ceil(one.least_usual),
                most=math.floor(one.most_usual),
            )
            for one in digest.anomalies[:_MOST_ANOMALIES]
        ]
    lines.append(words["where"])
    return writing.words["subject"]["digest"].format(department=name, overdue=digest.overdue), "\n\n".join(lines)


def _send(
    configuration: AlertsConfiguration, settings: Settings, digest: DepartmentDigest, name: str, now: datetime
) -> Attempt:
    from dagster_pipelines.alerts.targets.target import (  # noqa: PLC0415 - see dispatch
        Message,
        OpenTarget,
        TargetError,
    )

    writing = Writing.of(settings, configuration.language_of(name), configuration.data_docs)
    subject, body = digest_message(digest, writing)
    try:
        target = OpenTarget(name, configuration.targets[name], settings.secret)
        error = target.send(Message(subject, body, "news"), configuration.delivery)
    except TargetError as problem:
        error = str(problem)
    return Attempt(name, subject, error is None, error, now)


def _of_needs(rows: Sequence[dict[str, Any]]) -> dict[str, DepartmentDigest]:
    grades = [row for row in rows if row["grade"] != "all" and row["overdue"]]
    return {
        row["department"]: DepartmentDigest(
            department=row["department"],
            name_zh=row["department_label_zh"],
            name_en=row["department_label_en"],
            as_of=row["as_of"],
            needs=Overdue(
                overdue=row["overdue"],
                by_grade=tuple((of["grade"], of["overdue"]) for of in grades if of["department"] == row["department"]),
                oldest=row["oldest_due_at"],
                newly_overdue=row["newly_overdue"],
                newly_overdue_hours=row["newly_overdue_hours"],
                due_soon=row["due_soon"],
                due_soon_hours=row["due_soon_hours"],
            ),
            complaints=None,
        )
        for row in rows
        if row["grade"] == "all"
    }


def _add_complaints(
    digests: dict[str, DepartmentDigest], rows: dict[str, dict[str, Any]], department: str, names: Sequence[str]
) -> None:
    as_of = rows["all"]["as_of"]
    known = digests.get(department) or DepartmentDigest(department, names[0], names[1], as_of, None, None)
    complaints = OpenComplaints(
        overdue=rows["any"]["complaints"],
        past_15=rows["15"]["complaints"],
        past_30=rows["30"]["complaints"],
        past_60=rows["60"]["complaints"],
        referred=rows["any"]["regulator_referred"],
        due_soon=rows["all"]["due_soon"],
        due_soon_days=rows["all"]["due_soon_days"],
    )
    digests[department] = replace(known, complaints=complaints)


def _add_anomalies(digests: dict[str, DepartmentDigest], rows: Sequence[dict[str, Any]]) -> None:
    for row in rows:
        department = row["owner_department"]
        known = digests.get(department) or DepartmentDigest(
            department,
            row["owner_department_label_zh"],
            row["owner_department_label_en"],
            row["as_of"],
            None,
            None,
        )
        anomaly = DemandAnomaly(
            month=row["month_starts_on"],
            group=Text(
                f"{row['category_label_zh']} × {row['product_category_label_zh']}",
                f"{row['category_label_en']} × {row['product_category_label_en']}",
            ),
            needs=row["needs"],
            least_usual=row["least_usual"],
            most_usual=row["most_usual"],
        )
        digests[department] = replace(known, anomalies=(*known.anomalies, anomaly))


def _rows_if_published(release: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """Empty for a release of an older version without this mart; the other digests still go out."""
    try:
        return _rows(release, query)
    except duckdb.CatalogException:
        return []


def _rows(release: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    cursor = release.execute(query)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
