{#-
  In force at the end of a quarter is in force at its start and what entered less what left, and in force at its start
  is in force at the end of the quarter before; so for months in the exposure, cell by cell. Groups that change with
  time (segment and tier are taken at the end of each quarter) are excluded.
-#}
with

metric_values as (

    select *
    from {{ ref('metric_values') }}
    where period_type = 'quarter'

),

periods as (

    select * from {{ ref('dim_period') }}

),

carried_over as (

    select
        period,
        group_by,
        group_value,
        denominator as policies
    from metric_values
    where metric = 'surrender_rate'

    union all

    select
        periods.period,
        closing.group_by,
        closing.group_value,
        -closing.numerator as policies
    from metric_values as closing
    inner join periods on closing.period = periods.previous_period
    where closing.metric = 'policies_in_force'

),

from_quarter_to_quarter as (

    select
        'start is end of the quarter before' as broken_identity,
        carried_over.period,
        carried_over.group_by,
        carried_over.group_value,
        sum(carried_over.policies) as difference
    from carried_over
    inner join periods on carried_over.period = periods.period
    where
        periods.previous_period is not null
        and carried_over.group_by not in ('segment', 'value_tier')
    group by
        carried_over.period,
        carried_over.group_by,
        carried_over.group_value

),

months as (

    select
        exposure.period,
        exposure.product_category || ' ' || exposure.branch_id as cell,
        exposure.in_force_at_end
        - exposure.in_force_at_start
        - exposure.entered
        + exposure.surrendered
        + exposure.lapsed
        + exposure.free_look_cancelled
        + exposure.matured
        + exposure.contract_terminated as difference,
        exposure.policy_days < 0
        or exposure.policy_days > (exposure.in_force_at_start + exposure.entered) * 31 as is_out_of_bounds
    from {{ ref('mart_policy_exposure') }} as exposure

),

-- The exposure counts entries and exits; the metrics look at each policy at the end of the quarter.
month_ends as (

    select
        quarters.period,
        coalesce(sum(exposure.in_force_at_end), 0) as policies
    from periods as quarters
    inner join periods as month_periods
        on
            month_periods.period_type = 'month'
            and quarters.covered_until = month_periods.covered_until
    left join {{ ref('mart_policy_exposure') }} as exposure on month_periods.period = exposure.period
    where quarters.period_type = 'quarter'
    group by quarters.period

),

identities as (

    select * from from_quarter_to_quarter

    union all

    select
        'end is start and new less left' as broken_identity,
        period,
        'cell' as group_by,
        cell as group_value,
        case when is_out_of_bounds then 1 else difference end as difference
    from months

    union all

    select
        'months end with the quarter' as broken_identity,
        metric_values.period,
        'all' as group_by,
        'all' as group_value,
        metric_values.numerator - month_ends.policies as difference
    from metric_values
    inner join month_ends on metric_values.period = month_ends.period
    where
        metric_values.metric = 'policies_in_force'
        and metric_values.group_by = 'all'

)

select *
from identities
where difference <> 0
