"""Writes working_calendar.csv: China's public holidays and make-up workdays, with their occasion.

Run after an upgrade of the chinese-calendar package: `python -m seeds.reference.working_calendar`.
A year without any row in the file is not covered: there weekdays count as working days.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from chinese_calendar import Holiday
from chinese_calendar.constants import holidays, workdays

WORKING_CALENDAR = Path(__file__).with_suffix(".csv")
HEADER = ("calendar_date", "is_working_day", "occasion_zh", "occasion_en")


def calendar_rows() -> Iterator[tuple[str, str, str, str]]:
    """(date, true or false, occasion in Chinese, in English) of each holiday and make-up workday, by date."""
    days: dict[date, tuple[bool, str]] = {day: (False, name) for day, name in holidays.items()}
    days |= {day: (True, name) for day, name in workdays.items()}
    for day, (is_working_day, name) in sorted(days.items()):
        yield day.isoformat(), str(is_working_day).lower(), Holiday(name).chinese, name


def write_working_calendar(file: Path = WORKING_CALENDAR) -> None:
    """Replaces the file."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(calendar_rows())


if __name__ == "__main__":
    write_working_calendar()
