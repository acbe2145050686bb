with

transitions as (

    select * from {{ ref('int_stage_transition_months') }}

),

months as (

    select * from {{ ref('int_periods') }}
    where period_type = 'month'

),

labels as (

    select * from {{ ref('dim_group_value') }}
    where group_by = 'stage'

)

select
    transitions.period,
    months.previous_period,
    months.in_progress,
    transitions.stage_before,
    before_names.label_zh as stage_before_label_zh,
    before_names.label_en as stage_before_label_en,
    before_names.sort_order as stage_before_order,
    transitions.stage,
    after_names.label_zh as stage_label_zh,
    after_names.label_en as stage_label_en,
    after_names.sort_order as stage_order,
    transitions.stage_before <> transitions.stage as is_move,
    transitions.customers,
    cast(transitions.customers as double)
    / sum(transitions.customers) over (partition by transitions.period, transitions.stage_before)
        as share_of_stage_before
from transitions
inner join months on transitions.period = months.period
left join labels as before_names on transitions.stage_before = before_names.group_value
left join labels as after_names on transitions.stage = after_names.group_value
order by
    transitions.period,
    before_names.sort_order,
    after_names.sort_order
