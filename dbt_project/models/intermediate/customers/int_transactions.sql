{{ config(materialized='view') }}

with

events as (

    select * from {{ ref('stg_bank__transactions') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

)

select
    events.transaction_id,
    events.customer_id,
    events.account_type,
    events.initiated_by,
    events.occurred_at,
    events.amount,
    events.channel
from events
cross join as_of
where events.occurred_at < as_of.as_of_end
