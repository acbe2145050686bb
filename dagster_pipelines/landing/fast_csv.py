"""Load plain CSV files with DuckDB's own reader, with proof that nothing is lost.

While DuckDB reads the file into a temporary table, a thread counts its bytes. The file is plain only if
- every field is plain (plain_values);
- the file is UTF-8 without NUL, and its line feeds and delimiters are exactly those of the rows read: so it has no
  blank lines, no line ends or delimiters inside fields and no rows with too many fields, and a row's line is its
  ordinal + 1;
- no value holds a quote and no quote follows a space, so quotes only enclose whole fields;
- where ids and texts were not searched for spaces, the file's only spaces are those within its timestamps.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dagster_pipelines.landing.aliases import TableAliases
from dagster_pipelines.landing.byte_profile import ByteProfile, profile_bytes
from dagster_pipelines.landing.content import BOM, TextContent
from dagster_pipelines.landing.csv_source import CsvSource
from dagster_pipelines.landing.errors import FileRefusedError
from dagster_pipelines.landing.fast_path import PLAIN, PlainFile, holds
from dagster_pipelines.landing.header import match_header
from dagster_pipelines.landing.plain_values import (
    PlainForm,
    has_translations,
    of_text,
    plain_rows_sql,
    plain_values_sql,
)
from dagster_pipelines.landing.reading import Reading
from needloop.contract.model import Table
from needloop.sql_text import sql_literal, sql_name

ROWS = "landing_plain_rows"
"""The temporary table that holds the rows until everything is proven. Their rowid numbers them in file order, which
DuckDB provides only for rows in a table: numbering while reading would prevent parallel reads, and numbering rows in
the raw table makes the commit write each of them again."""
_SAMPLE = 64 * 2**10
_LINE_ENDS = b"\r\n"


@dataclass(frozen=True)
class CsvAttempt:
    """The result of the attempt: always the hash, the rows only if all are plain."""

    content_hash: str
    plain: PlainFile | None


def try_csv(
    connection: duckdb.DuckDBPyConnection, path: Path, table: Table, aliases: TableAliases, max_record_bytes: int
) -> CsvAttempt:
    """Try to read the file into PLAIN, within the open transaction.

    If there are no plain rows, roll back the transaction: it may have failed.
    Raises OSError when the file cannot be read.
    """
    with ThreadPoolExecutor(1) as pool:
        opened = _open(path, table, aliases, max_record_bytes)
        delimiter = opened.source.delimiter if opened else b","
        profile = pool.submit(profile_bytes, path, delimiter)
        rows = _read(connection, path, opened) if opened else None
        plain = None
        if opened and rows is not None:
            moments = _moments(connection, opened.reading)
            values_plain = holds(connection, f"({plain_values_sql(opened.reading, opened.form)}) from {ROWS}")
            if values_plain and _proven(profile.result(), opened, rows, moments):
                _number_lines(connection)
                plain = PlainFile(rows, opened.reading.header, "utf-8")
        return CsvAttempt(profile.result().content_hash, plain)


@dataclass(frozen=True)
class _Opened:
    source: CsvSource
    reading: Reading
    form: PlainForm


def _open(path: Path, table: Table, aliases: TableAliases, max_record_bytes: int) -> _Opened | None:
    """Header and form, from the start of the file; None if that already shows that it is not plain."""
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    start = len(BOM) if sample.startswith(BOM) else 0
    text = TextContent(path, "utf-8", start, path.stat().st_size, has_nul=False)
    try:
        source = CsvSource(text, aliases, max_record_bytes)
        header = match_header(table, aliases, source.info.headers)
    except (FileRefusedError, UnicodeDecodeError):
        return None
    reading = Reading(table, header, aliases, time_zone="")
    if source.first_row_line != 2 or has_translations(reading):
        return None
    moments = sum(column.type == "ts" for column in reading.delivered)
    body = sample[source.first_row : sample.rfind(b"\n")]
    printable = start == 0 and sample.isascii() and sample.translate(None, _LINE_ENDS).decode("ascii").isprintable()
    tidy = (
        printable and body.count(b" ") <= moments * (body.count(b"\n") + 1) and b" " not in sample[: source.first_row]
    )
    return _Opened(source, reading, PlainForm(printable, b'"' in sample, tidy))


def _read(connection: duckdb.DuckDBPyConnection, path: Path, opened: _Opened) -> int | None:
    """Read the file into ROWS. Returns the number of rows, or None if one is not plain.

    Checks only what is no longer visible once texts are cast, and fails at the first row that is not plain. The rest
    is cheaper to check on whole columns.
    """
    reading, width = opened.reading, len(opened.source.info.headers)
    types = ", ".join(f"'f{place}': 'VARCHAR'" for place in range(width))
    fields = f"""select * from read_csv(
        {sql_literal(path)}, auto_detect=false, header=true, delim={sql_literal(opened.source.delimiter.decode())},
        quote='"', escape='"', strict_mode=true, nullstr='', compression='none', hive_partitioning=false,
        columns={{{types}}}
    )"""
    values = {column.name: of_text(column, reading.field_of(column), reading.aliases) for column in reading.delivered}
    left_out = sorted(set(range(width)) - set(reading.header.places.values())) if opened.form.has_quotes else []
    unquoted = [f"not contains(coalesce(f{place}, ''), '\"')" for place in left_out]
    # One column carries the condition.
    guarded = sql_name(reading.delivered[0].name)
    rows = f"""select * exclude _plain replace (
            case when _plain then {guarded} else error('not plain') end as {guarded}
        ) from ({plain_rows_sql(fields, reading, values, also=unquoted)})"""
    try:
        counted = connection.execute(f"create temp table {ROWS} as {rows}").fetchall()
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:
        return None  # the full path finds what DuckDB stumbled over, and reports it
    return int(counted[0][0])


def _number_lines(connection: duckdb.DuckDBPyConnection) -> None:
    """Create PLAIN from ROWS, whose rowid does not start at 0 within the open transaction."""
    first = connection.execute(f"select coalesce(min(rowid), 0) from {ROWS}").fetchall()[0][0]
    connection.execute(f"create temp view {PLAIN} as select *, rowid - {first} + 2 as _line from {ROWS}")


def _moments(connection: duckdb.DuckDBPyConnection, reading: Reading) -> int:
    """The number of timestamps in ROWS: each was written with one space."""
    names = [f"count({sql_name(column.name)})" for column in reading.delivered if column.type == "ts"]
    return int(connection.execute(f"select {' + '.join(names) or 'max(0)'} from {ROWS}").fetchall()[0][0])


def _proven(profile: ByteProfile, opened: _Opened, rows: int, moments: int) -> bool:
    width = len(opened.source.info.headers)
    printable = profile.is_ascii and profile.control_bytes == profile.line_feeds + profile.returns
    return (
        profile.is_utf8
        and not profile.has_nul
        and (printable or not opened.form.is_ascii)
        and profile.returns in {0, profile.line_feeds}
        and profile.returns == profile.return_feeds
        and profile.line_feeds == rows + profile.ends_with_line_feed
        and profile.delimiters == (width - 1) * (rows + 1)
        and (profile.quotes == 0 or opened.form.has_quotes)
        and profile.spaced_quotes == 0
        and (profile.spaces == moments or not opened.form.spaces_only_in_moments)
    )
