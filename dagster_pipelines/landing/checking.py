"""Check the rows of a source against the contract, in one SQL pass into a temporary table.

The table has the contract's columns as typed values and the row's _line. For a row that breaks the contract it also
has the _code (0 otherwise), the text _found in the offending field, and the _record as delivered.
"""

from __future__ import annotations

import duckdb

from dagster_pipelines.landing.aliases import TableAliases
from dagster_pipelines.landing.header import Header
from dagster_pipelines.landing.reading import Reading
from dagster_pipelines.landing.reasons import NO_COLUMN, code_of
from dagster_pipelines.landing.source import Source
from dagster_pipelines.landing.value_rules import (
    ColumnRule,
    column_rule,
    enum_value,
    prepared_of,
    text_of,
    trimmed,
)
from needloop.contract.model import Column

CHECKED = "landing_checked"


def check_rows(connection: duckdb.DuckDBPyConnection, source: Source, reading: Reading) -> None:
    """Fill the table CHECKED with every row of the source."""
    sql = checking_sql(source, source.rows(connection), reading)
    connection.execute(f"create or replace temp table {CHECKED} as {sql}")


def checking_sql(source: Source, rows: str, reading: Reading) -> str:
    """The select statement that checks `rows`."""
    table, header, aliases = reading.table, reading.header, reading.aliases
    delivered = [(place, column) for place, column in enumerate(table.columns) if column.name in header.places]
    rules = [
        (place, column, column_rule(column, place, aliases.values.get(column.name, {}), reading.time_zone))
        for place, column in delivered
    ]
    texts = [f"{trimmed(_field(header.places[column.name], source))} as {text_of(column)}" for _, column in delivered]
    kept_texts = [text_of(column) for _, column in delivered]
    prepared = [f"{rule.prepared} as {prepared_of(column)}" for _, column, rule in rules]
    kept_prepared = [prepared_of(column) for _, column in delivered]
    values = [f'{_value(column, rule, aliases)} as "{column.name}"' for _, column, rule in rules]
    names = [f'"{column.name}"' for _, column in delivered]
    all_columns = [
        f'"{column.name}"' if column.name in header.places else f'null::{column.sql_type} as "{column.name}"'
        for column in table.columns
    ]
    nul = _nul_finding(delivered, header) if source.info.may_hold_nul else "null::integer"
    found = "case when fault > 0 then fault else least(null::integer, {}) end".format(
        ", ".join(["null::integer", *(rule.finding for _, _, rule in rules)])
    )
    aside = ["line", "record", "fault", "nul"]
    return f"""
        with texts as (select {_listed("line", "record", "fault", f"{nul} as nul", *texts)} from ({rows})),
        prepared as (select {_listed(*aside, *kept_texts, *prepared)} from texts),
        parsed as (select {_listed(*aside, *kept_texts, *kept_prepared, *values)} from prepared),
        judged as (
            select {_listed("line", "record", *kept_texts, *names)}, coalesce(least(nul, {found}), 0) as code
            from parsed
        )
        select
            {_listed(*all_columns)}, line as _line, code as _code,
            case when code > 0 then {_found(delivered)} end as _found,
            case when code > 0 then record end as _record
        from judged
    """


def _listed(*expressions: str) -> str:
    return ", ".join(expressions)


def _field(place: int, source: Source) -> str:
    field = f"f{place}"
    if not source.info.quoted_fields:
        return field
    return f"""case when starts_with({field}, '"') then replace({field}[2:-2], '""', '"') else {field} end"""


def _value(column: Column, rule: ColumnRule, aliases: TableAliases) -> str:
    if column.type == "enum":
        return enum_value(column, aliases.values.get(column.name, {}))
    return rule.value


def _nul_finding(delivered: list[tuple[int, Column]], header: Header) -> str:
    cases = " ".join(
        f"when contains(f{header.places[column.name]}, chr(0)) then {code_of('nul_byte', place)}"
        for place, column in delivered
    )
    anywhere = f"when contains(record, chr(0)) then {code_of('nul_byte', NO_COLUMN)}"
    return f"case {cases} {anywhere} end"


def _found(delivered: list[tuple[int, Column]]) -> str:
    """The offending text, unless the column holds personal data or free text, which messages never repeat."""
    cases = " ".join(f"when {place} then {text_of(column)}" for place, column in delivered if not column.is_kept_back)
    return f"case code % 1000 {cases} end" if cases else "null::varchar"
