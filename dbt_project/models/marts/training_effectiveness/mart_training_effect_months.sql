with

effect_months as (

    select * from {{ ref('stg_analytics__training_effect_months') }}

),

effects as (

    select * from {{ ref('stg_analytics__training_effects') }}
    where reason_not_shown is null

),

outcomes as (

    select * from {{ ref('effect_outcomes') }}

)

select
    effect_months.outcome,
    outcomes.label_zh as outcome_zh,
    outcomes.label_en as outcome_en,
    outcomes.unit,
    outcomes.display_order,
    effect_months.event_month,
    effect_months.is_reference,
    effect_months.estimate,
    effect_months.ci_low,
    effect_months.ci_high,
    effect_months.band_low,
    effect_months.band_high
from effect_months
inner join effects on effect_months.outcome = effects.outcome
inner join outcomes on effect_months.outcome = outcomes.outcome
