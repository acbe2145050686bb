with

source as (

    select * from {{ source('analytics', 'before_after') }}

),

renamed as (

    select
        outcome,
        window_months,
        persons,
        before_mean,
        after_mean,
        difference,
        ci_low,
        ci_high
    from source

)

select * from renamed
