with

retention as (

    select * from {{ ref('int_retention_quarters') }}

),

quarters as (

    select * from {{ ref('int_periods') }}
    where period_type = 'quarter'

)

select
    retention.cohort,
    retention.period,
    quarters.in_progress,
    cast(quarters.period_order - cohorts.period_order as integer) as quarters_since,
    retention.customers_first_insured,
    retention.customers_retained,
    cast(retention.customers_retained as double) / retention.customers_first_insured as retention
from retention
inner join quarters on retention.period = quarters.period
inner join quarters as cohorts on retention.cohort = cohorts.period
order by
    retention.cohort,
    retention.period
