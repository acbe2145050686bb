"""Load plain Parquet files by their own types, without converting values to text and back.

For each pair of a contract type and a Parquet type, this module has the cast that yields what the rules would make of
the value's text, and the condition under which it does. A pair that is not listed is not plain. A first pass over the
file proves all conditions; then the values go straight from the file into the raw table, on all threads. A row's line
follows from its number in the file.
"""

from __future__ import annotations

import re

import duckdb

from dagster_pipelines.landing.aliases import TableAliases
from dagster_pipelines.landing.errors import FileRefusedError
from dagster_pipelines.landing.fast_path import PLAIN, PlainFile
from dagster_pipelines.landing.header import match_header
from dagster_pipelines.landing.parquet_source import ParquetSource, is_moment, moment_sql, text_sql
from dagster_pipelines.landing.plain_values import (
    PlainForm,
    PlainValue,
    has_translations,
    made_value,
    of_text,
    of_words,
    own_words,
    plain_rows_sql,
    plain_values_sql,
)
from dagster_pipelines.landing.reading import Reading
from needloop.contract.model import Column, Table

_NARROW_INTEGERS = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"})
_INTEGERS = _NARROW_INTEGERS | {"UBIGINT", "HUGEINT", "UHUGEINT"}
_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")
_EXACT_DIGITS = {"DOUBLE": 15, "FLOAT": 6}
"""Decimal numbers of up to this many digits are all distinct as floating point numbers, so the shortest text of such a
number is the decimal it was made from."""
_NO_END = "9999-12-31"
_AFTER_NO_END = "10000-01-01"


def try_parquet(
    connection: duckdb.DuckDBPyConnection, source: ParquetSource, table: Table, aliases: TableAliases, time_zone: str
) -> PlainFile | None:
    """Create PLAIN with the rows of the file if all are plain. If not, roll back the transaction."""
    try:
        header = match_header(table, aliases, source.info.headers)
    except FileRefusedError:
        return None
    reading = Reading(table, header, aliases, time_zone)
    if has_translations(reading):
        return None
    try:
        values = _values(connection, source, reading)
        if values is None:
            return None
        rows = plain_rows_sql(source.fields, reading, values, aside=["line as _line", *_others(source, reading)])
        proof = f"{plain_values_sql(reading, PlainForm())} and {_proof_of_others(source, reading)}"
        counted, is_plain = connection.execute(
            f"select count(*), {proof} and coalesce(bool_and(_plain), true) from ({rows})"
        ).fetchall()[0]
        if not is_plain:
            return None
        connection.execute(f"create temp view {PLAIN} as {rows}")
    except duckdb.Error:
        return None  # the full path finds what DuckDB stumbled over, and reports it
    return PlainFile(counted, header, None)


def _values(
    connection: duckdb.DuckDBPyConnection, source: ParquetSource, reading: Reading
) -> dict[str, PlainValue] | None:
    """The value of each delivered column; None if a type is not plain for its column."""
    values: dict[str, PlainValue] = {}
    for column in reading.delivered:
        field, kind = reading.field_of(column), source.kinds[reading.header.places[column.name]]
        if column.type == "enum" and kind == "VARCHAR" and _are_own_words(connection, source, field, column, reading):
            value: PlainValue | None = PlainValue(field)
        else:
            value = _value(column, field, kind, reading)
        if value is None:
            return None
        values[column.name] = value
    return values


def _are_own_words(
    connection: duckdb.DuckDBPyConnection, source: ParquetSource, field: str, column: Column, reading: Reading
) -> bool:
    """Whether the field holds only the enum's own values. Distinct values come from the file's dictionaries."""
    words = own_words(column, reading.aliases)
    found = connection.execute(f"select distinct {field} from ({source.fields}) limit {len(words) + 2}").fetchall()
    return {word for (word,) in found} <= {None, *words}


def _value(column: Column, field: str, kind: str, reading: Reading) -> PlainValue | None:
    text = f"nullif({field}, '')" if kind == "VARCHAR" else text_sql(field, kind, reading.time_zone)
    if column.type in {"enum", "bool"}:
        own = reading.aliases.values.get(column.name, {})
        if kind == "BOOLEAN" and column.type == "bool" and not {"true", "false"} & own.keys():
            return PlainValue(field)
        return of_words(column, text, reading.aliases)
    if kind == "VARCHAR" or column.sql_type == "VARCHAR":
        return of_text(column, text, reading.aliases)
    return (
        _number(column, field, kind)
        if column.type in {"int", "money", "number"}
        else _moment(column, field, kind, reading)
    )


def _number(column: Column, field: str, kind: str) -> PlainValue | None:
    made, to = made_value(column), column.sql_type
    scale, whole_digits = (0, 18) if column.type == "int" else (column.scale, column.precision - column.scale)
    value = f"try_cast({field} as {to})"
    if column.type == "int" and kind in _NARROW_INTEGERS:
        return PlainValue(f"cast({field} as {to})")
    if kind in _INTEGERS:
        return PlainValue(value, f"({field} is null or {made} is not null)")
    same_again = f"coalesce(try_cast({made} as {kind}) = {field}, false)"
    if decimal := _DECIMAL.fullmatch(kind):
        precision, decimals = int(decimal[1]), int(decimal[2])
        if decimals <= scale and precision - decimals <= whole_digits:
            return PlainValue(f"cast({field} as {to})")
        return PlainValue(value, f"({field} is null or {same_again})")
    if digits := _EXACT_DIGITS.get(kind):
        return PlainValue(value, f"({field} is null or (abs({field}) < 1e{digits - scale} and {same_again}))")
    return None


def _moment(column: Column, field: str, kind: str, reading: Reading) -> PlainValue | None:
    """9999-12-31 counts as null: no end. Anything beyond cannot be written as a date."""
    if not is_moment(kind):
        return None
    moment = moment_sql(field, kind, reading.time_zone)
    value = f"cast({moment} as {column.sql_type})"
    before = f"({field} is null or {moment} < timestamp '{_AFTER_NO_END}')"
    if column.type == "ts":
        return PlainValue(f"case when {value} < timestamp '{_NO_END}' then {value} end", before)
    if kind == "DATE":
        return PlainValue(f"nullif({value}, date '{_NO_END}')")
    midnight = f"({field} is null or date_trunc('day', {moment}) = {moment})"
    return PlainValue(f"nullif({value}, date '{_NO_END}')", midnight)


def _others(source: ParquetSource, reading: Reading) -> list[str]:
    """The fields without a column. They are read all the same, because a damaged file is refused as a whole."""
    return [f"f{place}" for place in range(len(source.kinds)) if place not in reading.header.places.values()]


def _proof_of_others(source: ParquetSource, reading: Reading) -> str:
    """An aggregate: no text holds NUL. The columns' conditions do not cover free text and unmapped fields."""
    texts = [f'"{column.name}"' for column in reading.delivered if column.type == "text"]
    others = _others(source, reading)
    free = [text_sql(field, source.kinds[int(field[1:])], reading.time_zone) for field in others]
    return " and ".join(
        ["true", *(f"not coalesce(bool_or(contains({text}, chr(0))), false)" for text in [*texts, *free])]
    )
