"""Rejected rows for the people who fix them: a list with reasons, and files to correct and deliver again.

The files are CSV in UTF-8 with a byte order mark (spreadsheets need it to show Chinese, and the loader accepts it),
laid out like a landing zone: <out>/<system>/<table>/<delivered name>.refused.csv. Header and rows are exactly as
delivered, character for character, with the delivered delimiter. This includes cells that a spreadsheet would take for
formulas: a changed cell would load as another value. JSON lines become CSV with their keys as the header; lines that
are not JSON objects go to a file …refused.jsonl next to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import duckdb

from dagster_pipelines.landing.delimited_text import csv_record_sql
from dagster_pipelines.landing.outcome import FileOutcome
from dagster_pipelines.landing.record_syntax import parse_record
from needloop.sql_text import sql_literal

_BATCH = 10_000
_LINE_END = "\r\n"
_JSON_ENDING = ".jsonl"


class Reject(NamedTuple):
    """One rejected row. `column` is None if the reason concerns the whole row."""

    file: str
    line: int
    column: str | None
    reason: str
    message: str


def list_rejects(connection: duckdb.DuckDBPyConnection, file: str | None = None) -> Iterator[Reject]:
    """The rejected rows of one delivered file (its path in the landing zone) or of all, ordered by file and line."""
    rows = connection.cursor().execute(
        """
        select file, line, column_name, reason, message from landing.rejects
        where ? is null or file = ? order by file, load_id, line
        """,
        [file, file],
    )
    while batch := rows.fetchmany(_BATCH):
        yield from (Reject(*row) for row in batch)


def list_refused_files(connection: duckdb.DuckDBPyConnection, file: str | None = None) -> list[FileOutcome]:
    """The files that the latest attempt to load them refused as a whole, ordered by path."""
    rows = connection.execute(
        """
        select file, table_name, reason, message from landing.loads
        where status = 'refused' and (? is null or file = ?) order by file
        """,
        [file, file],
    ).fetchall()
    return [
        FileOutcome(file=name, table=table, status="refused", reason=reason, message=message)
        for name, table, reason, message in rows
    ]


@dataclass(frozen=True)
class _RefusedLoad:
    load_id: int
    file: str
    header: str | None
    alone: bool
    """Whether no other load of a file of this name has rejected rows."""

    def path(self, out: Path, ending: str) -> Path:
        distinction = "" if self.alone else f".{self.load_id}"
        return out / f"{self.file}{distinction}.refused{ending}"


def write_refused_rows(connection: duckdb.DuckDBPyConnection, out: Path, file: str | None = None) -> list[Path]:
    """Write the rejected rows of one delivered file, or of all, to folder `out`. Returns the files written.

    A file name that was loaded several times with different content gets one file per load, with the load's number.
    Raises OSError when `out` cannot be written.
    """
    written: list[Path] = []
    for load in _loads(connection, file):
        if load.file.endswith(_JSON_ENDING):
            broken = load.path(out, _JSON_ENDING)
            if _write(broken, None, _records(connection, load, "record", "reason = 'bad_json'"), bom=False):
                written.append(broken)
            fields = _json_fields(load.header or "")
            records = _records(connection, load, fields, "reason <> 'bad_json'")
        else:
            records = _records(connection, load, "record", "true")
        path = load.path(out, ".csv")
        if _write(path, load.header, records, bom=True):
            written.append(path)
    return written


def _loads(connection: duckdb.DuckDBPyConnection, file: str | None) -> list[_RefusedLoad]:
    rows = connection.execute(
        """
        select load_id, file, any_value(header), count(*) over (partition by file) = 1
        from landing.rejects where ? is null or file = ? group by load_id, file order by file, load_id
        """,
        [file, file],
    ).fetchall()
    return [_RefusedLoad(*row) for row in rows]


def _records(
    connection: duckdb.DuckDBPyConnection, load: _RefusedLoad, expression: str, condition: str
) -> Iterator[str]:
    rows = connection.cursor().execute(
        f"select {expression} from landing.rejects where load_id = ? and {condition} order by line", [load.load_id]
    )
    while batch := rows.fetchmany(_BATCH):
        yield from (record for (record,) in batch)


def _json_fields(header: str) -> str:
    keys = [key.decode("utf-8") for key in parse_record(header.encode("utf-8"), 0, b",").fields]
    pointers = ["/" + key.replace("~", "~0").replace("/", "~1") for key in keys]
    return csv_record_sql([f"json_extract_string(record, {sql_literal(pointer)})" for pointer in pointers])


def _write(path: Path, header: str | None, records: Iterable[str], *, bom: bool) -> bool:
    """Write header and records if there is at least one record."""
    rest = iter(records)
    first = next(rest, None)
    if first is None:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as file:
        if header is not None:
            file.write(header + _LINE_END)
        file.write(first + _LINE_END)
        for record in rest:
            file.write(record + _LINE_END)
    return True
