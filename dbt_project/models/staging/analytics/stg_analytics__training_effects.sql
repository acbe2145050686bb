with

source as (

    select * from {{ source('analytics', 'training_effects') }}

),

renamed as (

    select
        outcome,
        persons_treated,
        persons_control,
        person_months,
        estimate,
        standard_error,
        ci_low,
        ci_high,
        p,
        pretrend_statistic,
        pretrend_df,
        pretrend_p,
        twoway_estimate,
        forbidden_weight,
        reason_not_shown
    from source

)

select * from renamed
