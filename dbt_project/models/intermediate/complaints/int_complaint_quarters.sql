{#-
  Joins a complaint only with the quarters from its receipt to its last limit or resolution, and drops quarters in which
  nothing counts.
-#}
{%- set limits = complaint_limits() -%}

with

complaints as (

    select
        *,
        least(received_at, resolved_at) as touches_from,
        greatest(limit_{{ limits | last }}_at, resolved_at) as touches_until
    from {{ ref('int_complaint_lifecycle') }}

),

quarters as (

    select
        period,
        qs,
        c,
        in_progress
    from {{ ref('int_periods') }}
    where period_type = 'quarter'

),

touched as (

    select
        complaints.*,
        quarters.period,
        quarters.qs,
        quarters.in_progress,
        complaints.received_at >= quarters.qs and complaints.received_at < quarters.c as is_received,
        complaints.is_decided and complaints.resolved_at >= quarters.qs and complaints.resolved_at < quarters.c
            as is_decided_in_quarter,
        {%- for limit in limits %}
        complaints.limit_{{ limit }}_at >= quarters.qs
        and complaints.limit_{{ limit }}_at < quarters.c as is_due_{{ limit }}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from complaints
    inner join quarters
        on
            complaints.touches_from < quarters.c
            and complaints.touches_until >= quarters.qs

)

select
    complaint_id,
    period,
    qs as period_starts_at,
    in_progress,
    category,
    product_category,
    channel,
    branch,
    region,
    {{ flag('is_received') }} as received,
    {{ flag('is_received and is_regulator_referred') }} as regulator_referred,
    {{ flag('is_decided_in_quarter') }} as decided,
    {{ flag('is_decided_in_quarter and is_upheld') }} as upheld,
    {%- for limit in limits %}
    {{ flag('is_due_' ~ limit) }} as due_{{ limit }}_days,
    {{ flag('is_due_' ~ limit ~ ' and is_within_' ~ limit ~ '_days') }} as resolved_in_{{ limit }}_days
    {%- if not loop.last %},{% endif %}
    {%- endfor %}
from touched
where
    is_received
    or is_decided_in_quarter
    {%- for limit in limits %}
    or is_due_{{ limit }}
    {%- endfor %}
