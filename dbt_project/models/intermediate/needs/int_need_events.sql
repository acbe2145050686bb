{{ config(materialized='view') }}

with

events as (

    select * from {{ ref('stg_crm__need_events') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

)

select
    events.event_id,
    events.need_id,
    events.event,
    events.occurred_at,
    events.department,
    events.staff_id,
    events.satisfaction_score
from events
cross join as_of
where events.occurred_at < as_of.as_of_end
