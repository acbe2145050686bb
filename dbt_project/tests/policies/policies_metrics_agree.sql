{#-
  Numbers that count the same policies are equal in every group; customers in force are at most the policies in force;
  assessed and unassessed sales are all sales; the groups of persistency by count and by premium are the same and mature
  together; the quarters of issue add up their months.
-#}
with

metric_values as (

    select * from {{ ref('metric_values') }}

),

counted as (

    select
        period,
        group_by,
        group_value,
        coalesce(max(case when metric = 'surrender_rate' then denominator end), 0) as in_force_for_surrender,
        coalesce(max(case when metric = 'lapse_rate' then denominator end), 0) as in_force_for_lapse,
        coalesce(max(case when metric = 'free_look_rate' then denominator end), 0) as issued,
        coalesce(max(case when metric = 'ape' then n end), 0) as issued_for_ape,
        coalesce(max(case when metric = 'suitability_stale' then denominator end), 0) as issued_for_assessment,
        coalesce(max(case when metric = 'suitability_mismatch_rate' then denominator end), 0)
        + coalesce(max(case when metric = 'suitability_unassessed' then numerator end), 0) as assessed_or_not,
        coalesce(max(case when metric = 'policies_in_force' then numerator end), 0) as policies,
        coalesce(max(case when metric = 'customers_in_force' then numerator end), 0) as customers,
        coalesce(max(case when metric = 'cross_sell_rate' then denominator end), 0) as customers_for_cross_selling,
        coalesce(max(case when metric = 'referral_rate' then denominator end), 0) as customers_for_referral
    from metric_values
    where period_type = 'quarter'
    group by
        period,
        group_by,
        group_value

),

first_month as (

    select min(starts_on) as starts_on
    from {{ ref('dim_period') }}
    where period_type = 'month'

),

-- The first quarter may begin before the first month that is shown.
whole_quarters as (

    select quarters.period
    from {{ ref('dim_period') }} as quarters
    cross join first_month
    where
        quarters.period_type = 'quarter'
        and quarters.starts_on >= first_month.starts_on

),

months_of_quarters as (

    select
        months.metric,
        quarters.period,
        months.group_by,
        months.group_value,
        sum({{ fixed_point('months.denominator') }}) as denominator,
        case when count(months.numerator) = count(*) then sum({{ fixed_point('months.numerator') }}) end as numerator
    from metric_values as months
    inner join {{ ref('dim_period') }} as month_periods on months.period = month_periods.period
    inner join {{ ref('dim_period') }} as quarters
        on
            quarters.period_type = 'quarter'
            and month_periods.starts_on >= quarters.starts_on
            and month_periods.ends_on <= quarters.ends_on
    where
        months.metric like 'persistency_%'
        and months.period_type = 'month'
        and months.group_by not in ('segment', 'value_tier')
    group by
        months.metric,
        quarters.period,
        months.group_by,
        months.group_value

)

select
    'counts of policies' as broken_identity,
    period,
    group_by,
    group_value
from counted
where
    in_force_for_surrender <> in_force_for_lapse
    or issued <> issued_for_ape
    or issued <> issued_for_assessment
    or issued <> assessed_or_not
    or customers > policies
    or customers <> customers_for_cross_selling
    or customers <> customers_for_referral

union all

select
    'quarters of ' || quarters.metric as broken_identity,
    quarters.period,
    quarters.group_by,
    quarters.group_value
from metric_values as quarters
inner join whole_quarters on quarters.period = whole_quarters.period
left join months_of_quarters as months
    on
        quarters.metric = months.metric
        and quarters.period = months.period
        and quarters.group_by = months.group_by
        and quarters.group_value = months.group_value
where
    quarters.metric like 'persistency_%'
    and quarters.period_type = 'quarter'
    and quarters.group_by not in ('segment', 'value_tier')
    and (
        {{ differ('quarters.denominator', 'coalesce(months.denominator, 0)') }}
        or (quarters.numerator is null) <> (months.numerator is null and months.denominator is not null)
        or {{ differ('quarters.numerator', 'coalesce(months.numerator, 0)') }}
    )

union all

select
    'maturity by premium' as broken_identity,
    period,
    group_by,
    group_value
from {{ ref('mart_persistency') }}
where
    (policies_kept is null) <> (premium_kept is null)
    or policies_kept > policies
    or premium_kept > premium
