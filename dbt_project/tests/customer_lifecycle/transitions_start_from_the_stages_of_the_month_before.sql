{#-
  Each row of the transition matrix adds up to the stage's customers at the end of the month before, and each column to
  those at its own end who were customers a month before already.
-#}
with

left_stage as (

    select
        previous_period as period,
        stage_before as stage,
        sum(customers) as customers
    from {{ ref('mart_stage_transitions') }}
    group by
        previous_period,
        stage_before

),

entered_stage as (

    select
        period,
        stage,
        sum(customers) as customers
    from {{ ref('mart_stage_transitions') }}
    group by
        period,
        stage

),

in_stage as (

    select
        periods.period,
        periods.period_order,
        metric_values.group_value as stage,
        metric_values.numerator as customers
    from {{ ref('metric_values') }} as metric_values
    inner join {{ ref('dim_period') }} as periods on metric_values.period = periods.period
    where
        metric_values.metric = 'customers_in_stage'
        and metric_values.group_by = 'stage'
        and periods.period_type = 'month'

),

last_month as (

    select max(period) as period
    from in_stage

)

select
    'left' as broken_identity,
    in_stage.period,
    in_stage.stage,
    in_stage.customers,
    left_stage.customers as customers_in_transitions
from in_stage
cross join last_month
left join left_stage
    on
        in_stage.period = left_stage.period
        and in_stage.stage = left_stage.stage
where
    in_stage.period <> last_month.period
    and in_stage.customers <> coalesce(left_stage.customers, 0)

union all

select
    'entered' as broken_identity,
    entered_stage.period,
    entered_stage.stage,
    in_stage.customers,
    entered_stage.customers as customers_in_transitions
from entered_stage
left join in_stage
    on
        entered_stage.period = in_stage.period
        and entered_stage.stage = in_stage.stage
where
    in_stage.customers is null
    or in_stage.customers < entered_stage.customers
