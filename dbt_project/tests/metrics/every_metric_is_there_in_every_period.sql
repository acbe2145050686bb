{#-
  Every defined metric with a total has a row of `all` in every reported period of its types from its first period on,
  even at zero. The other way round, that every published metric is defined, is a relationship test of metric_values.
-#}
with

period_types as (

    select distinct
        metric,
        period_type
    from {{ ref('metric_values') }}

),

expected as (

    select
        metrics.metric,
        periods.period
    from {{ ref('dim_metric') }} as metrics
    left join period_types on metrics.metric = period_types.metric
    inner join {{ ref('dim_period') }} as periods
        on coalesce(period_types.period_type, 'quarter') = periods.period_type
    where
        metrics.has_total
        and metrics.first_period <= periods.period_order

)

select
    expected.metric,
    expected.period
from expected
left join {{ ref('metric_values') }} as metric_values
    on
        expected.metric = metric_values.metric
        and expected.period = metric_values.period
        and metric_values.group_by = 'all'
where metric_values.metric is null
