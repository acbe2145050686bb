with

source as (

    select * from {{ source('org', 'branches') }}

),

versions as (

    {{ versions_of('source', key=['branch_id']) }}

),

renamed as (

    select
        branch_id,
        branch_name,
        region,
        city,
        opened_on,
        coalesce(deleted, false) as is_deleted,
        updated_at,
        valid_from,
        valid_to,
        is_first,
        is_current
    from versions

)

select * from renamed
