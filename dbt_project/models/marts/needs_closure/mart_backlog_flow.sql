with

by_group as (

    select * from {{ ref('int_backlog_flow_rows') }}

),

periods as (

    select
        period,
        in_progress
    from {{ ref('int_periods') }}
    where period_type = 'quarter'

),

labels as (

    select * from {{ ref('dim_group_value') }}

),

-- The total has a row in every reported quarter, even without needs.
totals as (

    select
        periods.period,
        periods.in_progress,
        'all' as group_by,
        'all' as group_value,
        coalesce(by_group.opening_backlog, 0) as opening_backlog,
        coalesce(by_group.raised, 0) as raised,
        coalesce(by_group.reopened, 0) as reopened,
        coalesce(by_group.resolved, 0) as resolved,
        coalesce(by_group.rejected, 0) as rejected,
        coalesce(by_group.closing_backlog, 0) as closing_backlog
    from periods
    left join by_group
        on
            periods.period = by_group.period
            and by_group.group_by = 'all'

),

groups_with_flow as (

    select
        by_group.period,
        periods.in_progress,
        by_group.group_by,
        by_group.group_value,
        by_group.opening_backlog,
        by_group.raised,
        by_group.reopened,
        by_group.resolved,
        by_group.rejected,
        by_group.closing_backlog
    from by_group
    inner join periods on by_group.period = periods.period
    where
        by_group.group_by <> 'all'
        and by_group.opening_backlog + by_group.raised + by_group.reopened + by_group.closing_backlog > 0

),

flows as (

    select * from totals
    union all
    select * from groups_with_flow

)

select
    flows.period,
    flows.in_progress,
    flows.group_by,
    flows.group_value,
    coalesce(labels.label_zh, flows.group_value) as group_label_zh,
    coalesce(labels.label_en, flows.group_value) as group_label_en,
    flows.opening_backlog,
    flows.raised,
    flows.reopened,
    flows.resolved,
    flows.rejected,
    flows.closing_backlog,
    flows.raised + flows.reopened as inflow,
    flows.resolved + flows.rejected as outflow
from flows
left join labels
    on
        flows.group_by = labels.group_by
        and flows.group_value = labels.group_value
order by
    flows.period,
    flows.group_by,
    labels.sort_order
