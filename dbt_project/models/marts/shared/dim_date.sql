with

calendar as (

    select * from {{ ref('int_calendar') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

-- From the first year of the holiday calendar to the end of the year after as_of: due dates may be in the future.
years as (

    select
        min(case when calendar.is_covered_by_calendar then extract(year from calendar.calendar_date) end)
            as first_year,
        max(extract(year from coalesce(as_of.as_of, as_of.load_date))) + 1 as last_year
    from calendar
    cross join as_of

),

shown as (

    select calendar.*
    from calendar
    inner join years on extract(year from calendar.calendar_date) between years.first_year and years.last_year

),

days as (

    select
        cast(calendar_date as {{ dbt.type_string() }}) as date_key,
        calendar_date as date_day,
        cast(extract(year from calendar_date) as integer) as calendar_year,
        {{ quarter_name('calendar_date') }} as calendar_quarter,
        {{ month_name('calendar_date') }} as calendar_month,
        cast(extract(month from calendar_date) as integer) as month_of_year,
        cast(extract(day from calendar_date) as integer) as day_of_month,
        day_of_week,
        is_weekend,
        is_working_day,
        occasion_zh,
        occasion_en,
        is_covered_by_calendar
    from shown

),

unknown as (

    select
        {{ unknown_member() }} as date_key,
        cast(null as date) as date_day,
        cast(null as integer) as calendar_year,
        {{ unknown_member() }} as calendar_quarter,
        {{ unknown_member() }} as calendar_month,
        cast(null as integer) as month_of_year,
        cast(null as integer) as day_of_month,
        cast(null as integer) as day_of_week,
        cast(null as boolean) as is_weekend,
        cast(null as boolean) as is_working_day,
        cast(null as {{ dbt.type_string() }}) as occasion_zh,
        cast(null as {{ dbt.type_string() }}) as occasion_en,
        false as is_covered_by_calendar

)

select * from days
union all
select * from unknown
