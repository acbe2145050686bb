with

source as (

    select * from {{ source('training', 'assessments') }}

),

events as (

    {{ events_not_void('source', key='assessment_id') }}

),

renamed as (

    select
        assessment_id,
        staff_id,
        enrolment_id,
        module,
        kind,
        taken_on,
        score
    from events

)

select * from renamed
