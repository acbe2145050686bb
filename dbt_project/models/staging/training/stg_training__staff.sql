with

source as (

    select * from {{ source('training', 'staff') }}

),

versions as (

    {{ versions_of('source', key=['staff_id']) }}

),

renamed as (

    select
        staff_id,
        branch_id,
        role,
        hired_on,
        confirmed_on,
        left_on,
        supervisor_id,
        coalesce(deleted, false) as is_deleted,
        updated_at,
        valid_from,
        valid_to,
        is_first,
        is_current
    from versions

)

select * from renamed
