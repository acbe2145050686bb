with

before_after as (

    select * from {{ ref('stg_analytics__before_after') }}

),

outcomes as (

    select * from {{ ref('effect_outcomes') }}

),

parameters as (

    select * from {{ ref('int_parameters') }}

)

select
    before_after.outcome,
    outcomes.label_zh as outcome_zh,
    outcomes.label_en as outcome_en,
    outcomes.unit,
    outcomes.direction,
    before_after.window_months,
    before_after.persons,
    before_after.before_mean,
    before_after.after_mean,
    before_after.difference,
    before_after.ci_low,
    before_after.ci_high,
    before_after.persons < parameters.min_cell as is_small
from before_after
inner join outcomes on before_after.outcome = outcomes.outcome
cross join parameters
