{{ config(materialized='view') }}

with

events as (

    select * from {{ ref('stg_training__assessments') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

)

select
    events.assessment_id,
    events.staff_id,
    events.enrolment_id,
    events.module,
    events.kind,
    events.taken_on,
    events.score
from events
cross join as_of
where events.taken_on < as_of.as_of_end
