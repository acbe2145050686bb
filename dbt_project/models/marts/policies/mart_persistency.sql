{#- The persistency triangle: periods of issue downwards, test months across. Reads published numbers only. -#}
with

metric_values as (

    select * from {{ ref('metric_values') }}

),

group_values as (

    select * from {{ ref('dim_group_value') }}

),

periods as (

    select * from {{ ref('dim_period') }}

),

parameters as (

    select * from {{ ref('int_parameters') }}

),

test_months as (

    select * from {{ ref('persistency_tests') }}

),

by_count as (

    select
        metric_values.*,
        test_months.test_month,
        metric_values.metric || '_premium' as metric_by_premium
    from metric_values
    inner join test_months
        on metric_values.metric = 'persistency_' || cast(test_months.test_month as {{ dbt.type_string() }})

)

select
    by_count.period_type,
    by_count.period,
    periods.starts_on,
    periods.ends_on,
    by_count.in_progress,
    by_count.group_by,
    by_count.group_value,
    coalesce(group_values.label_zh, by_count.group_value) as group_label_zh,
    coalesce(group_values.label_en, by_count.group_value) as group_label_en,
    group_values.sort_order as group_sort_order,
    by_count.test_month,
    by_count.n as policies,
    cast(by_count.numerator as bigint) as policies_kept,
    by_count.value as persistency,
    cast(by_premium.denominator as decimal(38, 2)) as premium,
    cast(by_premium.numerator as decimal(38, 2)) as premium_kept,
    by_premium.value as persistency_by_premium,
    by_count.numerator is not null as is_mature,
    by_count.n < parameters.min_cell as is_small
from by_count
inner join metric_values as by_premium
    on
        by_count.metric_by_premium = by_premium.metric
        and by_count.period = by_premium.period
        and by_count.group_by = by_premium.group_by
        and by_count.group_value = by_premium.group_value
inner join periods
    on
        by_count.period_type = periods.period_type
        and by_count.period = periods.period
cross join parameters
left join group_values
    on
        by_count.group_by = group_values.group_by
        and by_count.group_value = group_values.group_value
