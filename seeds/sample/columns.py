"""From arrays of numbers to Arrow columns of the contract's types.

Inside the generator everything is an int64 array: keys are row numbers, enums are positions, dates are days and
timestamps seconds since 1970 (local time), money is in fen. NONE stands for a value that is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from needloop.contract.model import Column, Table
from seeds.sample.randomness import Bools, Floats, Ints

NONE = int(np.iinfo(np.int64).min)
ID_DIGITS = 9
DAY = 86_400
HOUR = 3_600

ID_PREFIX = {
    "crm.customers": "C",
    "crm.interactions": "I",
    "crm.opportunities": "O",
    "crm.needs": "N",
    "crm.need_events": "E",
    "crm.surveys": "R",
    "policy.products": "PR",
    "policy.policies": "P",
    "policy.premiums": "PM",
    "policy.claims": "CL",
    "complaint.complaints": "CP",
    "training.staff": "S",
    "training.courses": "K",
    "training.enrolments": "EN",
    "training.attendance": "AT",
    "training.assessments": "AS",
    "training.appraisals": "AP",
    "org.branches": "B",
    "bank.transactions": "T",
    "experiment.experiments": "X",
    "experiment.assignments": "A",
}


def missing_where(values: Ints, mask: Bools) -> Ints:
    """A copy with NONE where the mask holds."""
    return np.where(mask, NONE, values)


def cents(values: Floats, step: int = 1) -> Ints:
    """Amounts in yuan to fen, rounded to whole multiples of `step` yuan when step > 1."""
    if step > 1:
        return np.asarray(np.rint(values / step) * step * 100, dtype=np.int64)
    return np.asarray(np.rint(values * 100), dtype=np.int64)


def ids(table: str, numbers: Ints) -> pa.Array:
    """Keys of a table, such as C000000123."""
    return prefixed(ID_PREFIX.get(table) or _initials(table), numbers)


def _initials(table: str) -> str:
    """`X` and the first letters of the table's words: XTT for crm.transcript_turns."""
    return "X" + "".join(word[0] for word in table.split(".")[1].split("_")).upper()


def prefixed(prefix: str, numbers: Ints) -> pa.Array:
    """The numbers, padded to ID_DIGITS, after a prefix."""
    digits = pc.utf8_lpad(pc.cast(integers(numbers), pa.string()), ID_DIGITS, "0")
    return pc.binary_join_element_wise(pa.scalar(prefix), digits, "")


def integers(values: Ints) -> pa.Array:
    """Whole numbers."""
    return pa.array(values, mask=values == NONE)


def chosen(options: Sequence[str], positions: Ints) -> pa.Array:
    """The option at each position: enums, names, texts."""
    return pa.array(list(options), pa.string()).take(integers(positions))


def dates(days: Ints) -> pa.Array:
    """Days since 1970."""
    missing = days == NONE
    return pa.array(np.where(missing, 0, days).astype(np.int32), mask=missing).cast(pa.date32())


def timestamps(seconds: Ints) -> pa.Array:
    """Seconds since 1970, local time without a zone."""
    return pa.array(seconds, mask=seconds == NONE).cast(pa.timestamp("s"))


def decimals(scaled: Ints, precision: int, scale: int) -> pa.Array:
    """Decimals from whole numbers of the last place."""
    missing = scaled == NONE
    halves = np.empty((len(scaled), 2), dtype=np.int64)
    halves[:, 0] = np.where(missing, 0, scaled)
    halves[:, 1] = halves[:, 0] >> 63
    valid = pa.py_buffer(np.packbits(~missing, bitorder="little").tobytes())
    return pa.Array.from_buffers(pa.decimal128(precision, scale), len(scaled), [valid, pa.py_buffer(halves.tobytes())])


def booleans(values: Ints) -> pa.Array:
    """0, 1, NONE."""
    missing = values == NONE
    return pa.array(values == 1, mask=missing)


Values: TypeAlias = Ints | Bools | pa.Array


def arrow_table(table: Table, key_offset: int, values: Mapping[str, Values]) -> pa.Table:
    """The table in the contract's column order; the flag column is left out.

    Values are Arrow columns as they are, or int64 arrays turned into the column's type: ids by the prefix of the table
    they refer to, enums by position. `key_offset` is added to the table's own key.
    """
    columns = [c for c in table.columns if c.name != table.flag]
    unknown = set(values) - {c.name for c in columns}
    if unknown:
        raise KeyError(f"{table.full_name} has no column {sorted(unknown)}")
    nothing = np.full(len(next(iter(values.values()))), NONE)
    arrays = {}
    for column in columns:
        value = values.get(column.name, nothing)
        own_key = column.key and isinstance(value, np.ndarray)
        arrays[column.name] = _column(table, column, value + key_offset if own_key else value)
    return pa.table(arrays)


def _column(table: Table, column: Column, value: Values) -> pa.Array:
    if not isinstance(value, np.ndarray):
        return value
    numbers = value.astype(np.int64)
    if column.type == "text":
        if (numbers != NONE).any():
            raise TypeError(f"{table.full_name}.{column.name} is text: give it as an Arrow column")
        return pa.nulls(len(numbers), pa.string())
    return _MAKERS[column.type](table, column, numbers)


_MAKERS: dict[str, Callable[[Table, Column, Ints], Any]] = {
    "id": lambda table, column, numbers: ids(table.full_name if column.key else str(column.references), numbers),
    "enum": lambda _, column, numbers: chosen(column.values, numbers),
    "int": lambda _, __, numbers: integers(numbers),
    "money": lambda _, column, numbers: decimals(numbers, column.precision, column.scale),
    "number": lambda _, column, numbers: decimals(numbers, column.precision, column.scale),
    "date": lambda _, __, numbers: dates(numbers),
    "ts": lambda _, __, numbers: timestamps(numbers),
    "bool": lambda _, __, numbers: booleans(numbers),
}
