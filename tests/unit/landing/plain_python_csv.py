"""An independent reading of delivered CSV, with Python's csv module and one row at a time: what the loader is compared
with.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One row: its physical line, its fields, and whether its last quote was closed."""

    line: int
    fields: list[str]
    closed: bool = True


def decode(content: bytes) -> str | None:
    """The text, or None when the encoding is neither."""
    encodings = ["utf-8-sig"] if content.startswith(b"\xef\xbb\xbf") else ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def physical_lines(text: str) -> list[str]:
    """Lines with their ends; only CR LF, LF and CR end a line (str.splitlines knows more)."""
    return re.findall(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+", text)


def read_rows(text: str, delimiter: str) -> list[Row]:
    """All rows but the header, without blank lines."""
    rows: list[Row] = []
    lines = physical_lines(text)
    position = 0
    first = True
    while position < len(lines):
        start = position
        record = ""
        while position < len(lines):
            record += lines[position]
            position += 1
            if _is_closed(record, delimiter):
                break
        closed = _is_closed(record, delimiter)
        content = record.rstrip("\r\n") if closed else record
        if not content.strip(" \t") and delimiter not in content:
            continue
        if first:
            first = False
            continue
        [fields] = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)
        rows.append(Row(start + 1, fields, closed))
    return rows


def _is_closed(record: str, delimiter: str) -> bool:
    """Walks the record one character at a time: whether it ends outside quotes."""
    state = "start"
    for character in record:
        if state == "quoted":
            state = "closing" if character == '"' else "quoted"
        elif state == "closing" and character == '"':
            state = "quoted"
        elif character == delimiter or character in "\r\n":
            state = "start"
        elif state == "start" and character == '"':
            state = "quoted"
        else:
            state = "bare"
    return state != "quoted"
