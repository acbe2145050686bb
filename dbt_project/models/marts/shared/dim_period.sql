with

periods as (

    select * from {{ ref('int_periods') }}

)

select
    period,
    period_type,
    starts_on,
    ends_on,
    covered_until,
    in_progress,
    previous_period,
    year_before_period,
    period_order
from periods
