"""A random bank of which only the contract holds: its rows contradict each other in every way that the contract allows.

Values are drawn column by column. So cover begins before a policy is issued, needs are resolved before they are raised,
staff leave before they are hired; ids lead nowhere, versions come in any order, rows are deleted and come back.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from needloop.contract.model import Column, Contract, Table

Row = dict[str, Any]

FIRST_DAY, DAYS = date(2025, 1, 1), 730
"""Two years, of which as_of is somewhere in the second."""
_MIDNIGHTS = [datetime(2025 + month // 12, month % 12 + 1, 1) for month in range(24)]
_STEPS = [timedelta(), timedelta(), timedelta(seconds=1), timedelta(seconds=-1), timedelta(days=1), timedelta(days=-1)]


def contradictory_bank(contract: Contract, seed: int, rows: int) -> dict[str, list[Row]]:
    """{system.table: rows}, about so many of each; the same seed gives the same bank."""
    random = Random(seed)
    return {table.full_name: _rows(random, table, rows) for table in contract.tables}


def _rows(random: Random, table: Table, count: int) -> list[Row]:
    made = [_row(random, table, number, count) for number in range(count)]
    if table.load == "append":
        voids = [{**row, table.flag: True} for row in random.sample(made, k=count // 30)]
        return made + voids
    again = [_row(random, table, 0, count) | {k: row[k] for k in table.key} for row in random.choices(made, k=count)]
    return _one_version_at_a_time(table, made + again)


def _row(random: Random, table: Table, number: int, count: int) -> Row:
    row: Row = {}
    for column in table.columns:
        if column.name == table.flag:
            row[column.name] = True if table.load == "upsert" and random.random() < 0.05 else None
        elif column.key and column.type == "id":
            row[column.name] = _id(table.full_name, number)
        elif not column.required and random.random() < 0.2:
            row[column.name] = None
        else:
            row[column.name] = _value(random, column, row, count)
    return row


def _one_version_at_a_time(table: Table, rows: list[Row]) -> list[Row]:
    """Of the versions of one time the first: the later-loaded would replace it."""
    return list({(*(row[k] for k in table.key), row["updated_at"]): row for row in rows}.values())


def _id(table: str, number: int) -> str:
    return f"{table.rpartition('.')[2][:3].upper()}{number}"


def _value(random: Random, column: Column, row: Row, count: int) -> Any:
    match column.type:
        case "id":
            table = column.references or random.choice(["crm.customers", "training.staff", "org.branches", "crm.needs"])
            return _id(table, random.randrange(count)) if random.random() < 0.95 else "nowhere"
        case "enum":
            return random.choice(column.values)
        case "bool":
            return random.random() < 0.5
        case "date":
            return _time(random).date()
        case "ts":
            return _time(random)
        case "int":
            least, greatest = _range(column, row)
            return random.randint(least, greatest)
        case "money" | "number":
            least = column.min or 0
            greatest = min(1_000_000, 10 ** (column.precision - column.scale) - 1) if column.max is None else column.max
            return Decimal(random.choice([least, greatest, random.randint(least, greatest)]))
        case "text":
            return random.choice(["2025Q4", "2026Q1", "2026Q2", "理赔太慢，客户不满意", "很好"])


def _range(column: Column, row: Row) -> tuple[int, int]:
    for other, ranges in column.range_by.items():
        return ranges[row[other]]
    least = column.min or 0
    return least, least + 5 if column.max is None else column.max


def _time(random: Random) -> datetime:
    if random.random() < 0.5:
        return random.choice(_MIDNIGHTS) + random.choice(_STEPS)
    first = datetime.combine(FIRST_DAY, datetime.min.time())
    return first + timedelta(seconds=random.randrange(DAYS * 86_400))
