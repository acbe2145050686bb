"""What was delivered for each table, set against what is usual: the rows of landing.loads in one line a table.

Kept as quality.deliveries, of which the mart of source loads and the delivery checks are made.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import chinese_calendar
import duckdb

from dagster_pipelines.landing.contract import Table
from expectations.checked_rows import relation
from expectations.thresholds import Thresholds, Volume

DELIVERIES = "quality.deliveries"

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
)
"""


def measure_deliveries(
    connection: duckdb.DuckDBPyConnection,
    tables: Iterable[Table],
    thresholds: Thresholds,
    *,
    as_of: date,
    load_date: date,
) -> None:
    """Fills DELIVERIES anew, inside `checked_rows`. `load_date` is the day of the run, `as_of` the warehouse's day.

    `tables` are those that can be read.
    """
    connection.execute(f"delete from {DELIVERIES}")
    for table in tables:
        connection.execute(_one_table(table, thresholds, as_of, load_date))


def _one_table(table: Table, thresholds: Thresholds, as_of: date, load_date: date) -> str:
    freshness = thresholds.freshness[table.full_name]
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
                max(cast({freshness.column} as date)) filter ({freshness.column} < {_literal(as_of, 1)})
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
        select '{table.full_name}' as table_name, '{table.system}' as system, files.*,
            (select count(*) from latest_try where status = 'refused') as files_refused,
            (select coalesce(sum(rows_in_file), 0) from last_delivery) as last_delivery_rows,
            (select coalesce(sum(rejected), 0) from last_delivery) as last_delivery_rejected,
            ({_unbalanced_rows(table)}) as unbalanced_rows,
            data.*,
            date_diff('day', cast(last_loaded_at as date), {_literal(load_date)}) as days_without_delivery,
            {_or_null(thresholds.days_between_deliveries(table.full_name))} as days_without_delivery_allowed,
            date_diff('day', latest_data_on, {_literal(as_of)}) as days_behind,
            {_or_null(freshness.days)} as days_behind_allowed,
            volume.*
        from files, data, ({_volume(table, thresholds, min(as_of, load_date - timedelta(days=1)))}) as volume
    """


def _unbalanced_rows(table: Table) -> str:
    """Rows for which a load's record and what lies in raw and in the rejects differ."""
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
    """One line: rows of the last whole day and of the seven days up to it, and what the weeks before had."""
    column = thresholds.volume_columns.get(table.full_name)
    if column is None:
        return "select null::date as day_on, false as day_judged, false as week_judged"
    volume = thresholds.volume
    days = 7 * (volume.weeks + 1)
    plain_day, plain_week = not _special(last_day, 1), not _special(last_day, 7)
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
        history as (select min({column}) < {_literal(last_day, 2 - days)} as is_long from {relation(table)}),
        a_day as ({_against_usual("days", "age", "age % 7 = 0", "day")}),
        a_week as ({_against_usual("weeks", "week", "true", "week")})
        select {_literal(last_day)} as day_on,
            day_rows, day_usual, greatest(1.4826 * day_mad, sqrt(day_usual)) as day_spread,
            coalesce(is_long and {plain_day} and day_usual >= {volume.least_rows}, false) as day_judged,
            week_rows, week_usual, greatest(1.4826 * week_mad, sqrt(week_usual)) as week_spread,
            coalesce(is_long and {plain_week} and week_usual >= {volume.least_rows}, false) as week_judged
        from history, a_day, a_week
    """


def _against_usual(counts: str, age: str, comparable: str, name: str) -> str:
    return f"""
        select max(rows) filter ({age} = 0) as {name}_rows,
            median(rows) filter ({age} > 0) as {name}_usual,
            mad(rows) filter ({age} > 0) as {name}_mad
        from {counts} where {comparable}
    """


def out_of_the_usual(window: str, volume: Volume) -> str:
    """The SQL condition on DELIVERIES for an alarm; window is `day` or `week`."""
    return f"{window}_judged and abs({window}_rows - {window}_usual) > {volume.limit} * {window}_spread"


def _special(last_day: date, days: int) -> bool:
    """Whether a public holiday or a shifted working day lies in the window; unknown years have none."""
    try:
        return any(chinese_calendar.get_holiday_detail(last_day - timedelta(days=n))[1] for n in range(days))
    except NotImplementedError:
        return False


def _literal(day: date, later: int = 0) -> str:
    return f"date '{day + timedelta(days=later)}'"


def _or_null(number: int | None) -> str:
    return "null" if number is None else str(number)
