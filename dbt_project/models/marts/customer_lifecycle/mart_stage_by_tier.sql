with

standing as (

    select * from {{ ref('int_standing_periods') }}

),

periods as (

    select * from {{ ref('int_periods') }}

),

labels as (

    select * from {{ ref('dim_group_value') }}

),

counted as (

    select
        period_type,
        period,
        stage,
        value_tier,
        cast(sum(customers) as bigint) as customers
    from standing
    group by
        period_type,
        period,
        stage,
        value_tier

)

select
    counted.period_type,
    counted.period,
    periods.in_progress,
    counted.stage,
    stage_names.label_zh as stage_label_zh,
    stage_names.label_en as stage_label_en,
    stage_names.sort_order as stage_order,
    counted.value_tier,
    tiers.label_zh as value_tier_label_zh,
    tiers.label_en as value_tier_label_en,
    tiers.sort_order as value_tier_order,
    counted.customers,
    cast(counted.customers as double)
    / sum(counted.customers) over (partition by counted.period, counted.value_tier) as share_of_tier
from counted
inner join periods on counted.period = periods.period
left join labels as stage_names
    on
        stage_names.group_by = 'stage'
        and counted.stage = stage_names.group_value
left join labels as tiers
    on
        tiers.group_by = 'value_tier'
        and counted.value_tier = tiers.group_value
order by
    counted.period,
    stage_names.sort_order,
    tiers.sort_order
