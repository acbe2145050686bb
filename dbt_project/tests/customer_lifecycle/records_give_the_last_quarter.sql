{#- Counting the published records gives the numbers of the last quarter, which ends with as_of. -#}
with

last_quarter as (

    select max(period) as period
    from {{ ref('dim_period') }}
    where period_type = 'quarter'

),

counted as (

    select
        'warnings_open' as metric,
        kind as group_value,
        count(*) as numerator
    from {{ ref('fct_warning') }}
    where is_open
    group by kind

    union all

    select
        'coverage_gaps' as metric,
        rule as group_value,
        count(*) as numerator
    from {{ ref('mart_coverage_gaps') }}
    where is_open
    group by rule

    union all

    select
        'customers_in_stage' as metric,
        stage as group_value,
        count(*) as numerator
    from {{ ref('mart_customer_profile') }}
    where is_latest
    group by stage

    union all

    select
        'customers_in_tier' as metric,
        value_tier as group_value,
        count(*) as numerator
    from {{ ref('mart_customer_stage') }}
    where is_current
    group by value_tier

),

published as (

    select metric_values.*
    from {{ ref('metric_values') }} as metric_values
    inner join last_quarter on metric_values.period = last_quarter.period
    where
        metric_values.metric in ('warnings_open', 'coverage_gaps', 'customers_in_stage', 'customers_in_tier')
        and metric_values.group_by <> 'all'

)

select
    coalesce(counted.metric, published.metric) as metric,
    coalesce(counted.group_value, published.group_value) as group_value,
    counted.numerator as counted,
    published.numerator as published
from counted
full outer join published
    on
        counted.metric = published.metric
        and counted.group_value = published.group_value
where coalesce(counted.numerator, 0) <> coalesce(published.numerator, 0)
