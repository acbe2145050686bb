with

calendar as (

    select * from {{ ref('int_calendar') }}

),

parameters as (

    select * from {{ ref('int_parameters') }}

),

opening_hours as (

    select
        calendar.calendar_date,
        calendar.is_working_day,
        {{ plus_hours('cast(calendar.calendar_date as timestamp)', 'parameters.business_opens_at_hour') }} as opens_at,
        case
            when calendar.is_working_day
                then
                    cast(parameters.business_closes_at_hour - parameters.business_opens_at_hour as bigint)
                    * 3600000000
            else 0
        end as business_microseconds
    from calendar
    cross join parameters

)

select
    calendar_date,
    is_working_day,
    opens_at,
    business_microseconds,
    cast(sum(business_microseconds) over (
        order by calendar_date
        rows between unbounded preceding and current row
    ) - business_microseconds as bigint) as business_microseconds_before
from opening_hours
