with

restated_numbers as (

    select * from {{ ref('fct_restated_number') }}

),

closed_quarters as (

    select * from {{ ref('stg_closing__quarters') }}

),

periods as (

    select * from {{ ref('int_periods') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

restated as (

    select distinct quarter from restated_numbers

)

select
    closed_quarters.quarter,
    closed_quarters.release_id,
    closed_quarters.closed_at,
    closed_quarters.load_id,
    closed_quarters.product_version,
    closed_quarters.fingerprint,
    closed_quarters.as_of,
    cast({{ dbt.dateadd('day', 1, 'closed_quarters.as_of') }} as timestamp) as as_of_end,
    as_of.as_of_end as as_of_end_now,
    periods.qs as quarter_start,
    periods.qe as quarter_end
from restated
cross join as_of
inner join closed_quarters on restated.quarter = closed_quarters.quarter
inner join periods
    on
        restated.quarter = periods.period
        and periods.period_type = 'quarter'
