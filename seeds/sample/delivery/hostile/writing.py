"""Writing a draft as CSV, JSON lines or a workbook; each gives the line on which every row starts."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import xlsxwriter

from needloop.contract.model import Table
from seeds.sample.delivery.hostile.plan import Plan
from seeds.sample.delivery.hostile.records import BLANK, Draft, Row

UNKNOWN_HEADER = "备用字段"
PLAIN_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d+)?")
PLAIN_DATE = re.compile(r"(19|20)\d\d-\d\d-\d\d")
WORKBOOK_DATE = datetime(2026, 9, 30)  # noqa: DTZ001 a fixed date, so that the bytes stay the same
NUL_AT = 1


def write_delimited(draft: Draft, path: Path, plan: Plan, headers: Mapping[str, str]) -> list[int]:
    """CSV, zipped where the name ends in gz; `headers` are the names in the file by column."""
    names = [headers.get(column, column) for column in draft.columns]
    if plan.unknown_header:
        names.append(UNKNOWN_HEADER)
    records, lines, line = [plan.delimiter.join(names)], [], 2
    for row in draft.rows:
        record = _record(row, draft.columns, plan)
        lines.append(line)
        line += 1 + record.count("\n")
        records.append(record)
    content = (plan.newline.join(records) + plan.newline).encode(plan.encoding)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content, compresslevel=6, mtime=0) if path.suffix == ".gz" else content)
    return lines


def _record(row: Row, columns: list[str], plan: Plan) -> str:
    if row.verdict == BLANK:
        return ""
    cells = [row.cells.get(column, "") for column in columns]
    if plan.unknown_header:
        cells.append("x")
    match row.verdict:
        case "nul_byte":
            at = columns.index(row.column)
            cells[at] = cells[at][:NUL_AT] + "\x00" + cells[at][NUL_AT:]
        case "ragged_row":
            cells = cells[:-1] if len(row.cells[columns[0]]) % 2 else [*cells, "多出一列"]
        case "unclosed_quote":
            cells[-2] = f'"{cells[-2]}\n没有收尾的引号'
            return plan.delimiter.join([*(_quoted(cell, plan.delimiter) for cell in cells[:-2]), *cells[-2:]])
    return plan.delimiter.join(_quoted(cell, plan.delimiter) for cell in cells)


def _quoted(cell: str, delimiter: str) -> str:
    if delimiter in cell or '"' in cell or "\n" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell


def write_json_lines(draft: Draft, path: Path, table: Table) -> list[int]:
    """One object a line; numbers and truth values as such where they are plain, missing ones as null or left out."""
    records = []
    for number, row in enumerate(draft.rows):
        parts = []
        for column in draft.columns:
            text = row.cells.get(column, "")
            if text == "" and number % 2:
                continue
            parts.append(f"{json.dumps(column)}: {_json_value(table, column, text)}")
        record = "{" + ", ".join(parts) + "}"
        records.append(record[: len(record) * 2 // 3] if row.verdict == "bad_json" else record)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(records) + "\n", "utf-8")
    return [number + 2 for number in range(len(records))]


def _json_value(table: Table, column: str, text: str) -> str:
    if text == "":
        return "null"
    kind = table.column(column).type
    if kind in {"int", "money", "number"} and PLAIN_NUMBER.fullmatch(text):
        return text
    if kind == "bool" and text in {"true", "false"}:
        return text
    return json.dumps(text, ensure_ascii=False)


def write_workbook(draft: Draft, path: Path, table: Table) -> list[int]:
    """One sheet; plain dates as date cells, plain numbers as number cells, the rest as text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path), {"in_memory": True}) as book:
        book.set_properties({"created": WORKBOOK_DATE})
        sheet = book.add_worksheet("Sheet1")
        date_format = book.add_format({"num_format": "yyyy/m/d"})
        for place, column in enumerate(draft.columns):
            sheet.write_string(0, place, column)
            kind = table.column(column).type
            for number, row in enumerate(draft.rows, start=1):
                text = row.cells.get(column, "")
                if text == "":
                    continue
                if kind == "date" and PLAIN_DATE.fullmatch(text) and row.verdict == "loaded":
                    sheet.write_datetime(number, place, date.fromisoformat(text), date_format)
                elif kind in {"int", "money", "number"} and PLAIN_NUMBER.fullmatch(text):
                    sheet.write_number(number, place, float(text))
                else:
                    sheet.write_string(number, place, text)
    return [number + 2 for number in range(len(draft.rows))]
