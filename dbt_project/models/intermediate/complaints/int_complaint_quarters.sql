{#-
  A complaint is joined only with the quarters from its receipt to its last limit or its resolution; those in between in
  which nothing of it is counted are left out.
-#}
with

complaints as (

    select
        *,
        least(received_at, resolved_at) as touches_from,
        greatest(limit_60_at, resolved_at) as touches_until
    from {{ ref('int_complaint_lifecycle') }}

),

quarters as (

    select
        period,
        qs,
        c,
        in_progress
    from {{ ref('int_periods') }}
    where period_type = 'quarter'

),

touched as (

    select
        complaints.*,
        quarters.period,
        quarters.qs,
        quarters.in_progress,
        complaints.received_at >= quarters.qs and complaints.received_at < quarters.c as is_received,
        complaints.is_decided and complaints.resolved_at >= quarters.qs and complaints.resolved_at < quarters.c
            as is_decided_in_quarter,
        complaints.limit_15_at >= quarters.qs and complaints.limit_15_at < quarters.c as is_due_15,
        complaints.limit_30_at >= quarters.qs and complaints.limit_30_at < quarters.c as is_due_30,
        complaints.limit_60_at >= quarters.qs and complaints.limit_60_at < quarters.c as is_due_60
    from complaints
    inner join quarters
        on
            complaints.touches_from < quarters.c
            and complaints.touches_until >= quarters.qs

)

select
    complaint_id,
    period,
    qs as period_starts_at,
    in_progress,
    category,
    product_category,
    channel,
    branch,
    region,
    {{ flag('is_received') }} as received,
    {{ flag('is_received and is_regulator_referred') }} as regulator_referred,
    {{ flag('is_decided_in_quarter') }} as decided,
    {{ flag('is_decided_in_quarter and is_upheld') }} as upheld,
    {{ flag('is_due_15') }} as due_15_days,
    {{ flag('is_due_15 and resolved_at <= limit_15_at') }} as resolved_in_15_days,
    {{ flag('is_due_30') }} as due_30_days,
    {{ flag('is_due_30 and resolved_at <= limit_30_at') }} as resolved_in_30_days,
    {{ flag('is_due_60') }} as due_60_days,
    {{ flag('is_due_60 and resolved_at <= limit_60_at') }} as resolved_in_60_days
from touched
where is_received or is_decided_in_quarter or is_due_15 or is_due_30 or is_due_60
