{#- Effects that must not be shown have no estimate here, so no reader can show one by mistake; the reason says why. -#}
with

parameters as (

    select * from {{ ref('int_parameters') }}

),

effects as (

    select * from {{ ref('stg_analytics__training_effects') }}

),

outcomes as (

    select * from {{ ref('effect_outcomes') }}

),

reasons as (

    select * from {{ ref('effect_reasons') }}

),

with_reason as (

    select
        effects.*,
        reasons.reason_zh,
        reasons.reason_en,
        effects.reason_not_shown is null as is_shown
    from effects
    left join reasons on effects.reason_not_shown = reasons.reason

)

select
    with_reason.outcome,
    outcomes.label_zh as outcome_zh,
    outcomes.label_en as outcome_en,
    outcomes.unit,
    outcomes.direction,
    outcomes.display_order,
    outcomes.kirkpatrick_level,
    with_reason.persons_treated,
    with_reason.persons_control,
    with_reason.person_months,
    with_reason.is_shown,
    with_reason.reason_not_shown,
    with_reason.reason_zh,
    with_reason.reason_en,
    case when with_reason.is_shown then with_reason.estimate end as estimate,
    case when with_reason.is_shown then with_reason.ci_low end as ci_low,
    case when with_reason.is_shown then with_reason.ci_high end as ci_high,
    case when with_reason.is_shown then with_reason.p end as p,
    case
        when not with_reason.is_shown then 'not_shown'
        when with_reason.p >= parameters.significant_below_p then 'no_difference_shown'
        when (with_reason.estimate > 0) = (outcomes.direction = 'higher') then 'better'
        else 'worse'
    end as verdict,
    with_reason.pretrend_p,
    with_reason.twoway_estimate,
    with_reason.forbidden_weight
from with_reason
cross join parameters
inner join outcomes on with_reason.outcome = outcomes.outcome
