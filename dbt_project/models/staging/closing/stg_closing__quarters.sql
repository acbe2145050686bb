with

source as (

    select * from {{ source('closing', 'quarters') }}

),

renamed as (

    select
        quarter,
        closed_at,
        release_id,
        run_id,
        published_at,
        as_of,
        product_version,
        contract_version,
        fingerprint,
        load_id,
        numbers
    from source

)

select * from renamed
