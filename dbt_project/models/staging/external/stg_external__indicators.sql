with

source as (

    select * from {{ source('external', 'indicators') }}

),

versions as (

    {{ versions_of('source', key=['indicator', 'month']) }}

),

renamed as (

    select
        indicator,
        month,
        value as indicator_value,
        coalesce(deleted, false) as is_deleted,
        updated_at,
        valid_from,
        valid_to,
        is_first,
        is_current
    from versions

)

select * from renamed
