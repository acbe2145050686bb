with

source as (

    select * from {{ source('training', 'enrolments') }}

),

versions as (

    {{ versions_of('source', key=['enrolment_id']) }}

),

renamed as (

    select
        enrolment_id,
        staff_id,
        programme,
        started_on,
        completed_on,
        coalesce(deleted, false) as is_deleted,
        updated_at,
        valid_from,
        valid_to,
        is_first,
        is_current
    from versions

)

select * from renamed
