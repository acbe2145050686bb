with

source as (

    select * from {{ source('analytics', 'experiment_results') }}

),

renamed as (

    select
        experiment_id,
        test,
        units_control,
        units_treatment,
        n_control,
        n_treatment,
        value_control,
        value_treatment,
        difference,
        ci_low,
        ci_high,
        p,
        srm_p,
        minimal_detectable_effect,
        verdict
    from source

)

select * from renamed
