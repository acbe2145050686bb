{{ config(materialized='view') }}

with

events as (

    select * from {{ ref('stg_experiment__assignments') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

)

select
    events.assignment_id,
    events.experiment_id,
    events.unit_id,
    events.variant,
    events.assigned_at
from events
cross join as_of
where events.assigned_at < as_of.as_of_end
