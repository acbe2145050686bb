"""Days that are unlike the same weekday of other weeks: public holidays and working days that were shifted."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar


def is_special(last_day: date, days: int) -> bool:
    """Whether a public holiday or a shifted working day lies in the window; unknown years have none."""
    try:
        return any(chinese_calendar.get_holiday_detail(last_day - timedelta(days=n))[1] for n in range(days))
    except NotImplementedError:
        return False
