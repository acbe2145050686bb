"""The many spellings of one value: dates, times, numbers, truth values, enums, white space.

Every spelling reads back as the same value under the source contract.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from needloop.contract.model import Column, Table
from seeds.sample.delivery.hostile.words import FALSE_WORDS, TRUE_WORDS
from seeds.sample.randomness import chance

Cells = dict[str, list[str]]
"""Column → text of each row; an empty text is a missing value."""
Respell = Callable[[str], str]

ODD = 0.3
"""Share of cells written in another than the plain form."""
PADDED = 0.02
BLANK_FOR_NOTHING = 0.004
NO_END = "9999-12-31"
NO_END_COLUMNS = ("left_on", "withdrawn_on", "ended_on")
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
PADDINGS: tuple[Respell, ...] = (
    lambda text: " " + text,
    lambda text: text + "  ",
    lambda text: "\u3000" + text,
    lambda text: text + "\u3000",
    lambda text: "\ufeff" + text + " ",
)


def _short(date: str, separator: str) -> str:
    year, month, day = date.split("-")
    return f"{year}{separator}{int(month)}{separator}{int(day)}"


DATES: tuple[Respell, ...] = (
    lambda date: _short(date, "/"),
    lambda date: date.replace("-", "/"),
    lambda date: date.replace("-", ""),
    lambda date: _short(date, "-"),
    lambda date: date + " 00:00:00",
    lambda date: date + "T00:00",
)


def _hour_without_zero(moment: str) -> str:
    date, time = moment.split(" ")
    return f"{_short(date, '/')} {time.removeprefix('0')}"


def _without_seconds(moment: str) -> str:
    return moment[:16] if moment.endswith(":00") else moment.replace(" ", "T")


def _midnight_as_date(moment: str) -> str:
    return moment[:10] if moment.endswith(" 00:00:00") else moment.replace("-", "/")


def _in_utc(moment: str) -> str:
    return (datetime.fromisoformat(moment) - timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M:%SZ")


MOMENTS: tuple[Respell, ...] = (
    lambda moment: moment.replace(" ", "T"),
    lambda moment: moment.replace("-", "/"),
    lambda moment: moment[:10].replace("-", "") + moment[10:],
    lambda moment: moment + ".000000",
    lambda moment: moment.replace(" ", "T") + "+08:00",
    _hour_without_zero,
    _without_seconds,
    _midnight_as_date,
    _in_utc,
)


def _grouped(number: str) -> str:
    sign = "-" if number.startswith("-") else ""
    whole, point, decimals = number.removeprefix("-").partition(".")
    return f"{sign}{int(whole):,}{point}{decimals}"


def _shortest(number: str) -> str:
    if "." not in number:
        return number
    short = number.rstrip("0")
    return short.replace("0.", ".", 1) if short.startswith("0.") and len(short) > 2 else short


def _more_decimals(number: str) -> str:
    # One more 4 is rounded away, whatever the type's number of decimals.
    return number + "4" if "." in number else number


def _half_nearer_zero(number: str) -> str:
    # Half a unit of the last place nearer to zero is rounded back, away from zero.
    value = Decimal(number)
    half = Decimal(5).scaleb(int(value.as_tuple().exponent) - 1)
    if "." not in number or abs(value) <= half:
        return number
    return str(value - half.copy_sign(value))


INTEGERS: tuple[Respell, ...] = (
    lambda number: number + ".0",
    lambda number: number if number.startswith("-") else "+" + number,
    lambda number: number.translate(FULL_WIDTH),
    _grouped,
)
NUMBERS: tuple[Respell, ...] = (
    _grouped,
    _shortest,
    _more_decimals,
    _half_nearer_zero,
    lambda number: number if number.startswith("-") else "+" + number,
    lambda number: number.translate(FULL_WIDTH),
)
ENUMS: tuple[Respell, ...] = (str.upper, str.title, str.lower)


def plain_cells(rows: pa.Table) -> Cells:
    """The texts of a clean CSV."""
    return {
        name: ["" if text is None else text for text in pc.cast(rows[name], pa.string()).to_pylist()]
        for name in rows.column_names
    }


def odd_cells(rng: np.random.Generator, table: Table, rows: pa.Table, words: Mapping[str, Mapping[str, str]]) -> Cells:
    """The rows' texts, many of them in another form; `words` are the Chinese values by column."""
    cells = plain_cells(rows)
    for name, texts in cells.items():
        column = table.column(name)
        if name in words:
            translation = words[name]
            texts[:] = [translation.get(text, text) for text in texts]
        elif column.type == "bool":
            _truth(rng, texts)
        else:
            _apply(rng, texts, _spellings(column), ODD)
        if column.type != "text":
            _apply(rng, texts, PADDINGS, PADDED)
        _spell_nothing(rng, column, texts)
    return cells


def _spellings(column: Column) -> Sequence[Respell]:
    match column.type:
        case "date":
            return DATES
        case "ts":
            return MOMENTS
        case "int":
            return INTEGERS
        case "money" | "number":
            return NUMBERS
        case "enum":
            return ENUMS
        case _:
            return ()


def _apply(rng: np.random.Generator, texts: list[str], forms: Sequence[Respell], share: float) -> None:
    if not forms:
        return
    hits = np.flatnonzero(chance(rng, share, len(texts)))
    for row, form in zip(hits.tolist(), rng.integers(0, len(forms), len(hits)).tolist(), strict=True):
        if texts[row]:
            texts[row] = forms[form](texts[row])


def _truth(rng: np.random.Generator, texts: list[str]) -> None:
    for row, word in enumerate(rng.integers(0, len(TRUE_WORDS), len(texts)).tolist()):
        if texts[row]:
            texts[row] = (TRUE_WORDS if texts[row] == "true" else FALSE_WORDS)[word]


def _spell_nothing(rng: np.random.Generator, column: Column, texts: list[str]) -> None:
    """A missing value as blanks, or as the day that means "no end"."""
    if column.required:
        return
    ends = column.name in NO_END_COLUMNS
    hits = np.flatnonzero(chance(rng, 0.4 if ends else BLANK_FOR_NOTHING, len(texts)))
    for row in hits.tolist():
        if not texts[row]:
            texts[row] = NO_END if ends else "\u3000"
