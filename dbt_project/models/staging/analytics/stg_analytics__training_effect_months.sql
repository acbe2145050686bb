with

source as (

    select * from {{ source('analytics', 'training_effect_months') }}

),

renamed as (

    select
        outcome,
        event_month,
        estimate,
        standard_error,
        ci_low,
        ci_high,
        band_low,
        band_high,
        is_reference
    from source

)

select * from renamed
