"""Delivers a faulty day to a copy of a warehouse and looks at which checks fail."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from expectations.catalogue import owners
from expectations.results import CheckResult
from needloop.settings import Settings
from needloop.warehouse.connection import warehouse
from tests.faults.catalogue import Fault
from tests.faults.daily_bank import CONTRACT, DailyBank, check, load, rows_of

FAULT_DAY = date(2026, 9, 24)


@dataclass(frozen=True)
class Outcome:
    """What the checks of the fault's table said."""

    fault: Fault
    caught: bool
    """The check that should has failed, with the severity and owner that it should have."""
    others: tuple[str, ...]
    """Other checks of the table that failed with it."""
    message: str


def inject(bank: DailyBank, before: Settings, fault: Fault, work: Path) -> Outcome:
    """Delivers FAULT_DAY with the fault to a copy of the warehouse `before`, which holds the days until then."""
    shutil.rmtree(work, ignore_errors=True)
    settings = before.model_copy(update={"data": work / "data"})
    settings.warehouse_file.parent.mkdir(parents=True)
    shutil.copy(before.warehouse_file, settings.warehouse_file)
    load(settings, _faulty_delivery(bank, fault, work / "landing"), FAULT_DAY)
    day = FAULT_DAY
    if fault.kind == "skipped":
        day += timedelta(days=1)
        load(settings, bank.deliver(day), day)
    with warehouse(settings) as connection:
        for statement in fault.after:
            connection.execute(statement)
        if fault.days_later:
            day += timedelta(days=fault.days_later)
            connection.execute("update pipeline.run_parameters set load_date = ?", [day + timedelta(days=1)])
    outcome = _judged(fault, check(settings, day, [fault.table]))
    shutil.rmtree(work)
    return outcome


def _faulty_delivery(bank: DailyBank, fault: Fault, zone: Path) -> Path:
    shutil.copytree(bank.deliver(FAULT_DAY), zone)
    table = CONTRACT.table(fault.table)
    for file in (zone / table.system / table.name).glob("*"):
        file.unlink()
    if fault.kind != "normal":
        return zone
    with bank.days() as connection:
        connection.execute(f"create temp table rows as {rows_of(table, FAULT_DAY)}")
        for statement in fault.sql:
            connection.execute(statement)
        path = bank.write(connection, zone, table, "select * from rows", FAULT_DAY)
    if path is not None and fault.written is not None:
        content = fault.written(path.read_bytes())
        path.unlink()
        path.with_name(path.name + fault.ending).write_bytes(content)
    return zone


def _judged(fault: Fault, results: list[CheckResult]) -> Outcome:
    failed = [result for result in results if not result.passed]
    owner = owners()[fault.table.split(".")[0]]
    right = [
        result
        for result in failed
        if (result.check_name, result.severity, result.owner) == (fault.caught_by, fault.severity, owner)
    ]
    others = tuple(sorted(result.check_name for result in failed if result.check_name != fault.caught_by))
    return Outcome(fault, bool(right), others, right[0].message_en if right else "")
