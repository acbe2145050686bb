{#-
  The items that measure each unit of an experiment: needs, opportunities or survey answers, each with its outcome after
  experiment_watch_days; an item that does not inform the metric has no outcome. Valid needs only. A need that is itself
  a unit is watched from when it was raised, whenever it was assigned.
-#}
{%- set need_metrics = "('resolution_rate', 'time_to_resolution_hours', 'recurrence_rate')" -%}

with

units as (

    select * from {{ ref('int_experiment_units') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

parameters as (

    select * from {{ ref('int_parameters') }}

),

states as (

    select * from {{ ref('int_need_state_intervals') }}

),

valid_needs as (

    select
        needs.need_id,
        needs.customer_id,
        needs.staff,
        needs.branch,
        needs.category,
        needs.raised_at,
        needs.first_resolved_at,
        {{ plus_hours('needs.raised_at', '24 * parameters.experiment_watch_days') }} as watched_until,
        {{ plus_hours('needs.first_resolved_at', '24 * parameters.experiment_watch_days') }} as recurrence_until,
        as_of.as_of_end
    from {{ ref('int_need_lifecycle') }} as needs
    cross join as_of
    cross join parameters
    inner join states
        on
            needs.need_id = states.need_id
            and as_of.as_of_end > states.state_from
            and as_of.as_of_end <= states.state_to
            and states.is_valid

),

recurring as (

    select distinct needs.need_id
    from valid_needs as needs
    inner join valid_needs as later
        on
            needs.customer_id = later.customer_id
            and needs.category = later.category
            and needs.need_id <> later.need_id
            and needs.first_resolved_at <= later.raised_at
            and needs.recurrence_until >= later.raised_at

),

needs as (

    select
        valid_needs.*,
        {{ flag('valid_needs.first_resolved_at <= valid_needs.watched_until') }} as resolved,
        case
            when valid_needs.first_resolved_at <= valid_needs.watched_until
                then {{ hours_between('valid_needs.raised_at', 'valid_needs.first_resolved_at') }}
        end as resolution_hours,
        case
            when valid_needs.recurrence_until <= valid_needs.as_of_end
                then {{ flag('recurring.need_id is not null') }}
        end as recurred
    from valid_needs
    left join recurring on valid_needs.need_id = recurring.need_id

),

unit_needs as (
    {% for unit, key in [('need', 'need_id'), ('customer', 'customer_id'), ('staff', 'staff'), ('branch', 'branch')] %}
    select
        units.experiment_id,
        units.unit_id,
        units.variant,
        needs.need_id as item_id,
        needs.raised_at as starts_at,
        cast(
            case units.primary_metric
                when 'resolution_rate' then needs.resolved
                when 'time_to_resolution_hours' then needs.resolution_hours
                else needs.recurred
            end as double
        ) as outcome
    from units
    inner join needs
        on
            units.unit_id = needs.{{ key }}
            and units.watched_items_until > needs.raised_at
            {%- if unit != 'need' %}
            and units.assigned_at <= needs.raised_at
            and coalesce(units.need_category, needs.category) = needs.category
            {%- endif %}
    where
        units.unit = '{{ unit }}'
        and units.primary_metric in {{ need_metrics }}
    {%- if not loop.last %}

    union all
    {% endif -%}
    {% endfor %}

),

opportunities as (

    select
        opportunities.opportunity_id,
        opportunities.customer_id,
        opportunities.staff,
        opportunities.branch,
        opportunities.created_at,
        {{ flag(
            "opportunities.won_at <= "
            ~ plus_hours('opportunities.created_at', '24 * parameters.experiment_watch_days')
        ) }} as won
    from {{ ref('int_opportunity_lifecycle') }} as opportunities
    cross join parameters

),

unit_opportunities as (
    {% for unit, key in [('customer', 'customer_id'), ('staff', 'staff'), ('branch', 'branch')] %}
    select
        units.experiment_id,
        units.unit_id,
        units.variant,
        opportunities.opportunity_id as item_id,
        opportunities.created_at as starts_at,
        cast(opportunities.won as double) as outcome
    from units
    inner join opportunities
        on
            units.unit_id = opportunities.{{ key }}
            and units.assigned_at <= opportunities.created_at
            and units.watched_items_until > opportunities.created_at
    where
        units.unit = '{{ unit }}'
        and units.primary_metric = 'conversion_rate'
    {%- if not loop.last %}

    union all
    {% endif -%}
    {% endfor %}

),

answers as (

    select
        surveys.response_id,
        surveys.need_id,
        surveys.customer_id,
        surveys.staff_id,
        survey_quarters.branch,
        surveys.score,
        surveys.responded_at
    from {{ ref('int_surveys') }} as surveys
    left join {{ ref('int_survey_quarters') }} as survey_quarters on surveys.response_id = survey_quarters.response_id
    where surveys.instrument = 'csat'

),

unit_answers as (
    {% for unit, key in [
        ('need', 'need_id'), ('customer', 'customer_id'), ('staff', 'staff_id'), ('branch', 'branch')
    ] %}
    select
        units.experiment_id,
        units.unit_id,
        units.variant,
        answers.response_id as item_id,
        answers.responded_at as starts_at,
        cast(answers.score as double) as outcome
    from units
    inner join answers
        on
            units.unit_id = answers.{{ key }}
            and units.assigned_at <= answers.responded_at
            and units.answers_until > answers.responded_at
    where
        units.unit = '{{ unit }}'
        and units.primary_metric = 'csat'
    {%- if not loop.last %}

    union all
    {% endif -%}
    {% endfor %}

)

select * from unit_needs
union all
select * from unit_opportunities
union all
select * from unit_answers
