with

events as (

    select * from {{ ref('int_need_event_sequence') }}

),

needs as (

    select * from {{ ref('int_need_lifecycle') }}

),

staff as (

    select * from {{ ref('int_staff') }}

)

select
    events.event_id,
    events.need_id,
    needs.need_id is not null as is_need_known,
    cast(events.event_order as integer) as event_order,
    events.event,
    events.state_before,
    events.occurred_at,
    cast(events.occurred_at as date) as occurred_on,
    coalesce(events.department, {{ unknown_member() }}) as department,
    coalesce(staff.staff_id, {{ unknown_member() }}) as staff_id,
    cast(events.satisfaction_score as integer) as satisfaction_score,
    events.is_first_resolution,
    {{ hours_between('needs.raised_at', 'events.occurred_at') }} as hours_since_raised,
    {{ hours_between('events.previous_occurred_at', 'events.occurred_at') }} as hours_since_previous_event
from events
left join needs on events.need_id = needs.need_id
left join staff on events.staff_id = staff.staff_id
