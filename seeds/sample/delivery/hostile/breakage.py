"""Rows that break the contract: copies of good rows with one thing wrong, so that the bank's numbers stay the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dagster_pipelines.landing.contract import Column, Table
from seeds.sample.delivery.hostile.spelling import Cells

Change = Callable[[str], str]
TOO_LONG = "L" * 65
HUGE = "12345678901234567.00"


@dataclass(frozen=True)
class Breakage:
    """One fault: the reason and column that the loader should report, and how the cell is changed."""

    reason: str
    column: str
    """Empty where the fault concerns the whole row."""
    change: Change


def breakages(table: Table) -> Iterator[Breakage]:
    """Every fault of a single cell that this table's columns allow, one a reason and kind of column; flags left out."""
    seen: set[tuple[str, str]] = set()
    delivered = [column for column in table.columns if column.name != table.flag]
    for column in delivered:
        for kind, reason, text in _faults(column):
            if (kind, reason) not in seen:
                seen.add((kind, reason))
                yield Breakage(reason, column.name, lambda _, text=text: text)
    for column in delivered:
        if column.range_by:
            yield Breakage("out_of_range", column.name, lambda _: "11")


def _faults(column: Column) -> Iterator[tuple[str, str, str]]:
    """Kind of fault, reason, and the text that has it."""
    match column.type:
        case "id" if column.key:
            yield "key", "missing_key", ""
            yield "key", "id_too_long", TOO_LONG
            yield "key", "bad_id", "BAD 00\u30001"
        case "id":
            yield "reference", "bad_id", "X 1"
        case "enum":
            yield "enum", "bad_enum", "没有这一项"
        case "int":
            yield "int", "bad_int", "3.5"
            if column.max is not None:
                yield "range", "out_of_range", str(column.max + 1)
            elif column.min is not None:
                yield "least", "out_of_range", str(column.min - 1)
        case "money" | "number":
            yield column.type, "bad_money", "12元"
            yield f"{column.type} digits", "out_of_range", HUGE
            if column.min is not None:
                yield f"{column.type} sign", "out_of_range", "-0.51"
        case "date":
            yield "date", "bad_date", "2026-02-30"
            yield "year", "out_of_range", "1899/12/31"
        case "ts":
            yield "ts", "bad_timestamp", "2026-09-30 24:61:00"
            yield "ts year", "out_of_range", "21010101 08:00:00"
        case "bool":
            yield "bool", "bad_bool", "也许"
        case _:
            pass
    if column.required and not column.key:
        yield "required", "missing_required", "9999-12-31" if column.type == "date" else "　"


def broken_row(cells: Cells, row: int, table: Table, breakage: Breakage, number: int) -> dict[str, str]:
    """A copy of a good row under a key of its own, with the fault."""
    copy = {name: texts[row] for name, texts in cells.items()}
    copy[table.key[0]] = f"BAD{table.name[:4].upper()}{number:05d}"
    if breakage.column:
        copy[breakage.column] = breakage.change(copy.get(breakage.column, ""))
    return copy
