{#-
  An event exactly at t is not before t, so an interval holds at t when state_from < t <= state_to.
  Of events in the same second, only the last sets a state; the others have empty intervals.
-#}
with

needs as (

    select * from {{ ref('int_needs') }}

),

events as (

    select * from {{ ref('int_need_event_sequence') }}

),

before_the_first_event as (

    select
        needs.need_id,
        0 as event_order,
        'none' as state,
        false as is_closed_loop,
        {{ beginning_of_time() }} as state_from,
        coalesce(events.occurred_at, {{ end_of_time() }}) as state_to
    from needs
    left join events
        on
            needs.need_id = events.need_id
            and events.event_order = 1

),

after_each_event as (

    select
        events.need_id,
        events.event_order,
        events.event as state,
        events.is_closed_loop_after as is_closed_loop,
        events.occurred_at as state_from,
        coalesce(events.next_occurred_at, {{ end_of_time() }}) as state_to
    from events
    inner join needs on events.need_id = needs.need_id

),

intervals as (

    select * from before_the_first_event
    union all
    select * from after_each_event

)

select
    need_id,
    event_order,
    state,
    state_from,
    state_to,
    state <> 'rejected' as is_valid,
    state in ('none', 'triaged', 'assigned', 'started', 'reopened') as is_open,
    state in ('resolved', 'verified', 'closed') as is_settled,
    is_closed_loop
from intervals
where state_from < state_to
