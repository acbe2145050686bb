"""The seed of working days says what the chinese-calendar package says, of every day of every year that it covers."""

from __future__ import annotations

import csv
from datetime import date, timedelta

import chinese_calendar

from seeds.reference.working_calendar import HEADER, WORKING_CALENDAR, calendar_rows


def seed() -> dict[date, bool]:
    with WORKING_CALENDAR.open(encoding="utf-8") as stream:
        return {date.fromisoformat(r["calendar_date"]): r["is_working_day"] == "true" for r in csv.DictReader(stream)}


def test_the_file_is_what_the_script_writes() -> None:
    with WORKING_CALENDAR.open(encoding="utf-8", newline="") as stream:
        rows = [tuple(row) for row in csv.reader(stream)]
    assert rows == [HEADER, *calendar_rows()]


def test_every_day_is_worked_as_the_package_says() -> None:
    exceptions = seed()
    day, last = date(min(exceptions).year, 1, 1), date(max(exceptions).year, 12, 31)
    differing = []
    while day <= last:
        worked = exceptions.get(day, day.isoweekday() <= 5)
        if worked != chinese_calendar.is_workday(day):
            differing.append(day)
        day += timedelta(days=1)
    assert differing == []


def test_days_announced_by_the_state_council() -> None:
    """2026: National Day from Thursday 1 to Wednesday 7 October, Saturday 10 October is worked instead."""
    exceptions = seed()
    assert [exceptions[date(2026, 10, d)] for d in range(1, 8)] == [False] * 7
    assert exceptions[date(2026, 10, 10)] is True
    assert date(2026, 10, 8) not in exceptions
