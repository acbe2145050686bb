with

results as (

    select * from {{ ref('stg_analytics__experiment_results') }}

),

experiments as (

    select * from {{ ref('int_experiments') }}

)

select
    experiments.experiment_id,
    experiments.experiment_name,
    experiments.measure,
    experiments.unit,
    experiments.primary_metric,
    experiments.need_category,
    experiments.started_on,
    experiments.ended_on,
    results.verdict,
    results.test,
    results.units_control,
    results.units_treatment,
    results.n_control,
    results.n_treatment,
    results.value_control,
    results.value_treatment,
    results.difference,
    results.ci_low,
    results.ci_high,
    results.p,
    results.srm_p,
    results.minimal_detectable_effect
from results
inner join experiments on results.experiment_id = experiments.experiment_id
