"""The three years of the bank, its working days and when things happen in them.

Here belong the window, seasonality, hours of the day and the arithmetic of working time.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import chinese_calendar
import numpy as np

from seeds.sample.columns import DAY, HOUR, NONE
from seeds.sample.randomness import Bools, Floats, Ints

EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Days since 1970."""
    return (day - EPOCH).days


FIRST_DAY = day_number(date(2023, 10, 1))
LAST_DAY = day_number(date(2026, 9, 30))
END = (LAST_DAY + 1) * DAY
"""The first second after the window; nothing that happened lies at or after it."""
DAYS = LAST_DAY - FIRST_DAY + 1

WORK_START = 9 * HOUR
WORK_SECONDS = 9 * HOUR

# The opening campaign of the year (开门红) in the first quarter, a quiet spring, a push at half-year's end.
SALES_MONTHS = (1.55, 1.25, 1.30, 0.90, 0.90, 1.10, 0.85, 0.85, 0.95, 0.80, 0.90, 0.95)
# Complaints and needs come after the campaign and in the summer's claims season.
SERVICE_MONTHS = (0.95, 0.80, 1.15, 1.15, 1.05, 1.00, 1.10, 1.10, 1.00, 0.90, 0.95, 0.90)
EVEN_MONTHS = (1.0,) * 12
OFFICE_HOURS = (0, 0, 0, 0, 0, 0, 0, 0, 1, 9, 12, 9, 3, 6, 11, 11, 8, 3, 1, 0.5, 0.3, 0.1, 0, 0)
ONLINE_HOURS = (0.6, 0.3, 0.2, 0.1, 0.1, 0.2, 0.8, 2, 4, 7, 8, 7, 6, 5, 6, 6, 5, 5, 6, 8, 9, 7, 4, 1.5)


def civil(days: Ints) -> tuple[Ints, Ints, Ints]:
    """Year, month and day of the month."""
    stamps = days.astype("datetime64[D]")
    months = stamps.astype("datetime64[M]").astype(np.int64)
    first = stamps.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return months // 12 + 1970, months % 12 + 1, days - first + 1


def add_months(days: Ints, months: Ints) -> Ints:
    """Calendar months later, clipped to the month's last day."""
    stamps = days.astype("datetime64[D]")
    start = stamps.astype("datetime64[M]")
    in_month = days - start.astype("datetime64[D]").astype(np.int64)
    target = start.astype(np.int64) + months
    first = target.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    last = (target + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) - 1
    return np.asarray(np.minimum(first + in_month, last), dtype=np.int64)


@cache
def working_days() -> Ints:
    """China's working days from a month before the window to the end of 2026, plain weekdays after it."""
    official = chinese_calendar.get_workdays(date(2023, 9, 1), date(2026, 12, 31))
    later = np.arange(day_number(date(2027, 1, 1)), day_number(date(2028, 1, 1)))
    later = later[(later + 3) % 7 < 5]
    return np.concatenate([np.array([day_number(d) for d in official], dtype=np.int64), later])


def _to_work(moments: Ints) -> Ints:
    days = working_days()
    day, second = moments // DAY, moments % DAY
    index = np.searchsorted(days, day)
    working = days[np.minimum(index, len(days) - 1)] == day
    return index * WORK_SECONDS + np.where(working, np.clip(second - WORK_START, 0, WORK_SECONDS), 0)


def add_working_seconds(moments: Ints, seconds: Floats | Ints) -> Ints:
    """The moment after that much working time (9–18 on working days); strictly later for a second or more."""
    days = working_days()
    total = _to_work(moments) + np.maximum(np.asarray(seconds).astype(np.int64), 1)
    index = np.minimum(total // WORK_SECONDS, len(days) - 1)
    return np.asarray(days[index] * DAY + WORK_START + total % WORK_SECONDS, dtype=np.int64)


@cache
def _day_curve(months: tuple[float, ...], weekend: float, growth: float) -> Floats:
    days = np.arange(FIRST_DAY, LAST_DAY + 1)
    _, month, _ = civil(days)
    by_month = np.asarray(months)[month - 1]
    off = ~np.isin(days, working_days())
    trend = 1 + growth * (days - FIRST_DAY) / DAYS
    return np.concatenate([[0.0], np.cumsum(by_month * np.where(off, weekend, 1.0) * trend)])


def pick_days(
    rng: np.random.Generator,
    size: int,
    months: tuple[float, ...] = EVEN_MONTHS,
    *,
    weekend: float = 1.0,
    growth: float = 0.0,
    not_before: Ints | None = None,
    not_after: Ints | None = None,
) -> Ints:
    """Days of the window by season and weekday, each between its own bounds where such are given.

    `weekend` is the weight of a day off against a working day, `growth` the rise over the three years.
    A lower bound after the upper one gives the lower one.
    """
    curve = _day_curve(months, weekend, growth)
    low = np.zeros(size, dtype=np.int64) if not_before is None else np.clip(not_before - FIRST_DAY, 0, DAYS - 1)
    high = np.full(size, DAYS) if not_after is None else np.clip(not_after - FIRST_DAY + 1, 1, DAYS)
    high = np.maximum(high, low + 1)
    target = curve[low] + rng.random(size) * (curve[high] - curve[low])
    days = np.clip(np.searchsorted(curve, target, side="right") - 1, low, high - 1)
    return np.asarray(FIRST_DAY + days, dtype=np.int64)


def pick_seconds(rng: np.random.Generator, size: int, hours: tuple[float, ...]) -> Ints:
    """Seconds of the day by the weights of the 24 hours."""
    edges = np.cumsum(np.asarray(hours, dtype=np.float64))
    hour = np.searchsorted(edges / edges[-1], rng.random(size), side="right")
    return np.asarray(hour * HOUR + rng.integers(0, HOUR, size), dtype=np.int64)


def pick_moments(rng: np.random.Generator, days: Ints, online: Bools | None = None) -> Ints:
    """Moments on these days: in office hours, or round the clock where `online` holds."""
    office = pick_seconds(rng, len(days), OFFICE_HOURS)
    if online is None:
        return days * DAY + office
    return days * DAY + np.where(online, pick_seconds(rng, len(days), ONLINE_HOURS), office)


def until_end(moments: Ints) -> Ints:
    """NONE where the moment has not come yet at the end of the window."""
    return np.where(moments < END, moments, NONE)


def days_until_end(days: Ints) -> Ints:
    """NONE where the day has not come yet at the end of the window."""
    return np.where(days <= LAST_DAY, days, NONE)


def latest(*moments: Ints) -> Ints:
    """The latest of the moments that are there (NONE sorts lowest)."""
    result = moments[0]
    for other in moments[1:]:
        result = np.maximum(result, other)
    return result
