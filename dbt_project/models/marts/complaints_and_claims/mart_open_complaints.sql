{%- set named = {
    'category': 'complaint_category',
    'product_category': 'product_category',
    'channel': 'channel',
    'branch': 'branch',
    'limit_passed': 'complaint_limit',
} -%}
{%- set limits = complaint_limits() -%}

with

open_complaints as (

    select * from {{ ref('fct_complaint') }}
    where is_open

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

labels as (

    select
        group_by,
        group_value,
        label_zh,
        label_en
    from {{ ref('dim_group_value') }}

),

-- A limit has passed when it is before the end of as_of: resolving exactly at the limit is on time.
with_limits as (

    select
        open_complaints.*,
        open_complaints.branch_id as branch,
        as_of.as_of,
        as_of.as_of_end,
        case
            {%- for limit in limits | reverse %}
            when open_complaints.limit_{{ limit }}_at < as_of.as_of_end then '{{ limit }}'
            {%- endfor %}
            else 'none'
        end as limit_passed,
        case
            {%- for limit in limits %}
            when open_complaints.limit_{{ limit }}_at >= as_of.as_of_end then open_complaints.limit_{{ limit }}_at
            {%- endfor %}
        end as next_limit_at
    from open_complaints
    cross join as_of

)

select
    cast(row_number() over (order by with_limits.received_at, with_limits.complaint_id) as integer) as open_rank,
    with_limits.as_of,
    with_limits.complaint_id,
    with_limits.received_at,
    with_limits.received_on,
    with_limits.days_open,
    {% for column in named %}
    with_limits.{{ column }},
    {{ column }}_names.label_zh as {{ column }}_label_zh,
    {{ column }}_names.label_en as {{ column }}_label_en,
    {% endfor %}
    with_limits.next_limit_at,
    {{ hours_between('with_limits.as_of_end', 'with_limits.next_limit_at') }} / 24 as days_to_next_limit,
    with_limits.region,
    with_limits.severity,
    with_limits.is_regulator_referred,
    with_limits.acknowledged_at is not null as is_acknowledged
from with_limits
{% for column, group_by in named.items() %}
left join labels as {{ column }}_names
    on
        {{ column }}_names.group_by = '{{ group_by }}'
        and with_limits.{{ column }} = {{ column }}_names.group_value
{% endfor %}
order by open_rank
