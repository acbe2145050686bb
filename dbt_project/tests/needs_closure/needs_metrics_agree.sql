{#-
  Numbers that count the same needs are equal in every group: the denominators of the rates over the valid needs raised,
  of the two rates over the needs watched for 30 days, and the needs resolved with those whose hours were taken; and the
  weak spots add up to the hours over the SLA.
-#}
with

counted as (

    select
        case
            when metric in ('needs_valid_raised', 'resolution_rate', 'closed_loop_rate', 'recurrence_rate')
                then 'valid needs raised'
            when metric in ('reopen_rate', 'verification_rate')
                then 'needs watched'
            when metric in ('needs_resolved', 'time_to_resolution_p50', 'time_to_resolution_p90')
                then 'needs resolved'
        end as what,
        period,
        group_by,
        group_value,
        n
    from {{ ref('metric_values') }}

),

disagreeing as (

    select
        what,
        period,
        group_by,
        group_value
    from counted
    where what is not null
    group by
        what,
        period,
        group_by,
        group_value
    having
        min(n) <> max(n)
        or count(*) <> case what
            when 'valid needs raised' then 4
            when 'needs watched' then 2
            else 3
        end

),

weak_spots as (

    select
        period,
        sum({{ fixed_point('excess_need_hours') }}) as excess_need_hours
    from {{ ref('mart_weak_spots') }}
    group by period

)

select * from disagreeing

union all

select
    'hours over the SLA' as what,
    metric_values.period,
    metric_values.group_by,
    metric_values.group_value
from {{ ref('metric_values') }} as metric_values
left join weak_spots on metric_values.period = weak_spots.period
where
    metric_values.metric = 'excess_need_hours'
    and metric_values.group_by = 'all'
    and {{ differ('metric_values.value', 'coalesce(weak_spots.excess_need_hours, 0)') }}
