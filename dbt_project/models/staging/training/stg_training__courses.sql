with

source as (

    select * from {{ source('training', 'courses') }}

),

versions as (

    {{ versions_of('source', key=['course_id']) }}

),

renamed as (

    select
        course_id,
        course_name,
        module,
        level,
        hours as course_hours,
        coalesce(deleted, false) as is_deleted,
        updated_at,
        valid_from,
        valid_to,
        is_first,
        is_current
    from versions

)

select * from renamed
