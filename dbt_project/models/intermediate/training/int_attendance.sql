{{ config(materialized='view') }}

with

events as (

    select * from {{ ref('stg_training__attendance') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

)

select
    events.attendance_id,
    events.staff_id,
    events.course_id,
    events.enrolment_id,
    events.session_on,
    events.attended,
    events.hours_attended,
    events.reaction_score
from events
cross join as_of
where events.session_on < as_of.as_of_end
