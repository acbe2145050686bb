"""What the columns of each table look like on the latest day, compared with the weeks before: aggregates only.

Shares (of nulls, unknown ids, each value, garbled text), the level of amounts, the length of ids: one line per table,
column and measure in quality.profiles, refilled by every run. It reads the rows of the latest nine weeks as delivered,
each version by the day it was written: later versions must not make the past look emptier than it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from expectations.special_days import is_special
from expectations.thresholds import Thresholds
from needloop.contract.model import Column, Contract, Table
from needloop.sql_text import sql_name

PROFILES = "quality.profiles"

PROFILES_TABLE = f"""
create table if not exists {PROFILES} (
    table_name varchar not null, column_name varchar not null, measure varchar not null, value_name varchar not null,
    period varchar, rows_now double, now double, usual double, spread double, is_unusual boolean not null
)
"""

WHOLE_ROW = "*"
_GARBLED = "\ufffd|锟斤拷|烫烫烫|[?]{2,}|[à-ï][^\\x00-\\x7f\\x{2000}-\\x{ffff}]|[锛銆鐨鍦鍙鏄]"
"""Traces of wrong decoding: replacement characters, UTF-8 read as Latin or as GBK."""


@dataclass(frozen=True)
class _Measure:
    """One number of a column for a day or week; `expression` is its aggregate over the rows."""

    column: str
    name: str
    expression: str
    value: str = ""


def measure_profiles(
    connection: duckdb.DuckDBPyConnection,
    tables: Iterable[Table],
    contract: Contract,
    thresholds: Thresholds,
    *,
    last_day: date,
) -> None:
    """Refills PROFILES; `last_day` is the latest whole day."""
    connection.execute(f"delete from {PROFILES}")
    for table in tables:
        connection.execute(_one_table(table, contract, thresholds, last_day))


def measures_of(table: Table) -> set[str]:
    """The names of the table's measures."""
    return {measure.name for measure in _measures(table)}


def _one_table(table: Table, contract: Contract, thresholds: Thresholds, last_day: date) -> str:
    profile, days = thresholds.profile, 7 * (thresholds.profile.weeks + 1)
    measures = list(_measures(table))
    aggregates = ", ".join(f"{_of_enough(one, profile.few_rows)} as m{place}" for place, one in enumerate(measures))
    names = ", ".join(
        f"('m{place}', '{one.column}', '{one.name}', '{one.value}', {profile.change_of(table.full_name, *_what(one))})"
        for place, one in enumerate(measures)
    )
    ordinary = not thresholds.has_peak(table.full_name, last_day, 1) and not is_special(last_day, 1)
    judged_days = f"{ordinary} and not is_week"
    judged_weeks = f"{not thresholds.has_peak(table.full_name, last_day, 7)} and is_week"
    written = table.written_column
    return f"""
        insert into {PROFILES} by name
        with delivered as (
            select *, date_diff('day', cast({written} as date), date '{last_day}') as age{_known(table, contract)}
            from raw.{table.raw_name} as row
            where {written} >= date '{last_day - timedelta(days=days - 1)}'
                and {written} < date '{last_day + timedelta(days=1)}' and {table.flag} is not true
            qualify row_number() over (partition by {_one_version(table)} order by _load_id desc, _line desc) = 1
        ),
        measured as (
            select grouping(age) = 1 as is_week, coalesce(age, age // 7) as age, count(*) as rows, {aggregates}
            from delivered group by grouping sets ((age), (age // 7))
        ),
        long as (
            select * from (
                select is_week, age, rows, unnest([{_listed_measures(measures)}], recursive := true) from measured
            ) where value is not null
        ),
        compared as (
            select is_week, measure as place,
                max(rows) filter (age = 0) as rows_now,
                max(value) filter (age = 0) as now,
                median(value) filter (age > 0) as usual,
                mad(value) filter (age > 0) as mad,
                sum(rows) filter (age > 0) as rows_before,
                sum(rows * value) filter (age > 0) as affected_before,
                count(*) filter (age > 0) as history
            from long where is_week or age % 7 = 0 group by all
        ),
        judged as (
            select * from compared
            where now is not null and history >= {profile.least_weeks} and ({judged_days} or {judged_weeks})
                and least(rows_now, rows_before / history)
                    >= case when is_week then {profile.least_rows} else {profile.few_rows} end
            qualify not is_week or not coalesce(bool_or(not is_week and rows_now >= {profile.least_rows}) over (
                partition by place), false)
        ),
        spread as (
            select judged.*, names.*, greatest(1.4826 * mad, case
                when name = 'level' then 1 / sqrt(rows_now)
                when name = 'length' then 0.1
                else sqrt(share * (1 - share) / rows_now)
            end) as spread
            from judged, (values {names}) as names(key, column_name, name, value_name, least_change),
                lateral (select (greatest(least(affected_before, rows_before), 0) + 1) / (rows_before + 2) as share)
            where names.key = judged.place
        )
        select '{table.full_name}' as table_name, column_name, name as measure, value_name,
            case when is_week then 'week' else 'day' end as period, rows_now, now, usual, spread,
            case when name = 'distinct' then usual - now else abs(now - usual) end
            > greatest({profile.limit} * spread, case
                when rows_now < {profile.least_rows} then greatest(least_change, {profile.least_change_of_few})
                else least_change
            end) as is_unusual
        from spread
        qualify row_number() over (partition by place order by is_unusual desc, is_week) = 1
    """


def _of_enough(measure: _Measure, few_rows: int) -> str:
    if measure.column == WHOLE_ROW or measure.name == "nulls":
        return measure.expression
    return f"case when count({sql_name(measure.column)}) >= {few_rows} then {measure.expression} end"


def _what(measure: _Measure) -> tuple[str, str]:
    return measure.column, measure.name


def _listed_measures(measures: list[_Measure]) -> str:
    return ", ".join(f"{{'measure': 'm{place}', 'value': cast(m{place} as double)}}" for place in range(len(measures)))


def _one_version(table: Table) -> str:
    """A delivery that corrects a version under the same time replaces it."""
    return ", ".join((*table.key, "updated_at") if table.load == "upsert" else table.key)


def _known(table: Table, contract: Contract) -> str:
    """Expressions that tell for each reference whether it exists."""
    said = ""
    for column in table.columns:
        if column.references:
            target = contract.table(column.references)
            said += f', "{column.name}" in (select {target.key[0]} from raw.{target.raw_name}) as "known {column.name}"'
    return said


def _measures(table: Table) -> Iterator[_Measure]:
    for column in table.columns:
        if column.name == table.flag:
            continue
        yield from _completeness(column)
        match column.type:
            case "id" | "text":
                yield from _of_words(column)
            case "money" | "number":
                yield from _of_amounts(column)
            case "enum" | "bool":
                yield from _of_values(column)
            case "ts" if column.name != "updated_at":
                yield from _of_times(column)
            case _:
                pass
    besides = {*table.key, "updated_at", table.flag}
    hashed = f"hash({', '.join(sql_name(column.name) for column in table.columns if column.name not in besides)})"
    yield _Measure(WHOLE_ROW, "twins", f"1 - count(distinct {hashed}) / count(*)")


def _completeness(column: Column) -> Iterator[_Measure]:
    if not column.required:
        yield _Measure(column.name, "nulls", _share(f"{sql_name(column.name)} is null", column, of_all=True))


def _of_words(column: Column) -> Iterator[_Measure]:
    name = sql_name(column.name)
    if column.type == "text":
        yield _Measure(column.name, "unreadable", _share(f"regexp_matches({name}, '{_GARBLED}')", column))
        return
    yield _Measure(column.name, "length", f"avg(length({name}))")
    if column.references:
        yield _Measure(column.name, "orphans", _share(f'not "known {column.name}"', column))
    if not column.key:
        yield _Measure(column.name, "distinct", f"count(distinct {name}) / nullif(count({name}), 0)")


def _of_amounts(column: Column) -> Iterator[_Measure]:
    name = sql_name(column.name)
    yield _Measure(column.name, "level", f"log10(nullif(median(abs({name})) filter ({name} <> 0), 0))")
    if column.min is None:
        yield _Measure(column.name, "negative", _share(f"{name} < 0", column))


def _of_values(column: Column) -> Iterator[_Measure]:
    for value in column.values or ("true",):
        is_value = f"cast({sql_name(column.name)} as varchar) = '{value}'"
        yield _Measure(column.name, "mix", _share(is_value, column), value)


def _of_times(column: Column) -> Iterator[_Measure]:
    name = sql_name(column.name)
    yield _Measure(column.name, "night", _share(f"extract('hour' from {name}) < 6", column))
    yield _Measure(column.name, "midnight", _share(f"cast({name} as time) = time '00:00:00'", column))


def _share(condition: str, column: Column, *, of_all: bool = False) -> str:
    filled = "" if of_all else f" filter ({sql_name(column.name)} is not null)"
    return f"avg(cast({condition} as integer)){filled}"
