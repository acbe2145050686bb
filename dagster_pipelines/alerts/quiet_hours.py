"""The quiet hours, in which warnings are held back."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import chinese_calendar

from dagster_pipelines.alerts.configuration import QuietHours


def is_quiet(hours: QuietHours | None, now: datetime, time_zone: str) -> bool:
    """Whether the moment is within the quiet hours. They may span midnight; the end is exclusive."""
    if hours is None:
        return False
    local = now.astimezone(ZoneInfo(time_zone))
    if hours.workdays_only and not _is_workday(local.date()):
        return True
    if hours.start <= hours.end:
        return hours.start <= local.time() < hours.end
    return local.time() >= hours.start or local.time() < hours.end


def _is_workday(day: date) -> bool:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # a year whose holidays are not announced yet
        return day.weekday() < 5
