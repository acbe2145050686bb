"""The history before a fault: a warehouse that took a first delivery and then one a day, and the alarms it gave."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from needloop.settings import Settings
from tests.faults.daily_bank import DailyBank, check, load
from tests.faults.injection import FAULT_DAY


def deliver_history(
    bank: DailyBank, data: Path, *, days: int, checked: int, say: Callable[[str], None] = print
) -> tuple[Settings, dict[str, list[str]]]:
    """Delivers `days` clean days up to the one before FAULT_DAY, and checks after each of the last `checked`.

    Gives the settings of the warehouse and {day: the checks that failed on it, which are false alarms}.
    """
    settings = Settings(data=data, memory_limit="2GB", threads=2)
    alarms: dict[str, list[str]] = {}
    first = FAULT_DAY - timedelta(days=days + 1)
    load(settings, bank.deliver(first, first=True), first)
    for back in range(days, 0, -1):
        day = FAULT_DAY - timedelta(days=back)
        load(settings, bank.deliver(day), day)
        if back <= checked:
            failed = [result for result in check(settings, day) if not result.passed]
            alarms[f"{day}"] = [f"{result.table_name} {result.check_name}: {result.message_en}" for result in failed]
            say(f"{day}: {len(failed)} alarms {alarms[f'{day}'] or ''}")
    return settings, alarms
