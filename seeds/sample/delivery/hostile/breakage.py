"""Rows that break the contract: copies of good rows with one thing wrong, so that the bank's numbers stay the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from needloop.contract.model import Column, Table
from seeds.sample.delivery.hostile.spelling import Cells

HUGE = "12345678901234567.00"


@dataclass(frozen=True)
class Breakage:
    """One fault: the reason and column that the loader should report, and what the cell holds then."""

    reason: str
    column: str
    """Empty where the fault concerns the whole row."""
    text: str


def breakages(table: Table) -> Iterator[Breakage]:
    """Every fault of a single cell that this table's columns allow, one per reason and kind of column; no flags."""
    seen: set[tuple[str, str]] = set()
    delivered = [column for column in table.columns if column.name != table.flag]
    for column in delivered:
        for kind, reason, text in _faults(column):
            if (kind, reason) not in seen:
                seen.add((kind, reason))
                yield Breakage(reason, column.name, text)
    for column in delivered:
        if column.range_by:
            yield Breakage("out_of_range", column.name, "11")


def _faults(column: Column) -> Iterator[tuple[str, str, str]]:
    """Kind of fault, reason, and the text that has it."""
    kind = "key" if column.key else column.type
    for reason, text in _UNREADABLE.get(kind, ()):
        yield f"{kind} {text}", reason, text
    if column.type == "int":
        if column.max is not None:
            yield "greatest", "out_of_range", str(column.max + 1)
        elif column.min is not None:
            yield "least", "out_of_range", str(column.min - 1)
    elif column.min is not None:
        yield f"{column.type} sign", "out_of_range", "-0.51"
    if column.required and not column.key:
        yield "required", "missing_required", "9999-12-31" if column.type == "date" else "\u3000"


_UNREADABLE: dict[str, tuple[tuple[str, str], ...]] = {
    "key": (("missing_key", ""), ("id_too_long", "L" * 65), ("bad_id", "BAD 00\u30001")),
    "id": (("bad_id", "X 1"),),
    "enum": (("bad_enum", "没有这一项"),),
    "int": (("bad_int", "3.5"),),
    "money": (("bad_money", "12元"), ("out_of_range", HUGE)),
    "number": (("bad_money", "1.2.3"), ("out_of_range", HUGE)),
    "date": (("bad_date", "2026-02-30"), ("out_of_range", "1899/12/31")),
    "ts": (("bad_timestamp", "2026-09-30 24:61:00"), ("out_of_range", "21010101 08:00:00")),
    "bool": (("bad_bool", "也许"),),
}
"""Reasons and texts by type, with keys apart."""


def broken_row(cells: Cells, row: int, table: Table, breakage: Breakage, number: int) -> dict[str, str]:
    """A copy of a good row under a new key, with the fault."""
    copy = {name: texts[row] for name, texts in cells.items()}
    copy[table.key[0]] = f"BAD{table.name[:4].upper()}{number:05d}"
    if breakage.column:
        copy[breakage.column] = breakage.text
    return copy
