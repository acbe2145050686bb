with

days as (

    select * from {{ ref('int_days') }}

),

working_calendar as (

    select * from {{ ref('working_calendar') }}

),

covered_years as (

    select distinct extract(year from calendar_date) as calendar_year
    from working_calendar

),

with_occasion as (

    select
        days.calendar_date,
        {{ iso_day_of_week('days.calendar_date') }} as day_of_week,
        working_calendar.is_working_day,
        working_calendar.occasion_zh,
        working_calendar.occasion_en,
        covered_years.calendar_year is not null as is_covered_by_calendar
    from days
    left join working_calendar on days.calendar_date = working_calendar.calendar_date
    left join covered_years on extract(year from days.calendar_date) = covered_years.calendar_year

)

select
    calendar_date,
    day_of_week,
    day_of_week >= 6 as is_weekend,
    coalesce(is_working_day, day_of_week <= 5) as is_working_day,
    occasion_zh,
    occasion_en,
    is_covered_by_calendar
from with_occasion
