with

source as (

    select * from {{ source('pipeline', 'customer_keys') }}

),

renamed as (

    select
        customer_id,
        customer_key
    from source

)

select * from renamed
