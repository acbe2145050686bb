{{ config(materialized='view') }}

with

events as (

    select * from {{ ref('stg_crm__interactions') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

)

select
    events.interaction_id,
    events.customer_id,
    events.staff_id,
    events.channel,
    events.purpose,
    events.product_category,
    events.need_id,
    events.opened_at,
    case when events.first_response_at < as_of.as_of_end then events.first_response_at end as first_response_at,
    case when events.closed_at < as_of.as_of_end then events.closed_at end as closed_at,
    events.resolved_on_contact
from events
cross join as_of
where events.opened_at < as_of.as_of_end
