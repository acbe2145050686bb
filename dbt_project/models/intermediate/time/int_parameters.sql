{#- Reads parameters by name; those without a type here are integers. -#}
{%- set types = {
    'mastery_score': 'decimal(5, 2)',
    'junior_gap_above': 'decimal(5, 2)',
    'hand_back_below': 'double',
    'watch_list_share': 'double',
    'significant_below_p': 'double',
    'demand_spreads': 'double',
} -%}
{%- set names = [
    'history_months',
    'min_cell',
    'grace_days',
    'business_opens_at_hour',
    'business_closes_at_hour',
    'risk_assessment_valid_days',
    'renewal_after_months',
    'mastery_score',
    'reminder_lead_hours',
    'experiment_watch_days',
    'hand_back_below',
    'junior_gap_above',
    'ranking_least_n',
    'ranking_least_metrics',
    'demand_months',
    'demand_least_needs',
    'recurrence_days',
    'need_watch_days',
    'due_soon_hours',
    'newly_overdue_hours',
    'complaint_limit_15',
    'complaint_limit_30',
    'complaint_limit_60',
    'complaint_due_soon_days',
    'claim_first_update_hours',
    'claim_silent_days',
    'contact_repeat_days',
    'csat_satisfied_from',
    'nps_promoter_from',
    'nps_detractor_to',
    'assessment_full_score',
    'minor_below_age',
    'watch_list_share',
    'significant_below_p',
    'demand_news_days',
    'demand_spreads',
] -%}

with

parameters as (

    select * from {{ ref('parameters') }}

)

select
    {% for name in names %}
    max(case when name = '{{ name }}' then cast(value as {{ types.get(name, 'integer') }}) end) as {{ name }},
    {% endfor %}
    max(case when name = 'history_quarters' then cast(value as integer) end) as history_quarters
from parameters
