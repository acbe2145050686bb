{{ config(materialized='view') }}

with

events as (

    select * from {{ ref('stg_crm__surveys') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

)

select
    events.response_id,
    events.customer_id,
    events.instrument,
    events.score,
    events.need_id,
    events.policy_id,
    events.staff_id,
    events.responded_at
from events
cross join as_of
where events.responded_at < as_of.as_of_end
