with

source as (

    select * from {{ source('pipeline', 'product') }}

),

renamed as (

    select
        version as product_version,
        fingerprint
    from source

)

select * from renamed
