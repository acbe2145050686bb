with

source as (

    select * from {{ source('closing', 'metric_inputs') }}

),

renamed as (

    select
        quarter,
        metric,
        kind,
        input_name,
        fingerprint
    from source

)

select * from renamed
