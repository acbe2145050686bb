with

events as (

    select * from {{ ref('int_need_events') }}

),

in_order as (

    select
        event_id,
        need_id,
        event,
        occurred_at,
        department,
        staff_id,
        satisfaction_score,
        row_number() over (partition by need_id order by occurred_at, event_id) as event_order
    from events

)

select
    event_id,
    need_id,
    event,
    occurred_at,
    department,
    staff_id,
    satisfaction_score,
    event_order,
    coalesce(lag(event) over next_by_next, 'none') as state_before,
    lag(occurred_at) over next_by_next as previous_occurred_at,
    lead(occurred_at) over next_by_next as next_occurred_at,
    event in ('verified', 'closed')
    and coalesce(max(case when event = 'verified' then event_order end) over up_to_here, 0)
    > coalesce(max(case when event in ('resolved', 'reopened') then event_order end) over up_to_here, 0)
        as is_closed_loop_after,
    event in ('resolved', 'closed', 'verified')
    and sum(case when event in ('resolved', 'closed', 'verified') then 1 else 0 end) over up_to_here = 1
        as is_first_resolution
from in_order
window
    next_by_next as (partition by need_id order by event_order),
    up_to_here as (
        partition by need_id order by event_order
        rows between unbounded preceding and current row
    )
