"""The daily digest to the departments: what the published release says is past its deadline, in counts only."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from dagster_pipelines.alerts.configuration import AlertsConfiguration
from dagster_pipelines.alerts.dispatch import one_at_a_time, pause_ends
from dagster_pipelines.alerts.incident import Attempt
from dagster_pipelines.alerts.quiet import is_quiet
from dagster_pipelines.alerts.record import Record
from dagster_pipelines.alerts.wording import Writing
from expectations.check import Text
from needloop.release.reader import NoReleaseError, UnreadableReleaseError, open_release
from needloop.settings import Settings

_MOST_ANOMALIES = 10
"""Those farthest from what is usual; the release has all."""
_NEEDS = """
select owner_department, owner_department_label_zh, owner_department_label_en, as_of, grade,
    count(*) filter (is_overdue) as overdue, min(due_at) filter (is_overdue) as oldest,
    count(*) filter (is_overdue and hours_to_due >= -24) as newly_overdue,
    count(*) filter (not is_overdue and hours_to_due <= 24) as due_soon
from marts.mart_need_board
group by all
order by owner_department, grade
"""
_COMPLAINTS = """
select as_of, count(*) filter (limit_passed <> 'none') as overdue,
    count(*) filter (limit_passed = '15') as past_15, count(*) filter (limit_passed = '30') as past_30,
    count(*) filter (limit_passed = '60') as past_60,
    count(*) filter (limit_passed <> 'none' and is_regulator_referred) as referred,
    count(*) filter (days_to_next_limit <= 5) as due_soon
from marts.mart_open_complaints
group by all
"""
_ANOMALIES = """
select owner_department, owner_department_label_zh, owner_department_label_en, as_of, month_starts_on,
    category_label_zh, category_label_en, product_category_label_zh, product_category_label_en,
    needs, least_usual, most_usual
from marts.mart_demand_anomalies
where as_of < month_starts_on + interval 1 month + interval 7 day
order by owner_department, abs(needs - usual) desc, category, product_category
"""
"""They stay the same for a month, so they are told in its first week only."""
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
    due_soon: int


@dataclass(frozen=True)
class OpenComplaints:
    """Complaints past a regulator's limit, by the latest limit that has passed."""

    overdue: int
    past_15: int
    past_30: int
    past_60: int
    referred: int
    due_soon: int


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
    """What one department is told."""

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
    def is_news(self) -> bool:
        """Whether there is anything to be seen to."""
        soon = (self.needs.due_soon if self.needs else 0) + (self.complaints.due_soon if self.complaints else 0)
        return self.overdue + soon + len(self.anomalies) > 0


def read_digests(settings: Settings, complaints_go_to: str) -> list[DepartmentDigest]:
    """The digests of the published release, of departments that have something to see to.

    None before the first release, and none of a release that an older version published without these marts.
    """
    try:
        return _read(settings, complaints_go_to)
    except (NoReleaseError, UnreadableReleaseError):
        return []


def _read(settings: Settings, complaints_go_to: str) -> list[DepartmentDigest]:
    with open_release(settings.published_file) as release:
        digests = _of_needs(_rows(release, _NEEDS))
        complaints = _rows(release, _COMPLAINTS)
        if complaints:
            names = release.execute(_NAME, [complaints_go_to]).fetchone() or (complaints_go_to, complaints_go_to)
            _add_complaints(digests, complaints[0], complaints_go_to, names)
        _add_anomalies(digests, _rows_if_published(release, _ANOMALIES))
    return [digest for _, digest in sorted(digests.items()) if digest.is_news]


def send_digests(record: Record, configuration: AlertsConfiguration, settings: Settings, now: datetime) -> int:
    """Sends today's digests that are due, not in quiet hours; returns how many messages were delivered.

    A target that did not take one is tried again later that day.
    """
    local = now.astimezone(ZoneInfo(settings.time_zone))
    if not configuration.digest.routes or local.time() < configuration.digest.not_before:
        return 0
    if is_quiet(configuration.quiet_hours, now, settings.time_zone):
        return 0
    with one_at_a_time(settings, configuration.delivery):
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
                soon=needs.due_soon,
            )
        )
    if digest.complaints is not None:
        said = digest.complaints
        lines.append(
            words["complaints"].format(
                overdue=said.overdue,
                past_15=said.past_15,
                past_30=said.past_30,
                past_60=said.past_60,
                referred=said.referred,
                soon=said.due_soon,
            )
        )
    if digest.anomalies:
        lines.append(words["anomalies"].format(month=f"{digest.anomalies[0].month:%Y-%m}"))
        lines += [
            words["anomaly"].format(
                group=writing.said(one.group),
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
    digests: dict[str, DepartmentDigest] = {}
    for department in dict.fromkeys(row["owner_department"] for row in rows):
        its = [row for row in rows if row["owner_department"] == department]
        digests[department] = DepartmentDigest(
            department=department,
            name_zh=its[0]["owner_department_label_zh"],
            name_en=its[0]["owner_department_label_en"],
            as_of=its[0]["as_of"],
            needs=Overdue(
                overdue=sum(row["overdue"] for row in its),
                by_grade=tuple((row["grade"], row["overdue"]) for row in its if row["overdue"]),
                oldest=min((row["oldest"] for row in its if row["oldest"] is not None), default=None),
                newly_overdue=sum(row["newly_overdue"] for row in its),
                due_soon=sum(row["due_soon"] for row in its),
            ),
            complaints=None,
        )
    return digests


def _add_complaints(
    digests: dict[str, DepartmentDigest], row: dict[str, Any], department: str, names: Sequence[str]
) -> None:
    known = digests.get(department) or DepartmentDigest(department, names[0], names[1], row["as_of"], None, None)
    complaints = OpenComplaints(
        overdue=row["overdue"],
        past_15=row["past_15"],
        past_30=row["past_30"],
        past_60=row["past_60"],
        referred=row["referred"],
        due_soon=row["due_soon"],
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
    """A release of an older version has no such mart; its other digests are sent all the same."""
    try:
        return _rows(release, query)
    except duckdb.CatalogException:
        return []


def _rows(release: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    cursor = release.execute(query)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
