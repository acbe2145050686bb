with

results as (

    select * from {{ ref('stg_analytics__experiment_results') }}

),

experiments as (

    select * from {{ ref('int_experiments') }}

),

metrics as (

    select * from {{ ref('experiment_metrics') }}

),

parameters as (

    select * from {{ ref('int_parameters') }}

)

select
    experiments.experiment_id,
    experiments.experiment_name,
    experiments.measure,
    experiments.unit,
    experiments.primary_metric,
    metrics.label_zh as metric_zh,
    metrics.label_en as metric_en,
    metrics.unit as metric_unit,
    metrics.direction as metric_direction,
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
    results.minimal_detectable_effect,
    least(coalesce(results.n_control, 0), coalesce(results.n_treatment, 0)) < parameters.min_cell as is_small
from results
cross join parameters
inner join experiments on results.experiment_id = experiments.experiment_id
left join metrics on experiments.primary_metric = metrics.metric
