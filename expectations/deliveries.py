"""What was delivered for each table and what is usual: landing.loads condensed to one line per table.

Stored as quality.deliveries, which the mart of source loads and the delivery checks read.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import duckdb

from expectations.checked_rows import relation
from expectations.special_days import is_special
from expectations.thresholds import Thresholds
from needloop.contract.model import Table

DELIVERIES = "quality.deliveries"

_ADDED_LATER = {
    "came_on": "date",
    "expected_on": "date",
    "is_missing": "boolean default false",
    "newest_before": "timestamp",
    "newest_now": "timestamp",
    "is_frozen": "boolean default false",
    "new_headers": "varchar",
    "gap_days": "bigint default 0",
    "latest_gap_on": "date",
}
"""Columns missing from warehouses of earlier versions."""

DELIVERIES_TABLE = f"""
create table if not exists {DELIVERIES} (
    table_name varchar not null, system varchar not null,
    files_taken bigint not null, files_refused bigint not null,
    rows_in_files bigint not null, loaded bigint not null, ignored bigint not null, rejected bigint not null,
    last_loaded_at timestamp, last_delivery_rows bigint not null, last_delivery_rejected bigint not null,
    unbalanced_rows bigint not null, rows_now bigint not null, latest_data_on date,
    days_without_delivery bigint, days_without_delivery_allowed bigint,
    days_behind bigint, days_behind_allowed bigint,
    day_on date, day_rows bigint, day_usual double, day_spread double, day_judged boolean not null,
    week_rows bigint, week_usual double, week_spread double, week_judged boolean not null
);
""" + "".join(
    f"alter table {DELIVERIES} add column if not exists {name} {kind};\n" for name, kind in _ADDED_LATER.items()
)


def measure_deliveries(
    connection: duckdb.DuckDBPyConnection,
    tables: Iterable[Table],
    thresholds: Thresholds,
    *,
    as_of: date,
    load_date: date,
) -> None:
    """Refills DELIVERIES, inside `checked_rows`, for the readable `tables`.

    `load_date` is the day of the run, `as_of` the warehouse's day.
    """
    connection.execute(f"delete from {DELIVERIES}")
    for table in tables:
        connection.execute(_one_table(table, thresholds, as_of, load_date))


def _one_table(table: Table, thresholds: Thresholds, as_of: date, load_date: date) -> str:
    dated_by, days_behind_allowed = thresholds.freshness_of(table)
    return f"""
        insert into {DELIVERIES} by name
        with loads as (select * from landing.loads where table_name = '{table.full_name}'),
        latest_try as (
            select status from loads qualify row_number() over (partition by file order by load_id desc) = 1
        ),
        last_delivery as (
            select * from loads where status = 'taken'
            qualify batch_id = first_value(batch_id) over (order by load_id desc)
        ),
        data as (
            select count(*) as rows_now,
                max(cast({dated_by} as date)) filter ({dated_by} < {_literal(as_of, 1)})
                    as latest_data_on
            from {relation(table)}
        ),
        files as (
            select
                count(*) filter (status = 'taken') as files_taken,
                coalesce(sum(rows_in_file) filter (status = 'taken'), 0) as rows_in_files,
                coalesce(sum(loaded), 0) as loaded,
                coalesce(sum(ignored), 0) as ignored,
                coalesce(sum(rejected), 0) as rejected,
                max(loaded_at) filter (status = 'taken') as last_loaded_at
            from loads
        )
        select '{table.full_name}' as table_name, '{table.system}' as system,
            files.*, cadence.* exclude (is_daily), news.* exclude (rows_that_came),
            came_on = expected_on and is_daily and rows_that_came > 0
                and coalesce(newest_now <= newest_before, true) as is_frozen,
            ({_new_headers(table, load_date)}) as new_headers,
            (select count(*) from latest_try where status = 'refused') as files_refused,
            (select coalesce(sum(rows_in_file), 0) from last_delivery) as last_delivery_rows,
            (select coalesce(sum(rejected), 0) from last_delivery) as last_delivery_rejected,
            ({_unbalanced_rows(table)}) as unbalanced_rows,
            data.*,
            date_diff('day', cast(last_loaded_at as date), {_literal(load_date)}) as days_without_delivery,
            {_or_null(thresholds.days_between_deliveries(table.full_name))} as days_without_delivery_allowed,
            date_diff('day', latest_data_on, {_literal(as_of)}) as days_behind,
            {_or_null(days_behind_allowed)} as days_behind_allowed,
            volume.*
        from files, data, ({_cadence(table, thresholds)}) as cadence,
            ({_news(table, load_date)}) as news,
            ({_volume(table, thresholds, min(as_of, load_date - timedelta(days=1)))}) as volume
    """


def _unbalanced_rows(table: Table) -> str:
    """Rows by which a load's record differs from the raw table and the rejects."""
    return f"""
        select coalesce(sum(
            abs(coalesce(kept.rows, 0) - coalesce(loads.loaded, 0))
            + abs(coalesce(refused.rows, 0) - coalesce(loads.rejected, 0))
            + case when loads.status = 'taken' then abs(rows_in_file - loaded - ignored - rejected) else 0 end
        ), 0)
        from loads
        full join (select _load_id, count(*) as rows from raw.{table.raw_name} group by _load_id) as kept
            on kept._load_id = loads.load_id
        left join (
            select load_id, count(*) as rows from landing.rejects
            where table_name = '{table.full_name}' group by load_id
        ) as refused on refused.load_id = loads.load_id
    """


def _volume(table: Table, thresholds: Thresholds, last_day: date) -> str:
    """One line: rows of the last whole day and of the seven days up to it, and of the weeks before."""
    column = thresholds.volume_columns.get(table.full_name)
    if column is None:
        return "select null::date as day_on, false as day_judged, false as week_judged, 0 as gap_days"
    volume = thresholds.volume
    days = 7 * (volume.weeks + 1)
    plain_day, plain_week = (
        not is_special(last_day, special) and not thresholds.has_peak(table.full_name, last_day, days)
        for days, special in ((1, 1 + volume.catch_up_days), (7, 7))
    )
    return f"""
        with by_age as (
            select date_diff('day', cast({column} as date), {_literal(last_day)}) as age, count(*) as rows
            from {relation(table)}
            where {column} >= {_literal(last_day, 1 - days)} and {column} < {_literal(last_day, 1)}
            group by 1
        ),
        days as (
            select ages.age, coalesce(by_age.rows, 0) as rows
            from range({days}) as ages(age) left join by_age using (age)
        ),
        weeks as (select age // 7 as week, sum(rows) as rows from days group by 1),
        gaps as (
            select count(*) as gap_days, max({_literal(last_day)} - cast(age as integer)) as latest_gap_on
            from (
                select age, rows, median(rows) over (partition by age % 7) as usual,
                    mad(rows) over (partition by age % 7) as mad from days
            )
            where rows = 0 and usual >= {volume.least_rows} and usual > {volume.limit} * 1.4826 * mad
                and age between 1 and {volume.gap_days - 1}
                and age not in ({_ages_not_judged(table, thresholds, last_day)})
        ),
        history as (select min({column}) < {_literal(last_day, 2 - days)} as is_long from {relation(table)}),
        a_day as ({_against_usual("days", "age", "age % 7 = 0", "day")}),
        a_week as ({_against_usual("weeks", "week", "true", "week")})
        select {_literal(last_day)} as day_on,
            day_rows, day_usual, greatest(1.4826 * day_mad, sqrt(day_usual)) as day_spread,
            coalesce(is_long and {plain_day} and day_usual >= {volume.least_rows}, false) as day_judged,
            week_rows, week_usual, greatest(1.4826 * week_mad, sqrt(week_usual)) as week_spread,
            coalesce(is_long and {plain_week} and week_usual >= {volume.least_rows}, false) as week_judged,
            case when is_long then gap_days else 0 end as gap_days,
            case when is_long then latest_gap_on end as latest_gap_on
        from history, a_day, a_week, gaps
    """


def _ages_not_judged(table: Table, thresholds: Thresholds, last_day: date) -> str:
    days = ((age, last_day - timedelta(days=age)) for age in range(thresholds.volume.gap_days))
    ages = [age for age, day in days if is_special(day, 1) or thresholds.has_peak(table.full_name, day, 1)]
    return ", ".join(map(str, [-1, *ages]))


def _cadence(table: Table, thresholds: Thresholds) -> str:
    """One line: whether the table is in (nearly) every delivery, and whether it was in the last one.

    A day of delivery is one on which anything was loaded. One that has only begun, with less than half of the usual
    tables, is not judged.
    """
    cadence = thresholds.cadence
    return f"""
        with days as (
            select cast(loaded_at as date) as day, count(distinct table_name) as tables,
                bool_or(table_name = '{table.full_name}') as came
            from landing.loads group by 1 order by 1 desc limit {cadence.deliveries + 1}
        ),
        numbered as (select *, row_number() over (order by day desc) as place from days)
        select max(day) filter (came) as came_on, max(day) as expected_on,
            count(*) > {cadence.deliveries // 2}
                and count(*) filter (came and place > 1) >= {cadence.share} * count(*) filter (place > 1) as is_daily,
            {thresholds.is_often_delivered(table.full_name)} and is_daily and not bool_or(came and place = 1)
                and 2 * max(tables) filter (place = 1) >= median(tables) filter (place > 1) as is_missing
        from numbered
    """


def _news(table: Table, load_date: date) -> str:
    """One line: the newest row before the last day of delivery and on it, and how many rows came on it."""
    newest = table.written_column
    return f"""
        with last as (select max(cast(loaded_at as date)) as day from loads)
        select
            max({newest}) filter (_loaded_at < last.day) as newest_before,
            max({newest}) filter (_loaded_at >= last.day) as newest_now,
            (
                select coalesce(sum(coalesce(first.rows_in_file, this.rows_in_file - this.rejected)), 0)
                from loads as this left join loads as first
                    on this.status = 'repeat_of' and first.status = 'taken' and first.content_hash = this.content_hash
                where this.loaded_at >= (select day from last) and this.status <> 'refused'
            ) as rows_that_came
        from last left join raw.{table.raw_name} on {newest} < {_literal(load_date, 1)}
        group by last.day
    """


def _new_headers(table: Table, load_date: date) -> str:
    """Unknown headers noticed within the last week."""
    return f"""
        select string_agg(split_part(subject, ': ', 2), ', ' order by subject) from landing.notices
        where kind = 'unknown_header' and starts_with(subject, '{table.full_name}: ')
            and noticed_at >= {_literal(load_date, -6)}
    """


def _against_usual(counts: str, age: str, comparable: str, name: str) -> str:
    return f"""
        select max(rows) filter ({age} = 0) as {name}_rows,
            median(rows) filter ({age} > 0) as {name}_usual,
            mad(rows) filter ({age} > 0) as {name}_mad
        from {counts} where {comparable}
    """


def _literal(day: date, later: int = 0) -> str:
    return f"date '{day + timedelta(days=later)}'"


def _or_null(number: int | None) -> str:
    return "null" if number is None else str(number)
