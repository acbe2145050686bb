with

source as (

    select * from {{ source('closing', 'metric_values') }}

),

renamed as (

    select
        quarter,
        metric,
        period_type,
        period,
        group_by,
        group_value,
        numerator,
        denominator,
        value,
        n
    from source

)

select * from renamed
