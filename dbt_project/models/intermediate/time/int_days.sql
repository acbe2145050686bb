with

working_calendar as (

    select * from {{ ref('working_calendar') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

bounds as (

    select
        min(working_calendar.calendar_date) as first_day,
        max(coalesce(as_of.as_of, as_of.load_date)) as last_day
    from working_calendar
    cross join as_of

)

select
    {{ date_range(
        first_day_of('year', 'first_day'),
        "cast(" ~ dbt.dateadd('day', -1, add_months(first_day_of('year', 'last_day'), 24)) ~ " as date)",
        1, 'day'
    ) }} as calendar_date
from bounds
