with

parameters as (

    select * from {{ ref('parameters') }}

)

select
    max(case when name = 'history_quarters' then cast(value as integer) end) as history_quarters,
    max(case when name = 'history_months' then cast(value as integer) end) as history_months,
    max(case when name = 'min_cell' then cast(value as integer) end) as min_cell,
    max(case when name = 'grace_days' then cast(value as integer) end) as grace_days,
    max(case when name = 'risk_assessment_valid_days' then cast(value as integer) end) as risk_assessment_valid_days,
    max(case when name = 'renewal_after_months' then cast(value as integer) end) as renewal_after_months,
    max(case when name = 'business_opens_at_hour' then cast(value as integer) end) as business_opens_at_hour,
    max(case when name = 'business_closes_at_hour' then cast(value as integer) end) as business_closes_at_hour,
    max(case when name = 'mastery_score' then cast(value as decimal(5, 2)) end) as mastery_score,
    max(case when name = 'reminder_lead_hours' then cast(value as integer) end) as reminder_lead_hours,
    max(case when name = 'experiment_watch_days' then cast(value as integer) end) as experiment_watch_days,
    max(case when name = 'hand_back_below' then cast(value as double) end) as hand_back_below,
    max(case when name = 'junior_gap_above' then cast(value as decimal(5, 2)) end) as junior_gap_above,
    max(case when name = 'ranking_least_n' then cast(value as integer) end) as ranking_least_n,
    max(case when name = 'ranking_least_metrics' then cast(value as integer) end) as ranking_least_metrics,
    max(case when name = 'demand_months' then cast(value as integer) end) as demand_months,
    max(case when name = 'demand_least_needs' then cast(value as integer) end) as demand_least_needs,
    max(case when name = 'demand_spreads' then cast(value as double) end) as demand_spreads
from parameters
