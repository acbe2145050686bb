{#- The domains whose metrics are published: each model has the columns described in macros/metrics/metric_rows.sql. -#}
{%- set domains = [
    ref('int_needs_metric_rows'),
    ref('int_survey_metric_rows'),
    ref('int_contact_metric_rows'),
    ref('int_policy_metric_rows'),
    ref('int_renewal_metric_rows'),
    ref('int_persistency_metric_rows'),
    ref('int_standing_metric_rows'),
    ref('int_stage_transition_metric_rows'),
    ref('int_retention_metric_rows'),
    ref('int_coverage_gap_metric_rows'),
    ref('int_warning_metric_rows'),
    ref('int_opportunity_metric_rows'),
    ref('int_followup_step_metric_rows'),
    ref('int_complaint_metric_rows'),
    ref('int_complaint_density_metric_rows'),
    ref('int_claim_metric_rows'),
    ref('int_attendance_metric_rows'),
    ref('int_learning_metric_rows'),
    ref('int_mastery_metric_rows'),
] -%}

with

metric_rows as (
    {% for domain in domains %}
    select
        metric,
        period_type,
        period,
        group_by,
        group_value,
        numerator,
        denominator,
        quantile,
        n
    from {{ domain }}
    {%- if not loop.last %}

    union all
    {% endif %}
    {%- endfor %}

),

metrics as (

    select * from {{ ref('dim_metric') }}

),

periods as (

    select * from {{ ref('int_periods') }}

)

select
    metric_rows.metric,
    metric_rows.period_type,
    metric_rows.period,
    metric_rows.group_by,
    metric_rows.group_value,
    metric_rows.numerator,
    metric_rows.denominator,
    case
        when metrics.additivity = 'quantile' then metric_rows.quantile
        when metric_rows.denominator is null then metric_rows.numerator
        else metric_rows.numerator / nullif(metric_rows.denominator, 0)
    end * metrics.factor + metrics.shift as value,
    metric_rows.n,
    periods.in_progress
from metric_rows
inner join metrics on metric_rows.metric = metrics.metric
inner join periods
    on
        metric_rows.period_type = periods.period_type
        and metric_rows.period = periods.period
order by
    metric_rows.metric,
    metric_rows.period,
    metric_rows.group_by,
    metric_rows.group_value
