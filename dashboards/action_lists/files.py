"""Writes the rows of one relationship manager as a file. No cell of it can be taken for a formula."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from dashboards.report.formula_text import FORMULA_START, looks_like_formula
from dashboards.report.xlsx.safe_workbook import cell_content, safe_workbook

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # without it spreadsheets read Chinese in the wrong encoding
_COLUMN_WIDTH = 18


def write_csv(rows: pa.Table, file: Path) -> None:
    """UTF-8 with a byte order mark; a text that begins like a formula gets an apostrophe before it."""
    harmless = pa.table(
        {
            name: pc.replace_substring_regex(column, FORMULA_START, r"'\0")
            if pa.types.is_string(column.type)
            else column.cast(pa.string())
            for name, column in zip(rows.column_names, rows.columns, strict=True)
        }
    )
    with file.open("wb") as opened:
        opened.write(_BYTE_ORDER_MARK)
        pyarrow.csv.write_csv(harmless, opened, pyarrow.csv.WriteOptions(quoting_style="needed"))


def write_xlsx(rows: pa.Table, file: Path) -> None:
    """One sheet of texts with a frozen header; texts stay texts, whatever they begin with."""
    buffer = BytesIO()
    workbook = safe_workbook(buffer)
    sheet = workbook.add_worksheet("list")
    bold, quoted = workbook.add_format({"bold": True}), workbook.add_format({"quote_prefix": True})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, rows.num_columns - 1, _COLUMN_WIDTH)
    for place, (name, column) in enumerate(zip(rows.column_names, rows.columns, strict=True)):
        sheet.write_string(0, place, name, bold)
        for row, value in enumerate(column.cast(pa.string()).to_pylist(), start=1):
            if value is not None:
                text = cell_content(value)
                sheet.write_string(row, place, text, quoted if looks_like_formula(text) else None)
    workbook.close()
    file.write_bytes(buffer.getvalue())


WRITERS: dict[str, Callable[[pa.Table, Path], None]] = {"csv": write_csv, "xlsx": write_xlsx}
"""The forms in which a list can be had."""
