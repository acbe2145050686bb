{#-
  Opening + in − out = closing in every quarter and group, nothing is negative, and the flow's ends and what was raised
  are the published metrics, both ways: a group that either side lacks counts as 0.
-#}
with

flow as (

    select
        period,
        group_by,
        group_value,
        opening_backlog,
        raised as needs_raised,
        closing_backlog,
        reopened,
        resolved,
        rejected
    from {{ ref('mart_backlog_flow') }}

),

metrics as (

    select
        period,
        group_by,
        group_value,
        sum(case when metric = 'opening_backlog' then numerator else 0 end) as opening_backlog,
        sum(case when metric = 'needs_raised' then numerator else 0 end) as needs_raised,
        sum(case when metric = 'closing_backlog' then numerator else 0 end) as closing_backlog
    from {{ ref('metric_values') }}
    where
        period_type = 'quarter'
        and metric in ('opening_backlog', 'needs_raised', 'closing_backlog')
    group by
        period,
        group_by,
        group_value

)

select
    coalesce(flow.period, metrics.period) as period,
    coalesce(flow.group_by, metrics.group_by) as group_by,
    coalesce(flow.group_value, metrics.group_value) as group_value
from flow
full outer join metrics
    on
        flow.period = metrics.period
        and flow.group_by = metrics.group_by
        and flow.group_value = metrics.group_value
where
    coalesce(flow.opening_backlog, 0) <> coalesce(metrics.opening_backlog, 0)
    or coalesce(flow.needs_raised, 0) <> coalesce(metrics.needs_raised, 0)
    or coalesce(flow.closing_backlog, 0) <> coalesce(metrics.closing_backlog, 0)
    or flow.opening_backlog + flow.needs_raised + flow.reopened - flow.resolved - flow.rejected <> flow.closing_backlog
    or least(flow.opening_backlog, flow.needs_raised, flow.reopened, flow.resolved, flow.rejected) < 0
