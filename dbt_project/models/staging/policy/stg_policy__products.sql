with

source as (

    select * from {{ source('policy', 'products') }}

),

versions as (

    {{ versions_of('source', key=['product_id']) }}

),

renamed as (

    select
        product_id,
        product_name,
        category as product_category,
        risk_level as product_risk_level,
        launched_on,
        withdrawn_on,
        coalesce(deleted, false) as is_deleted,
        updated_at,
        valid_from,
        valid_to,
        is_first,
        is_current
    from versions

)

select * from renamed
