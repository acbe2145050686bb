{#- Holds the grouping sets; mart_backlog_flow adds labels and totals in and out. -#}
{{ rows_by_group(
    ref('int_need_quarters'),
    metric_definitions('need_quarters').groups,
    [
        'cast(sum(open_at_start) as bigint) as opening_backlog',
        'cast(sum(raised) as bigint) as raised',
        'cast(sum(came_back) as bigint) as reopened',
        'cast(sum(left_settled) as bigint) as resolved',
        'cast(sum(left_rejected) as bigint) as rejected',
        'cast(sum(open_at_end) as bigint) as closing_backlog',
    ]
) }}
