{#-
  Counting the published policies and instalments one by one gives the numbers of the last quarter, which ends with as_of,
  and of every cohort shown by quarter. Two ways to the same numbers.
-#}
with

quarters as (

    select
        period,
        starts_on,
        ends_on,
        row_number() over (order by period_order desc) = 1 as is_last
    from {{ ref('dim_period') }}
    where period_type = 'quarter'

),

issued as (

    select
        policies.*,
        quarters.period,
        quarters.is_last
    from {{ ref('fct_policy') }} as policies
    inner join quarters on policies.issued_on between quarters.starts_on and quarters.ends_on

),

counted as (

    select
        'policies_in_force' as metric,
        quarters.period,
        sum(case when policies.is_in_force then 1 else 0 end) as numerator
    from {{ ref('fct_policy') }} as policies
    cross join quarters
    where quarters.is_last
    group by quarters.period

    union all

    select
        'ape' as metric,
        period,
        sum(ape) as numerator
    from issued
    where is_last
    group by period

    union all

    select
        'suitability_mismatch_rate' as metric,
        period,
        sum(case when is_mismatch then 1 else 0 end) as numerator
    from issued
    where is_last
    group by period

    union all

    select
        'suitability_stale' as metric,
        period,
        sum(case when is_assessment_stale then 1 else 0 end) as numerator
    from issued
    where is_last
    group by period

    union all

    select
        'double_record_coverage' as metric,
        period,
        sum(case when is_recording_required and is_double_recorded then 1 else 0 end) as numerator
    from issued
    where is_last
    group by period

    union all

    select
        'persistency_13' as metric,
        period,
        sum(case when persistency_13 = 'kept' then 1 else 0 end) as numerator
    from issued
    group by period
    having sum(case when persistency_13 = 'immature' then 1 else 0 end) = 0

    union all

    select
        'persistency_25_premium' as metric,
        period,
        sum(case when persistency_25 = 'kept' then annual_premium else 0 end) as numerator
    from issued
    group by period
    having sum(case when persistency_25 = 'immature' then 1 else 0 end) = 0

    union all

    select
        'renewal_premium' as metric,
        quarters.period,
        sum(premiums.paid_amount) as numerator
    from {{ ref('fct_premium') }} as premiums
    inner join quarters on premiums.paid_on between quarters.starts_on and quarters.ends_on
    where
        premiums.is_renewal
        and quarters.is_last
    group by quarters.period

)

select
    counted.metric,
    counted.period,
    counted.numerator as counted_in_the_facts,
    metric_values.numerator as published
from counted
left join {{ ref('metric_values') }} as metric_values
    on
        counted.metric = metric_values.metric
        and counted.period = metric_values.period
        and metric_values.group_by = 'all'
where
    metric_values.numerator is null
    or metric_values.numerator <> cast(counted.numerator as double)
