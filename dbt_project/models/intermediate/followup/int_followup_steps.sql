{#-
  The steps of each opportunity's path, done or not. A step is timed from the previous one. Its deadline counts from the
  creation of the opportunity, the callback's from the sale.
-#}
{%- set steps = [
    ['first_contact', 1, 'first_contact_at', 'created_at', 'created_at'],
    ['confirmed', 2, 'confirmed_at', 'first_contact_at', 'created_at'],
    ['proposal', 3, 'proposal_at', 'confirmed_at', 'created_at'],
    ['won', 4, 'won_at', 'proposal_at', none],
    ['callback', 5, 'callback_at', 'won_at', 'won_at'],
] -%}

with

opportunities as (

    select * from {{ ref('int_opportunity_lifecycle') }}

),

sla as (

    select * from {{ ref('followup_sla') }}

),

business_days as (

    select * from {{ ref('int_business_days') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

steps as (
    {% for step, step_order, done_at, measured_from, limited_from in steps %}
    select
        opportunity_id,
        '{{ step }}' as step,
        {{ step_order }} as step_order,
        created_at,
        {{ done_at }} as done_at,
        {{ measured_from }} as previous_done_at,
        {{ limited_from or 'cast(null as timestamp)' }} as limited_from
    from opportunities
    {% if not loop.last -%}
    union all
    {% endif -%}
    {% endfor %}

),

with_limit as (

    select
        steps.*,
        {{ plus_hours('steps.limited_from', 'sla.sla_hours') }} as limit_at
    from steps
    left join sla on steps.step = sla.step

)

select
    with_limit.opportunity_id,
    with_limit.step,
    with_limit.step_order,
    with_limit.created_at,
    with_limit.previous_done_at,
    with_limit.done_at,
    with_limit.limit_at,
    {{ is_within('with_limit.done_at', 'with_limit.limit_at', 'as_of.as_of_end') }} as is_on_time,
    {{ hours_between('with_limit.previous_done_at', 'with_limit.done_at') }} as step_hours,
    {{ business_hours_between('with_limit.previous_done_at', 'with_limit.done_at', 'previous_day', 'done_day') }}
        as step_business_hours
from with_limit
cross join as_of
left join business_days as previous_day on cast(with_limit.previous_done_at as date) = previous_day.calendar_date
left join business_days as done_day on cast(with_limit.done_at as date) = done_day.calendar_date
