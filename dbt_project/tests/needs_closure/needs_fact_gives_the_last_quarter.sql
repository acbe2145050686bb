{#-
  Counting the published needs gives the numbers of the last quarter, which ends with as_of. Two ways to the
  same numbers: the fact looks at the end of as_of, the metrics at the end of the quarter.
-#}
with

last_quarter as (

    select
        period,
        starts_on
    from {{ ref('dim_period') }}
    where period_type = 'quarter'
    qualify row_number() over (order by period_order desc) = 1

),

counted as (

    select
        'needs_raised' as metric,
        sum(case when needs.raised_on >= last_quarter.starts_on then 1 else 0 end) as numerator
    from {{ ref('fct_need') }} as needs
    cross join last_quarter

    union all

    select
        'resolution_rate' as metric,
        sum(case when needs.raised_on >= last_quarter.starts_on and needs.is_settled then 1 else 0 end) as numerator
    from {{ ref('fct_need') }} as needs
    cross join last_quarter

    union all

    select
        'closed_loop_rate' as metric,
        sum(case when needs.raised_on >= last_quarter.starts_on and needs.is_closed_loop then 1 else 0 end) as numerator
    from {{ ref('fct_need') }} as needs
    cross join last_quarter

    union all

    select
        'closing_backlog' as metric,
        sum(case when is_open then 1 else 0 end) as numerator
    from {{ ref('fct_need') }}

    union all

    select
        'backlog_age_' || age_band as metric,
        count(*) as numerator
    from {{ ref('fct_need') }}
    where is_open
    group by age_band

)

select
    counted.metric,
    counted.numerator as counted_in_the_fact,
    metric_values.numerator as published
from counted
cross join last_quarter
left join {{ ref('metric_values') }} as metric_values
    on
        counted.metric = metric_values.metric
        and last_quarter.period = metric_values.period
        and metric_values.group_by = 'all'
where
    metric_values.numerator is null
    or metric_values.numerator <> coalesce(counted.numerator, 0)
