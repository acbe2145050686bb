"""Parse delimited records one at a time: the header, and the few records with misplaced quotes.

RFC 4180 as spreadsheets and Python's csv module read it: a quote opens a field only as its first byte, a doubled quote
inside is one quote, and text after a closing quote belongs to the field. CR LF, LF and CR all end a record.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

QUOTE = b'"'
_LINE_END = re.compile(rb"\r\n|\n|\r")


@dataclass(frozen=True)
class Record:
    """One record within a buffer."""

    fields: tuple[bytes, ...]
    """Values without their quotes."""
    end: int
    """Offset of the first byte after the record's content."""
    next: int
    """Offset where the next record starts."""
    closed: bool
    """False if the buffer ended inside a quoted field."""
    terminated: bool
    """False if the buffer ended before a line end, so more of the record may follow."""


@cache
def _field_pattern(delimiter: bytes) -> re.Pattern[bytes]:
    stop = re.escape(delimiter) + rb"\r\n"
    return re.compile(rb'"((?:[^"]++|"")*+)(?:(")([^' + stop + rb"]*+))?|([^" + stop + rb"]*+)")


def parse_record(buffer: bytes, start: int, delimiter: bytes) -> Record:
    """The record that starts at `start`; the delimiter is one byte."""
    pattern = _field_pattern(delimiter)
    fields: list[bytes] = []
    position = start
    closed = True
    while True:
        match = pattern.match(buffer, position)
        assert match is not None  # noqa: S101  (the pattern matches the empty field)
        quoted, closing, trailing, bare = match.groups()
        position = match.end()
        if quoted is None:
            fields.append(bare)
        else:
            closed = closing is not None
            fields.append(quoted.replace(b'""', QUOTE) + (trailing or b""))
        if closed and buffer[position : position + 1] == delimiter:
            position += 1
            continue
        line_end = _LINE_END.match(buffer, position)
        return Record(tuple(fields), position, line_end.end() if line_end else position, closed, line_end is not None)


def quoted(value: bytes) -> bytes:
    """The value as a quoted field."""
    return QUOTE + value.replace(QUOTE, b'""') + QUOTE
