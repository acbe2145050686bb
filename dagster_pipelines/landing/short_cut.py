"""The short cut for large CSV files that are written plainly: DuckDB's own CSV reader, with proof that nothing is lost
by it.

While DuckDB reads the file into a temporary table, a thread counts its bytes. The short cut is taken only when
- every row is plain (plain_rows), so that values are what the contract's rules would give;
- the file is UTF-8 without NUL, and its line feeds and delimiters are just those of the rows that were read: so there
  are no blank lines, no line ends or delimiters inside fields, no rows with too many fields, and a row's line is its
  ordinal + 1;
- no value holds a quote and no quote follows a space, so that quotes only stand around whole fields;
- where ids and texts were not looked at for spaces: the spaces of the file are just those within its timestamps;
- for events: no key comes twice, within the file or with what is loaded already.

Otherwise the file goes the careful way, which gives the same for such a file, only more slowly.
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
from dagster_pipelines.landing.header import Header, match_header
from dagster_pipelines.landing.plain_rows import PlainForm, plain_rows_sql, plain_values_sql
from dagster_pipelines.landing.reading import Reading
from dagster_pipelines.landing.value_rules import literal
from needloop.contract.model import Table

PLAIN = "landing_plain"
"""The temporary table in which rows wait until all is proven. Their rowid counts them in the order of the file, which
DuckDB tells only of rows in a table: counting while reading would keep it from reading in parallel, and numbering the
rows in raw itself makes the commit write each of them again."""
_SAMPLE = 64 * 2**10
_LINE_ENDS = b"\r\n"


@dataclass(frozen=True)
class PlainFile:
    """A file whose rows stand, as values and in the order of the file, in the temporary table PLAIN."""

    rows: int
    header: Header


@dataclass(frozen=True)
class Attempt:
    """What the try gave: the hash in any case, the rows only if the short cut may be taken."""

    content_hash: str
    plain: PlainFile | None


def try_short_cut(
    connection: duckdb.DuckDBPyConnection, path: Path, table: Table, aliases: TableAliases, max_record_bytes: int
) -> Attempt:
    """Tries to read the file into PLAIN, within the open transaction.

    Without plain rows the transaction has to be rolled back, for it may have failed.
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
            values_plain = _holds(connection, f"({plain_values_sql(PLAIN, opened.reading, opened.form)})")
            if values_plain and _proven(profile.result(), opened, rows, moments):
                plain = PlainFile(rows, opened.reading.header)
        return Attempt(profile.result().content_hash, plain)


def keys_are_new(connection: duckdb.DuckDBPyConnection, table: Table, rows: int) -> bool:
    """Whether no key of PLAIN comes twice, in it or with what the raw table holds; only events ask for that."""
    if table.load == "upsert":
        return True
    if len(table.key) != 1:
        return False
    key, raw = f'"{table.key[0]}"', f"raw.{table.raw_name}"
    ascending = f"""(select count(*) = 0
        from (select {key} as this, lag({key}) over () as before from {PLAIN}) where this <= before)"""
    distinct = f"(select count(distinct hash({key})) = {rows} from {PLAIN})"
    if not _holds(connection, ascending) and not _holds(connection, distinct):
        return False
    if _holds(connection, f"not exists (select 1 from {raw})"):
        return True
    apart = f"""(select old.greatest < new.least or old.least > new.greatest
        from (select min({key}) as least, max({key}) as greatest from {raw}) as old,
             (select min({key}) as least, max({key}) as greatest from {PLAIN}) as new)"""
    shared = f"(select 1 from {raw} semi join {PLAIN} using ({key}))"
    return _holds(connection, apart) or _holds(connection, f"not exists {shared}")


def _holds(connection: duckdb.DuckDBPyConnection, query: str) -> bool:
    return connection.execute(f"select {query}").fetchall()[0][0] is True


@dataclass(frozen=True)
class _Opened:
    source: CsvSource
    reading: Reading
    form: PlainForm


def _open(path: Path, table: Table, aliases: TableAliases, max_record_bytes: int) -> _Opened | None:
    """Header and form, judged by the start of the file; None when it is not plain already there."""
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    start = len(BOM) if sample.startswith(BOM) else 0
    text = TextContent(path, "utf-8", start, path.stat().st_size, has_nul=False)
    try:
        source = CsvSource(text, aliases, max_record_bytes)
        header = match_header(table, aliases, source.info.headers)
    except (FileRefusedError, UnicodeDecodeError):
        return None
    if source.first_row_line != 2:
        return None
    moments = sum(column.type == "ts" for column in table.columns if column.name in header.places)
    body = sample[source.first_row : sample.rfind(b"\n")]
    printable = start == 0 and sample.isascii() and sample.translate(None, _LINE_ENDS).decode("ascii").isprintable()
    tidy = (
        printable and body.count(b" ") <= moments * (body.count(b"\n") + 1) and b" " not in sample[: source.first_row]
    )
    return _Opened(source, Reading(table, header, aliases, time_zone=""), PlainForm(printable, b'"' in sample, tidy))


def _read(connection: duckdb.DuckDBPyConnection, path: Path, opened: _Opened) -> int | None:
    """Reads the file into PLAIN; gives the number of rows, or None when one is not plain."""
    width = len(opened.source.info.headers)
    types = ", ".join(f"'f{place}': 'VARCHAR'" for place in range(width))
    rows = f"""select * from read_csv(
        {literal(str(path))}, auto_detect=false, header=true, delim={literal(opened.source.delimiter.decode())},
        quote='"', escape='"', strict_mode=true, nullstr='', compression='none', hive_partitioning=false,
        columns={{{types}}}
    )"""
    sql = plain_rows_sql(rows, width, opened.reading, opened.form)
    if sql is None:
        return None
    try:
        counted = connection.execute(f"create temp table {PLAIN} as {sql}").fetchall()
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:
        return None  # whatever DuckDB stumbled over, the careful way finds out and says so
    return int(counted[0][0])


def _moments(connection: duckdb.DuckDBPyConnection, reading: Reading) -> int:
    """How many timestamps PLAIN holds: each was written with one space."""
    names = [f'count("{column.name}")' for column in reading.delivered if column.type == "ts"]
    return int(connection.execute(f"select {' + '.join(names) or 'max(0)'} from {PLAIN}").fetchall()[0][0])


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
