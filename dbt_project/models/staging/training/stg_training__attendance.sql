with

source as (

    select * from {{ source('training', 'attendance') }}

),

events as (

    {{ events_not_void('source', key='attendance_id') }}

),

renamed as (

    select
        attendance_id,
        staff_id,
        course_id,
        enrolment_id,
        session_on,
        attended,
        hours_attended,
        reaction_score
    from events

)

select * from renamed
